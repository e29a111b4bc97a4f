#!/bin/sh
# The same, the live screens on every kind of terminal.
ALL_OF_IT=1
. "${srcdir:-.}/tests/screens/drawings.sh"
