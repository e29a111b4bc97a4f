#!/bin/sh
# Calls that have no place here, or not in this room.  Comments and the insides
# of strings do not count: tests/lib/code.awk takes them out.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"

# calls REGEX [DIR ...]: where a function of this name is called, or named
# where the expression brings no "(" of its own.
calls()
{
	calls_regex=$1
	shift
	sources "$@" | (cd "$srcdir" &&
		xargs awk -f "$srcdir/tests/lib/code.awk" /dev/null) |
		grep -E -e "(^|[^A-Za-z0-9_])($calls_regex)" || :
}

nothing "no call without a bound, and none through a shell" "$(calls \
	'(strcpy|strcat|v?sprintf|gets|strtok|alloca|tmpnam|mktemp|system|popen) *\(')"
nothing "core prints nothing" "$(calls \
	'(v?printf|puts|putchar|perror|v?errx?|v?warnx?) *\(|stdout[^A-Za-z0-9_]|stderr[^A-Za-z0-9_]' \
	core)"
nothing "core never ends the program" "$(calls 'exit *\(' core)"
nothing "tests wait for something, not for some time" "$(
	calls '(sleep|usleep|nanosleep|clock_nanosleep) *\(' tests
	cd "$srcdir" && scripts |
		grep -Ev '^tests/(lib/server|checks/proof)\.sh$' |
		xargs grep -En '(^|[;&|]|do|then)[[:space:]]*sleep ' /dev/null || :
)"
