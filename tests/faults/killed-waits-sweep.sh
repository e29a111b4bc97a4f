#!/bin/sh
# SIGKILL at each system call of an apply that nobody confirms.
SWEEP= TWICE= COMMANDS=${COMMANDS:-waits}
. "${srcdir:-.}/tests/faults/killed.sh"
