#!/bin/sh
# The power goes at every step of each command, on every file system.
MOST=0 DISKS=${DISKS:-ext4 keep_order writeback xfs}
COMMANDS=${COMMANDS:-alone confirm rollback recover}
. "${srcdir:-.}/tests/faults/power.sh"
