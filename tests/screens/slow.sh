#!/bin/sh
# A resolver that does not answer: the wizard says what it waits for, draws at
# every size meanwhile, and goes on without when it is asked to.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

live_site

# session NAME [OPTION ...]: plays what stands on standard input on a wizard,
# $face, whose questions reach no resolver.
face=
session()
{
	session_name=$1
	shift
	cat >session
	check "$session_name" "$builddir/tests/screens/play" "$@" \
		-e "LD_PRELOAD=$builddir/tests/screens/mute.so" session \
		"$HTTPS_SETUP" $face --server-config "$conf" --state-dir \
		"$tmp/state" --cert-dir "$tmp/certificates" --ca \
		"$certs/root.crt" --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" --https-port "$https" \
		--firewall none --timeout 60
}

to_review='expect Site
keys <C-n><C-n><C-n><C-n><C-n>
expect leave every firewall alone
keys <C-n>
expect Looking the name up'
session "Esc goes on without; what was typed meanwhile is forgotten" <<-END
$to_review
keys <Tab><Tab><Enter>
keys <Esc>
expect was not looked up
expect [ Apply ]
cursor [ Back ]
keys <PgDn>
expect create
END
session "drawn at another size meanwhile" <<-END
$to_review
resize 40x10
expect Step 7 of 9
expect Looking the name up
keys <Esc>
expect [ Apply ]
END
session "asked to end meanwhile" <<-END
$to_review
hangup
exit 129
END
face=--plain
session "line by line it says so, too" <<-END
expect What to do
keys <Enter><Enter><Enter><Enter><Enter><Enter><Enter><Enter><Enter><Enter>
expect looking the name up
hangup
exit 129
END
