#!/bin/sh
# SIGKILL at every step of every command that changes something, recovery
# after it, and a second SIGKILL while it recovers.  What is left is the old
# state or the new one.  Here it is a spread of the steps at which something
# is written; killed-*-sweep.sh take each system call.
. "${srcdir:-.}/tests/lib/apart.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/sweep.sh"
need nginx curl openssl strace pgrep

# killed NAME MOST: at so many of its calls.
killed()
{
	points "$1"
	cut -d' ' -f1,2 points | chosen "$2" | sed 's/$/ signal=KILL/' >struck
	sweep "$1" SIGKILL
}

sweep_sites
for command in ${COMMANDS-alone waits confirm revert rollback recover watch}; do
	killed $command 10
done
[ -z "${TWICE-3 3}" ] || sweep_twice ${TWICE-3 3}
