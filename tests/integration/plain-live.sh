#!/bin/sh
# What somebody hears who sees no screen, where a server runs: a look at the
# live site, a change that waits and is kept or taken back, and what another
# login is told meanwhile.  As in plain-transcripts.sh, each was read before it
# was kept; UPDATE_GOLDENS=1 writes them anew.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
. "$srcdir/tests/lib/heard.sh"
. "$srcdir/tests/lib/pseudo.sh"
need nginx curl openssl

live_site

# plain PROGRAM [OPTION ...]: the plain face on that site
plain()
{
	plain_program=$1
	shift
	"$plain_program" --plain --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --https-port "$https" --firewall none \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" "$@"
}

# what differs from server to server, as words; what names lead to is not
# about this one
of_server()
{
	sed -e "s/$https/HTTPS-PORT/g; s/$http/HTTP-PORT/g" \
		-e 's|nginx [0-9][0-9.]*|nginx VERSION|g' \
		-e 's/confirm [0-9]\{6\}/confirm CODE/' \
		-e 's/TLSv1\.[23]/TLS/g' \
		-e 's/certificate [0-9a-f]\{16\}/certificate FINGERPRINT/' \
		-e 's/, by .*/, by SOMEBODY/' -e 's/DATE [0-9:]*/DATE/' \
		-e 's/undone in [0-9:]*/undone in TIME/' \
		-e 's/[0-9]* s unless/SECONDS s unless/' \
		-e "s/nginx will test the configuration once it is written/\
nginx accepts the staged configuration/; /: no trial start: /d" \
		-e '/ has no address in the DNS/d' -e '/: trial start /d'
}

# live NAME STATUS FROM: the flow with the answers on standard input; what is
# heard from the line on that begins so is compared
live()
{
	live_name=$1 live_status=$2 live_from=$3
	cat >answers
	status=0
	plain "$HTTPS_SETUP" <answers >out 2>err || status=$?
	is "$live_name: status" "$live_status" "$status"
	typed_in | in_words | of_server |
		awk -v from="$live_from" 'index($0, from) == 1 { seen = 1 }
			seen { print }' >heard
	same_heard "$live_name"
}

live look 3 "What to do" <<END
look
ftp://example.test/
https://127.0.0.1:$https/
Bindings
q
END
live kept 0 "Step 8" <<END
basics
example.test







yes
yes
END
exits "and undone again" 0 setup rollback --yes
tree >now
same "kept, then undone: every byte is back" before now
live not-kept 6 "Step 8" <<END
basics
example.test







yes
no
END
tree >now
same "not kept: every byte is back" before now

# a question mark while it waits is no answer; in a language of x nothing of
# all this is English or glued
speak_xx
cat >answers <<END
look
https://127.0.0.1:$https/
1
example.test







yes
?
perhaps
yes
END
status=0
LANGUAGE=xx plain "$in_xx" <answers >out 2>err || status=$?
is "in another language: status" 0 "$status"
is "?, and what is none: asked again" 3 "$(grep -c '^«xxxx xx?' out)"
cat out err >both
nothing "in another language: nothing of it is English" "$(english both)"
nothing "in another language: nothing of it is glued" "$(glued both)"
exits "and undone once more" 0 setup rollback --yes

# somebody else, while a change waits
apply_waits 60
live second 6 "A change" <<END
12345
revert
END
as_before "taken back by another login"
