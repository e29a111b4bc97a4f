#!/bin/sh
# Every process and every pipe.
THOROUGH=yes STEP=1
. "${srcdir:-.}/tests/faults/environment.sh"
