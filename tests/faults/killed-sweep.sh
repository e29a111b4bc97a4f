#!/bin/sh
# Each system call of killed.sh's commands, not only a spread of them.
SWEEP=
. "${srcdir:-.}/tests/faults/killed.sh"
