#!/bin/sh
# SIGKILL at each system call of recover and of the watchdog.
SWEEP= TWICE= COMMANDS=${COMMANDS:-recover watch}
. "${srcdir:-.}/tests/faults/killed.sh"
