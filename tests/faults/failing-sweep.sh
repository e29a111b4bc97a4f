#!/bin/sh
# Each error at each call of failing.sh's commands, not only a spread of them.
SWEEP= SPREAD=0
. "${srcdir:-.}/tests/faults/failing.sh"
