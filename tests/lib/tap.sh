# What a test says, in TAP.  Names come first, then what was wanted, then what
# came.  A test that ends by itself prints its plan; one that dies does not,
# and is counted as an error.

tap_n=0
tap_failed=0

# ok NAME: it held.
ok()
{
	tap_n=$((tap_n + 1))
	printf 'ok %d - %s\n' $tap_n "$1"
}

# fail NAME [TEXT ...]: it did not, and why.
fail()
{
	tap_n=$((tap_n + 1)) tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' $tap_n "$1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | note
}

# skip NAME REASON: could not be tried here.
skip()
{
	tap_n=$((tap_n + 1))
	printf 'ok %d - %s # SKIP %s\n' $tap_n "$1" "$2"
}

# skip_all REASON: the whole test is not for this machine.
skip_all()
{
	printf '1..0 # SKIP %s\n' "$1"
	tap_skipped=yes
	exit 0
}

# note: standard input, as remarks.
note()
{
	sed 's/^/# /'
}

# thorough: is this the long form of the test?
thorough()
{
	[ -n "${THOROUGH-}" ]
}

# need PROGRAM ...: skips the whole test where one is not installed.
need()
{
	for need_it; do
		command -v "$need_it" >/dev/null ||
			skip_all "$need_it is not installed"
	done
}

# is NAME WANTED GOT: the same string?
is()
{
	if [ "x$2" = "x$3" ]; then
		ok "$1"
	else
		fail "$1" "wanted: $2" "got:    $3"
	fi
}

# nothing NAME LIST: is the list of what is wrong empty?
nothing()
{
	if [ -z "$2" ]; then
		ok "$1"
	else
		fail "$1" "$2"
	fi
}

# like NAME REGEX FILE: does a line match this extended expression?
like()
{
	if grep -Eq -e "$2" "$3"; then
		ok "$1"
	else
		fail "$1" "no line matches $2 in $3:" "$(cat "$3")"
	fi
}

# unlike NAME REGEX FILE: does none?
unlike()
{
	if grep -Eq -e "$2" "$3"; then
		fail "$1" "matches $2 in $3:" "$(grep -En -e "$2" "$3")"
	else
		ok "$1"
	fi
}

# same NAME WANTED GOT: are the two files, or trees, the same?
same()
{
	if diff -ru "$2" "$3" >"$tmp/same.diff" 2>&1; then
		ok "$1"
	else
		fail "$1" "$(cat "$tmp/same.diff")"
	fi
}

# check NAME COMMAND ...: does it succeed?
check()
{
	check_name=$1
	shift
	exits "$check_name" 0 "$@"
}

# exits NAME STATUS COMMAND ...: does it end with this status?  What it said is
# in $tmp/out and $tmp/err afterwards.
exits()
{
	exits_name=$1 exits_want=$2 exits_got=0
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || exits_got=$?
	if [ $exits_got -eq "$exits_want" ]; then
		ok "$exits_name"
	else
		fail "$exits_name" "wanted status $exits_want, got $exits_got: $*" \
			"$(cat "$tmp/out")" "$(cat "$tmp/err")"
	fi
}

# leave STATUS: ends the test.  Called by the trap of tests/lib.sh.
leave()
{
	trap '' HUP INT TERM
	set +e
	if [ $tap_failed -gt 0 ] || [ "$1" -ne 0 ]; then
		server_logs
	fi
	stop_all
	cd /
	if [ -n "${KEEP-}" ]; then
		echo "# kept: $tmp"
	else
		chmod -R u+rwX "$tmp" 2>/dev/null
		rm -rf "$tmp"
	fi
	if [ "$1" -ne 0 ]; then
		echo "# the test itself ended with status $1"
	elif [ -z "${tap_skipped-}" ]; then
		echo "1..$tap_n"
	fi
	trap - EXIT
	exit "$1"
}
