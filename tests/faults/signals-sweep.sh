#!/bin/sh
# Every call of these kinds, and every signal, not only a sample of them.
STEP=1 SIGNALS="TERM HUP INT QUIT"
CALLS="renameat2 fsync fdatasync pwrite64 mkdirat unlinkat kill"
CALLS_BACK="renameat2 fsync unlinkat kill"
. "${srcdir:-.}/tests/faults/signals.sh"
