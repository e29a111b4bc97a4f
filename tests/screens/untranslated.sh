#!/bin/sh
# Screens that need a server, files or an operator, in a language of x: nothing
# of what is seen is English, or put together from parts.  languages.sh has the
# steps themselves.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/pseudo.sh"
need nginx openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

live_site
make_p12 example.test secret
cp "$certs/example.test.p12" site.p12
cat "$certs/example.test.chain.crt" "$certs/example.test.key" >full.pem
chmod 600 full.pem site.p12
mkdir -p home
HOME=$tmp/home
speak_xx

# seen_in_xx NAME [OPTION ...]: plays what stands on standard input on the
# wizard with the options in $given; `picture seen` there is what is looked at.
given=
seen_in_xx()
{
	seen_name=$1
	shift
	rm -f seen
	cat >session
	check "$seen_name" "$builddir/tests/screens/play" -e LANGUAGE=xx \
		-s 160x50 "$@" session "$in_xx" --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --firewall none --https-port "$https" \
		$given
	like "$seen_name: it speaks it" '«xxx' seen
	nothing "$seen_name: nothing of it is English" \
		"$(pseudo_sentences seen | english)"
	nothing "$seen_name: nothing of it is glued" \
		"$(pseudo_sentences seen | glued)"
}

# in_line FILE: as one line with "\n" for its line ends
in_line()
{
	awk '{ printf "%s\\n", $0 }' "$1"
}

seen_in_xx "the certificate, from everywhere" <<END
expect example.test
keys <C-n>
picture seen
keys <C-n>
picture seen
keys $tmp/none.pem
expect No such file
picture seen
keys <C-u>$tmp/site.p12
gone No such file
picture seen
keys <Tab>wrong
picture seen
keys <C-u>secret
expect Test Intermediate
picture seen
keys <F4>
gone ____
picture seen
keys <End>
picture seen
keys <Esc>
expect ____
keys <Up><F2>
expect full.pem
picture seen
keys <F4>
picture seen
keys <Esc>
expect ____
paste $(in_line full.pem)
expect 2 xxxxxxxxxxxx
picture seen
keys <BS>
picture seen
keys <Up><Right><Space>
picture seen
keys <Right><Space>
expect home/example.test
picture seen
keys <Tab><Tab><Tab><Tab><Enter>
expect BEGIN CERTIFICATE REQUEST
picture seen
keys <Esc>
picture seen
keys <Up><Right><Space>
picture seen
keys q
picture seen
END
seen_in_xx "what is wrong, and where" <<END
expect example.test
keys <C-n><C-n><C-f>
picture seen
keys <Esc><Esc><Esc>
picture seen
keys <F10>
picture seen
keys <Esc>?
picture seen
keys <Esc><S-Tab>?
picture seen
resize 29x7
picture seen
END

given="--cert $tmp/full.pem --redirect --hsts"
to_review='expect example.test
keys <C-n><C-n><C-n><C-n><C-n><C-n>
expect 1,1'
seen_in_xx "saved, applied, looked at, kept" <<END
expect example.test
keys <C-n>
expect «xxxx»
keys <C-n>
expect example.test
keys <C-n>
expect $https
keys <C-n>
expect 31536000
keys <C-n>
picture seen
keys <C-n>
expect nginx.conf
picture seen
keys <Tab><Enter>
picture seen
keys <Tab><Enter>
expect 1:5
picture seen
keys <Esc>
picture seen
keys <Enter>
picture seen
keys <Tab><Enter>
expect https-setup rollback
picture seen
keys <Enter>
exit 0
END
seen_in_xx "the live site" <<END
expect example.test
keys <S-Tab><Left><Enter>
expect 1.3, HTTP/2
picture seen
keys <End>
picture seen
keys <Esc>
picture seen
END
