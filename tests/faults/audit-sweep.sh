#!/bin/sh
# Every way a change ends, as well.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/audit.sh"
