#!/bin/sh
# No size left out.
STRIDE=1
. "${srcdir:-.}/tests/screens/sweep.sh"
