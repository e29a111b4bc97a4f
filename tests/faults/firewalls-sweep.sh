#!/bin/sh
# ufw as well: at work, at rest, and beside another one.
THOROUGH=yes
. "${srcdir:-.}/tests/faults/firewalls.sh"
