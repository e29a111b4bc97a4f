#!/bin/sh
# The power goes at every step of each command: see power.sh for this disk.
MOST=0 DISKS=writeback COMMANDS=${COMMANDS:-alone confirm rollback recover}
. "${srcdir:-.}/tests/faults/power.sh"
