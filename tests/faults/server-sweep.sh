#!/bin/sh
# What takes its time, as well.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/server.sh"
