#!/bin/sh
# Bad input: each case is refused with its finding and status 1, and not one
# byte is changed on disk.  Doubtful input is applied with its finding.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl

json=$builddir/tests/integration/json
# site.sh's tree, and whatever else lies about
whole_tree()
{
	(cd "$tmp" && find . \( -name out -o -name err -o -name 'tree.*' -o \
		-name same.diff -o \
		-name nginx-work \) -prune -o ! -type d -print | LC_ALL=C sort |
		xargs stat -c '%n %a %U %s %Y' &&
		find etc certs certificates state www ! -type d 2>/dev/null |
		LC_ALL=C sort | xargs sha256sum)
}

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test web01;
    root @WWW@;
}
END

issue good.test DNS:example.test DNS:www.example.test DNS:web01
good=$certs/good.test
make_p12 good.test secret
start_nginx "$conf"
free_port other

# try NAME ID ARGUMENT ...: apply refuses it with this finding.
try()
{
	try_name=$1 try_id=$2
	shift 2
	whole_tree >tree.before
	exits "$try_name: refused" 1 apply --json "$@"
	"$json" out 'findings.*.id' >tree.ids || :
	if grep -qx "$try_id" tree.ids; then
		ok "$try_name: $try_id"
	else
		fail "$try_name: $try_id" "$(cat tree.ids out err)"
	fi
	whole_tree >tree.after
	same "$try_name: nothing was written" tree.before tree.after
}

# cert, setting, named: such a case with everything else in order.
cert()
{
	cert_name=$1 cert_id=$2
	shift 2
	try "$cert_name" "$cert_id" --name example.test "$@"
}
setting()
{
	setting_name=$1 setting_id=$2
	shift 2
	try "$setting_name" "$setting_id" --cert "$good.chain.crt" \
		--key "$good.key" "$@"
}
named()
{
	named_name=$1 named_id=$2
	shift 2
	setting "$named_name" "$named_id" --name example.test "$@"
}

# certificates
echo "no certificate" >certs/text
head -c 5000000 /dev/zero >certs/large
cert_tool pkcs8 -topk8 -in "$good.key" -passout pass:secret \
	-out certs/encrypted.key
cert_tool pkcs8 -topk8 -in "$good.key" -passout pass:secret -iter 65536 \
	-outform DER -out certs/iterations.der
LC_ALL=C sed 's/\x02\x03\x01\x00\x00/\x02\x03\x7f\xff\xff/' \
	certs/iterations.der >certs/iterations.key
head -c 900 "$good.p12" >certs/cut.p12
echo wrong >wrong
echo secret >secret
chmod 600 wrong secret
issue -expired expired.test DNS:example.test
issue -valid 20900101000000Z 20910101000000Z future.test DNS:example.test
issue -key rsa:1024 weak.test DNS:example.test
issue -eku clientAuth client.test DNS:example.test
issue second.test DNS:example.test
cert_tool req -x509 -days 30 -subj /CN=two.test -key "$good.key" \
	-addext subjectAltName=DNS:two.test \
	-addext basicConstraints=critical,CA:false -out certs/other.crt
cat "$good.crt" certs/other.crt >certs/two.crt
make_key certs/md5.key rsa:2048
openssl req -x509 -md5 -days 30 -subj /CN=example.test -key certs/md5.key \
	-addext subjectAltName=DNS:example.test -out certs/md5.crt \
	>md5.out 2>&1 || rm -f certs/md5.crt

cert "no certificate at all" cert.missing
cert "no such file" cert.unreadable --cert "$tmp/none"
mkdir empty
cert "an empty directory" cert.not-a-certificate --cert "$tmp/empty"
cert "a text" cert.not-a-certificate --cert certs/text
cert "a file too large" cert.too-large --cert certs/large
cert "no key" cert.no-key --cert "$good.crt"
cert "another key" cert.key-mismatch --cert "$good.crt" \
	--key "$certs/second.test.key"
cert "an encrypted key" cert.key-encrypted --cert "$good.crt" \
	--key certs/encrypted.key
cert "a wrong passphrase for a key" cert.passphrase-wrong --cert "$good.crt" \
	--key certs/encrypted.key --passphrase-file wrong
cert "no passphrase for PKCS#12" cert.key-encrypted --cert "$good.p12"
cert "a wrong passphrase for PKCS#12" cert.passphrase-wrong \
	--cert "$good.p12" --passphrase-file wrong
cert "PKCS#12 cut off" cert.pkcs12-mac --cert certs/cut.p12 \
	--passphrase-file secret
cert "endless iterations" cert.pkcs12-iterations --cert "$good.crt" \
	--key certs/iterations.key --passphrase-file secret
cert "two certificates" cert.several-leaves --cert certs/two.crt \
	--key "$good.key"
cert "expired" cert.expired --cert "$certs/expired.test.chain.crt" \
	--key "$certs/expired.test.key"
cert "not yet valid" cert.not-yet-valid \
	--cert "$certs/future.test.chain.crt" --key "$certs/future.test.key"
cert "a weak key" cert.weak-key --cert "$certs/weak.test.chain.crt" \
	--key "$certs/weak.test.key"
cert "not for servers" cert.no-server-auth \
	--cert "$certs/client.test.chain.crt" --key "$certs/client.test.key"
cert "a CA" cert.is-ca --cert "$certs/root.crt" --key "$certs/root.key"
if [ -e certs/md5.crt ]; then
	cert "MD5" cert.weak-signature --cert certs/md5.crt --key certs/md5.key
else
	skip "MD5" "this openssl signs nothing with it"
fi

# names
setting "another name" name.not-in-certificate --name other.test
setting "a wildcard as name" name.wildcard-literal --name '*.example.test'
setting "an address" name.ip-not-in-certificate --name 192.0.2.1
setting "an IPv6 address" name.ip-not-in-certificate --name 2001:db8::1
for name in 'a b.test' '-a.test' 'a..test' 'https://a.test/' 'a;b.test' \
	'a{b.test' 'a}b.test' 'a"b.test' "a'b.test" 'a\b.test' 'a$b.test' \
	'a#b.test' "$(printf 'a\nb.test')" "$(printf 'a\033[2Jb.test')" \
	"$(printf '%064d.test' 0)"; do
	setting "no name: $(printf %s "$name" | tr -c '[:graph:]' _)" \
		name.invalid --name "$name"
done

# ports and addresses
for port in 0 65536 -1 abc 99999999999999999999; do
	named "HTTPS port $port" binding.port-range --https-port "$port"
	named "HTTP port $port" binding.port-range --http-port="$port"
done
named "the same port" binding.same-port --https-port "$http"
echo "server { listen 127.0.0.1:$other; }" | nginx_conf other.conf
start_nginx other.conf
named "a port in use" binding.port-in-use --https-port "$other"
named "an address twice" binding.duplicate --address 127.0.0.1 \
	--address 127.0.0.1
named "no HTTPS at all" binding.none --bindings http

# HSTS
named "max-age 0" hsts.max-age-zero --hsts --hsts-max-age 0
named "max-age none" hsts.max-age-invalid --hsts --hsts-max-age soon
named "max-age negative" hsts.max-age-invalid --hsts --hsts-max-age=-1
named "max-age endless" hsts.max-age-invalid --hsts \
	--hsts-max-age 99999999999999999999
named "preload, short" hsts.preload-max-age --hsts --hsts-preload \
	--hsts-subdomains --redirect --hsts-max-age 30d
named "preload without sub-domains" hsts.preload-subdomains --hsts \
	--hsts-preload --redirect
named "preload without redirect" hsts.preload-redirect --hsts --hsts-preload \
	--hsts-subdomains --no-redirect
setting "preload of a sub-domain" hsts.preload-subdomain \
	--name www.example.test --hsts --hsts-preload --hsts-subdomains --redirect

# redirect
named "a redirect without HTTP" redirect.no-http --bindings https --redirect
named "a code that is none" redirect.code --redirect --redirect-code 200
