#!/bin/sh
# Every call of each kind, and both ways of saving, not only a sample of them.
THOROUGH=yes STEP=1 HOW="new place"
CALLS="renameat2 fsync fdatasync pwrite64 mkdirat unlinkat"
. "${srcdir:-.}/tests/faults/others.sh"
