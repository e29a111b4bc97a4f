#!/bin/sh
# SIGKILL at each system call of apply, where nothing watches over it.
SWEEP= TWICE= COMMANDS=${COMMANDS:-alone}
. "${srcdir:-.}/tests/faults/killed.sh"
