#!/bin/sh
# Each error at each call of an apply that nobody confirms, from the start of
# its watchdog on.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-waits}
. "${srcdir:-.}/tests/faults/failing.sh"
