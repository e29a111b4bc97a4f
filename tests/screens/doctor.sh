#!/bin/sh
# The live site on its page, when it is one that keeps everybody waiting: the
# keys work meanwhile, and nothing is left running.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

issue example.test
two_sites <<-'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
start_nginx "$conf"
start "$builddir/tests/zoo/odd" "$https" silent
wait_until listens "$https"

# session NAME [OPTION ...]: plays what stands on standard input. A probe may
# take a minute: whoever waits for its end is seen to.
session()
{
	session_name=$1
	shift
	sed -e "s/@HTTPS@/$https/g" >"$tmp/session"
	check "$session_name" "$builddir/tests/screens/play" "$@" \
		"$tmp/session" "$HTTPS_SETUP" --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" --https-port "$https" \
		--timeout 60
	nothing "$session_name: nobody goes on looking" "$(looking)"
}

# looking: who still has a connection to the silent one.
looking()
{
	ss -Htnp state established dport = ":$https" 2>/dev/null | grep https-setup
}

to_page='expect Site
keys <S-Tab><Left>
cursor [ Live site ]
keys <Enter>
expect looking'
for size in 80x24 40x10; do
	session "$size: Esc ends the look, then leaves the page" -s $size <<-END
	$to_page
	keys <Esc>
	expect was not
	keys <Esc>
	gone was not
	expect Site
	expect [ Live site ]
	END
	session "$size: resized while it looks" -s $size <<-END
	$to_page
	resize 100x30
	expect looking
	resize 20x5
	gone looking
	resize $size
	expect looking
	keys <Esc>
	expect was not
	END
done
session "the terminal goes away while it looks" <<-END
$to_page
hangup
exit 129
END
session "it is told to end while it looks" <<-END
$to_page
signal 15
exit 143
restored
END
