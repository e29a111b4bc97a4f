#!/bin/sh
# Each allocation of memory.sh's commands fails once, not only a sample.
SAMPLE=0
. "${srcdir:-.}/tests/faults/memory.sh"
