#!/bin/sh
# Every clock that may be another one, as well.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/reboot.sh"
