#!/bin/sh
# Each place of memory.sh's commands that allocates fails once, not a sample.
# EVERY=yes: each allocation, which takes hours.
SAMPLE=0
. "${srcdir:-.}/tests/faults/memory.sh"
