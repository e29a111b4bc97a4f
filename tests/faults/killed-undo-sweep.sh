#!/bin/sh
# SIGKILL at each system call of confirm, revert and rollback.
SWEEP= TWICE= COMMANDS=${COMMANDS:-confirm revert rollback}
. "${srcdir:-.}/tests/faults/killed.sh"
