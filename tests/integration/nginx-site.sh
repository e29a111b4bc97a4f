#!/bin/sh
# One site from HTTP to HTTPS, unattended: certificate, redirect and HSTS as
# openssl and curl see them; a second apply changes nothing; rollback restores
# every byte.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

two_sites <<'END'
# the shop
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test;  # both
    root @WWW@;
}
END
issue example.test DNS:example.test DNS:www.example.test
make_p12 example.test 'pass phrase'
echo 'pass phrase' >passphrase
chmod 600 passphrase
start_nginx "$conf"
tree >before

site_apply()
{
	apply --name example.test --cert "$certs/example.test.p12" \
		--passphrase-file "$tmp/passphrase" --redirect --hsts "$@"
}

exits "plan ends well" 0 setup plan --https-port "$https" --name example.test \
	--cert "$certs/example.test.p12" --passphrase-file "$tmp/passphrase" \
	--redirect --hsts
like "it shows the listen line" "^\\+ *listen 127.0.0.1:$https ssl" out
unlike "it shows no key" "PRIVATE KEY" out
tree >planned
same "and it changes nothing" before planned

exits "apply ends well" 0 site_apply
is "the certificate is the one meant" \
	"$(of_file "$certs/example.test.crt")" "$(served example.test)"
is "HTTP sends visitors to HTTPS" \
	"308 -> https://example.test:$https/sub/?q=1" \
	"$(visit "http://example.test:$http/sub/?q=1")"
is "HTTPS answers with HSTS" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "so does the other name" "200 hsts(max-age=31536000)" \
	"$(visit "https://www.example.test:$https/sub/")"
is "also where there is no such page" "404 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/nothing")"
is "ACME challenges stay on HTTP" 200 \
	"$(visit "http://example.test:$http/.well-known/acme-challenge/token")"
is "localhost stays on HTTP" 200 "$(visit "http://localhost:$http/")"
is "the other site is as it was" 200 "$(visit "http://bystander.test:$http/")"
is "the key is its owner's alone" 600 \
	"$(stat -c %a "$tmp/certificates/example.test/privkey.pem")"
unlike "no secret in the state" 'PRIVATE KEY|pass phrase' state/done/*/journal

tree >applied
exits "a second apply ends well" 0 site_apply
tree >again
same "and changes nothing" applied again
like "and says so" 'nothing' out

exits "rollback ends well" 0 setup rollback --yes
tree >after
same "and restores every byte" before after
is "HTTP is back" 200 "$(visit "http://example.test:$http/")"
is "HTTPS is gone" "curl 7" "$(visit "https://example.test:$https/")"
