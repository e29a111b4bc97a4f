#!/bin/sh
# Every screen on every terminal at every size in every mode.
ALL_OF_IT=1
. "${srcdir:-.}/tests/screens/matrix.sh"
