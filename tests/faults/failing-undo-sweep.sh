#!/bin/sh
# Each error at each call of confirm and revert.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-confirm revert}
. "${srcdir:-.}/tests/faults/failing.sh"
