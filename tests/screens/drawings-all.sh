#!/bin/sh
# The same, what runs on every terminal at every size in every mode.
ALL_OF_IT=1
. "${srcdir:-.}/tests/screens/drawings.sh"
