#!/bin/sh
# Each error at each call of recover.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-recover}
. "${srcdir:-.}/tests/faults/failing.sh"
