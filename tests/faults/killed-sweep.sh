#!/bin/sh
# Each system call of killed.sh's commands, not only a spread of them.
SWEEP= TWICE="30 10"
. "${srcdir:-.}/tests/faults/killed.sh"
