#!/bin/sh
# Each error at each call of the watchdog.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-watch}
. "${srcdir:-.}/tests/faults/failing.sh"
