#!/bin/sh
# A hundred thousand events and more.
STORM=50000
. "${srcdir:-.}/tests/screens/storm.sh"
