#!/bin/sh
# SIGKILL at a spread of the steps of apply, and again in the recovery.
COMMANDS= TWICE=${TWICE:-30 10}
. "${srcdir:-.}/tests/faults/killed.sh"
