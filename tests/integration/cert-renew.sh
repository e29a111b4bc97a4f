#!/bin/sh
# A renewed certificate on all sites at once, as certbot's deploy hook gets it:
# one reload, and every name of every site is served the new one.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

json=$builddir/tests/integration/json

issue example.test DNS:example.test DNS:www.example.test
issue bystander.test
issue renewed DNS:example.test DNS:www.example.test DNS:bystander.test
issue short.test DNS:example.test
two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test;
    root @WWW@;
}
END
sed -i 's/^\(error_log .*\);/\1 notice;/' "$conf"
start_nginx "$conf"
free_port other

# enable NAME PORT: HTTPS for one site, with a certificate of its own.
enable()
{
	setup apply --yes --firewall none --name "$1" --https-port "$2" \
		--cert "$certs/$1.chain.crt" --key "$certs/$1.key"
}

# reloads: how often nginx was told to load its configuration.
reloads()
{
	grep -c 'SIGHUP.*reconfiguring' "${conf%.conf}.error.log" || :
}

# hook COMMAND ...: runs it as certbot runs a deploy hook.
hook()
{
	env RENEWED_LINEAGE="$tmp/live/example.test" \
		RENEWED_DOMAINS="example.test www.example.test bystander.test" \
		"$HTTPS_SETUP" "$@" --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" </dev/null
}

# lineage NAME: what certbot has renewed, behind links as it has them.
lineage()
{
	mkdir -p archive live/example.test
	cp "$certs/$1.chain.crt" archive/fullchain1.pem
	cp "$certs/$1.key" archive/privkey1.pem
	for file in fullchain privkey; do
		ln -sf "../../archive/${file}1.pem" \
			"live/example.test/$file.pem"
	done
}

# verified NAME PORT: what a visitor gets who trusts the root alone.
verified()
{
	visit "https://$1:$2/"
}

exits "HTTPS for one site" 0 enable example.test "$https"
exits "HTTPS for another, elsewhere" 0 enable bystander.test "$other"
cp -R "$sites" configured
lineage renewed
new=$(of_file "$certs/renewed.crt")
before=$(reloads)

exits "the hook" 0 hook renew --yes --json
is "committed" committed "$("$json" out state)"
is "proved" true "$("$json" out verified)"
is "one reload" $((before + 1)) "$(reloads)"
is "the first site" "$new" "$(served example.test "$https")"
is "its other name" "$new" "$(served www.example.test "$https")"
is "the second site" "$new" "$(served bystander.test "$other")"
is "visitors trust the first" 200 "$(verified example.test "$https")"
is "visitors trust the second" 200 "$(verified bystander.test "$other")"
is "no key is for others to read" "600 600" \
	"$(stat -c %a certificates/*/privkey.pem | paste -sd' ')"
same "no site's file was touched" configured "$sites"

before=$(reloads)
exits "the hook again" 0 hook renew --yes --json
is "nothing to do: no transaction" null "$("$json" out transaction)"
is "and no reload" "$before" "$(reloads)"

exits "one step back" 0 setup rollback --yes
is "the first site has its own again" "$(of_file "$certs/example.test.crt")" \
	"$(served example.test "$https")"
is "the second as well" "$(of_file "$certs/bystander.test.crt")" \
	"$(served bystander.test "$other")"

# a site that cannot show the new one takes all of it back
cp -R certificates kept
printf '%s\n' "server { listen 127.0.0.2:$other ssl; server_name hidden.test;" \
	"ssl_certificate $tmp/certificates/example.test/fullchain.pem;" \
	"ssl_certificate_key $tmp/certificates/example.test/privkey.pem; }" \
	>"$sites/c.conf"
exits "a site that does not run yet: the hook" 0 hook renew --yes
is "it is reloaded with the others, and proved" "$new" "$(
	openssl s_client -connect "127.0.0.2:$other" -servername hidden.test \
		</dev/null 2>/dev/null |
		openssl x509 -noout -fingerprint -sha256)"
exits "back again" 0 setup rollback --yes
same "every certificate is back" kept certificates

# what the hook says when it cannot
lineage short.test
exits "one that names less" 3 hook renew --yes
like "is not for these sites" 'no site here has a certificate of ours' err
rm -r live
exits "a lineage that is gone" 1 hook renew --yes
like "says where it looked" 'live/example.test/fullchain.pem' err
exits "without a lineage" 2 "$HTTPS_SETUP" renew --yes
like "says that one was expected" 'RENEWED_LINEAGE' err
lineage renewed
exits "a certificate on the command line wins" 3 hook renew --yes \
	--cert "$certs/short.test.chain.crt" --key "$certs/short.test.key"
is "nothing was changed by any of them" \
	"$(of_file "$certs/example.test.crt")" "$(served example.test "$https")"

# acme.sh and uacme name the files on the command line
exits "as acme.sh reloads" 0 setup renew --yes \
	--cert "$tmp/live/example.test/fullchain.pem" \
	--key "$tmp/live/example.test/privkey.pem"
is "the new one is served" "$new" "$(served www.example.test "$https")"
