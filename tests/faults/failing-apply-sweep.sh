#!/bin/sh
# Each error at each call of apply.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-alone}
. "${srcdir:-.}/tests/faults/failing.sh"
