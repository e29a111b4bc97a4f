#!/bin/sh
# The wizard from the first keystroke to a handshake with the certificate that
# was meant, at an ordinary size and at the smallest that is comfortable.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl curl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

issue example.test DNS:example.test DNS:www.example.test
make_p12 example.test secret
cp "$certs/example.test.p12" "$tmp/full.pfx"

# site: two sites on a private nginx that runs, nothing of ours on it
site()
{
	rm -rf "$tmp/state" "$tmp/certificates" "$tmp/etc"
	two_sites <<-'END'
	server {
	    listen 127.0.0.1:@HTTP@;
	    server_name example.test www.example.test;
	    root @WWW@;
	}
	END
	start_nginx "$conf"
	tree >"$tmp/tree.before"
}

# wizard NAME [OPTION ...]: plays what stands on standard input on the wizard.
wizard()
{
	wizard_name=$1
	shift
	sed -e "s|@PFX@|$tmp/full.pfx|g" -e "s/@HTTPS@/$https/g" \
		>"$tmp/session"
	check "$wizard_name" "$builddir/tests/screens/play" "$@" \
		"$tmp/session" "$HTTPS_SETUP" --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --firewall none
}

# unchanged NAME: is every file what it was before the wizard?
unchanged()
{
	tree >"$tmp/tree.after"
	same "$1" "$tmp/tree.before" "$tmp/tree.after"
}

# https_works NAME: does the site serve that certificate, redirect and HSTS?
https_works()
{
	is "$1: the certificate is served" \
		"$(of_file "$certs/example.test.crt")" "$(served example.test)"
	is "$1: HTTPS answers, with HSTS" "200 hsts(max-age=31536000)" \
		"$(visit "https://example.test:$https/")"
	is "$1: HTTP sends visitors on" "308 -> https://example.test:$https/" \
		"$(visit "http://example.test:$http/")"
	is "$1: the other site is left alone" 200 \
		"$(visit "http://bystander.test:$http/")"
}

# The keys are the same at each size: what is seen differs.
whole_way='
expect Site
keys <C-n>
expect Certificate file
cursor ____
keys @PFX@<Tab>secret<Tab>
keys <C-n>
expect Name of the site
keys <C-n>
expect HTTP and HTTPS
keys <Tab><C-u>@HTTPS@<C-n>
expect Send visitors to HTTPS
keys  <Tab><Tab><Tab> <C-n>
expect Firewall
keys <C-n>
expect Apply
cursor [ Back ]
keys <Tab><Tab>
cursor [ Apply ]
keys <Enter>
expect Taken back by itself
keys <Tab>
cursor [ Keep ]
keys <Enter>
expect [ Finish ]
keys <Enter>
exit 0
restored
'
for size in 80x24 40x10; do
	site
	wizard "$size: the whole way" -s $size <<-END
	$whole_way
	END
	https_works "$size"
	check "$size: rollback" setup rollback --yes
	unchanged "$size: rollback restores every byte"
	stop_nginx
done
