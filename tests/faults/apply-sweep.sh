#!/bin/sh
# Every call of apply.sh's kinds struck, not only a sample of them.
STEP=1
. "${srcdir:-.}/tests/faults/apply.sh"
