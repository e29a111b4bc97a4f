#!/bin/sh
# The demo: all of it on a private nginx, and nothing is left behind.
. "${srcdir:-.}/tests/lib.sh"
need nginx

# left: what a demo would leave in its directory, or running.
left()
{
	ls -d "$tmp"/https-setup-demo.* 2>/dev/null || :
	for left_pid in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$left_pid/cmdline"; } 2>/dev/null |
			grep -F "$tmp/https-setup-demo" || :
	done
}

exits "unattended it ends well" 0 "$HTTPS_SETUP" --demo --unattended
is "and with one word" verified "$(tail -n 1 out)"
like "it shows the diff" '^\+.*ssl_certificate' out
like "it saw TLS" 'TLSv1\.[23]' out
like "it saw the redirect" 'answers 30[1278], on to https://www.example.test' out
like "it saw HSTS" 'HSTS max-age=31536000' out
nothing "nothing is left" "$(left)"

exits "line by line, with no input" 3 "$HTTPS_SETUP" --demo --plain
like "nothing was written" 'nothing was written' err
nothing "nothing is left of it" "$(left)"

# an interrupted demo cleans up as well
mkfifo input
"$HTTPS_SETUP" --demo --plain <input >out 2>err &
demo=$!
exec 9>input
wait_until grep -q 'What to do' out || fail "the demo asks" "$(cat out err)"
kill -TERM $demo
status=0
wait $demo || status=$?
exec 9>&-
is "ended by a signal" 143 $status
nothing "nothing is left of that either" "$(left)"


# the same as an ordinary user, in a directory of its own
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	mkdir user
	chown 65534:65534 user
	chmod 755 "$tmp"
	exits "as an ordinary user" 0 env TMPDIR="$tmp/user" HOME="$tmp/user" \
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$HTTPS_SETUP" --demo --unattended
	is "it ends the same" verified "$(tail -n 1 out)"
	nothing "nothing is left by that user" "$(ls user)"
else
	skip "as an ordinary user" "this is one, or there is no setpriv"
fi
