#!/bin/sh
# Old transactions and their backups, as well.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/undo.sh"
