#!/bin/sh
# Every process and every pipe.
STEP=1
. "${srcdir:-.}/tests/faults/environment.sh"
