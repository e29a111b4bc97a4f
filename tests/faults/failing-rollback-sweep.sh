#!/bin/sh
# Each error at each call of rollback.
SWEEP= SPREAD=0 COMMANDS=${COMMANDS:-rollback}
. "${srcdir:-.}/tests/faults/failing.sh"
