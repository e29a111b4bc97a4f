#!/bin/sh
# A change waits to be confirmed, and somebody else starts the wizard on a
# terminal: what waits, by whom, since when, how long; and it is kept, taken
# back or left there.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

live_site

# session NAME [OPTION ...]: the wizard plays what stands on standard input.
session()
{
	session_name=$1
	shift
	cat >session
	check "$session_name" "$builddir/tests/screens/play" "$@" session \
		"$HTTPS_SETUP" --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --firewall none
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}

apply_waits 60
note_id
session "left as it is" <<-END
expect A change waits to be confirmed
expect example.test on nginx ($(cat id)), since 20
expect by $(id -un)
expect changed
expect unless it is kept
expect Enter leaves it waiting
keys <Enter>
expect it waits on
exit 3
END
check "it waits on" waiting
session "a narrow terminal, and a hang-up" -s 40x10 <<-END
expect Enter leaves it waiting
hangup
END
check "it waits on after that, too" waiting
session "kept there" <<-END
expect Enter leaves it waiting
keys $(printf '%06d' $(((${code#"${code%%[!0]*}"} + 1) % 1000000)))<Enter>
expect that is not the code
expect 4 more tries
keys $code<Enter>
expect Confirmed
exit 0
restored
END
ended "the program that waited ends well" 0
is "and it is live" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "rolled back" 0 state_command rollback --yes

apply_waits 60
session "taken back there" <<-END
expect Enter leaves it waiting
keys revert<Enter>
expect Everything was taken back.
exit 6
END
ended "the program that waited says so" 6
as_before "taken back"
