#!/bin/sh
# The power goes at every step of each command: see power.sh for this disk.
MOST=0 DISKS=keep_order COMMANDS=${COMMANDS:-alone confirm rollback recover}
. "${srcdir:-.}/tests/faults/power.sh"
