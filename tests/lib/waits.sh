# A change that waits to be confirmed, on the site of tests/lib/site.sh.
json=$builddir/tests/integration/json

# as_before NAME: every byte and what is served, without anybody's doing.
as_before()
{
	wait_until is_back || :
	tree >now
	same "$1: every byte is as before" before now
	is "$1: HTTP is served as before" 200 "$(visit "http://example.test:$http/")"
	is "$1: HTTPS is not" "curl 7" "$(visit "https://example.test:$https/")"
}

is_back()
{
	tree >now 2>/dev/null && cmp -s before now &&
		! "$HTTPS_SETUP" status --state-dir "$tmp/state" |
		grep -q 'is at work'
}

# last WHAT: of the last transaction in history.
last()
{
	"$HTTPS_SETUP" history --state-dir "$tmp/state" --json >history.json
	"$json" history.json "transactions.*.$1" | head -n 1
}

waiting()
{
	"$HTTPS_SETUP" status --state-dir "$tmp/state" --json >status.json &&
		[ "$("$json" status.json 'open.*.state')" = awaiting-confirm ]
}

# is_over NAME: nothing waits any more.
is_over()
{
	wait_until no_longer || fail "$1" "$(cat status.json)"
}

no_longer()
{
	! waiting
}

state_command()
{
	state_name=$1
	shift
	"$HTTPS_SETUP" "$state_name" --state-dir "$tmp/state" --cert-dir \
		"$tmp/certificates" "$@"
}

# the whole command line of an apply, for others to run
apply_line()
{
	echo "exec '$HTTPS_SETUP' apply --server nginx --server-config" \
		"'$conf' --state-dir '$tmp/state' --cert-dir" \
		"'$tmp/certificates' --ca '$certs/root.crt' --https-port" \
		"$https --firewall none --name example.test --cert" \
		"'$certs/example.test.chain.crt' --key" \
		"'$certs/example.test.key' --redirect --hsts $*"
}

is_expired()
{
	"$HTTPS_SETUP" status --state-dir "$tmp/state" | grep -q 'time is over'
}

# apply_waits SECONDS: in the background; its number is in $applying, the code
# that keeps it in $code.
apply_waits()
{
	: >apply.out
	sh -c "$(apply_line --yes --confirm-within "$1")" \
		>apply.out 2>apply.err </dev/null &
	applying=$!
	echo $applying >>"$started_in/pids"
	wait_until grep -q 'https-setup confirm [0-9]' apply.out ||
		fail "it waits" "$(cat apply.out apply.err)"
	code=$(sed -n 's/.*https-setup confirm \([0-9]*\).*/\1/p' apply.out)
}

# ended NAME STATUS: how that apply ends.
ended()
{
	ended_status=0
	wait $applying || ended_status=$?
	is "$1" "$2" "$ended_status"
}

# watchdog: its process id.
watchdog()
{
	pgrep -f "^https-setup watch-transaction $(cat id) "
}

unwatched()
{
	! watchdog >/dev/null
}

note_id()
{
	waiting
	"$json" status.json 'open.*.id' >id
}
