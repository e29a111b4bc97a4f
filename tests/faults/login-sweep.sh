#!/bin/sh
# A console and the wizard of a second login, as well.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/login.sh"
