#!/bin/sh
# The common issues of the vendors' guides and of every day, each produced for
# real: the doctor names it, and its cause in this server's configuration.
. "${srcdir:-.}/tests/lib.sh"
need nginx openssl

json=$builddir/tests/integration/json
issue example.test DNS:example.test DNS:www.example.test
issue other.test
issue -expired old.test
issue ip.test IP:127.0.0.1
issue soon.test
self_signed self.test
free_port http https second plain dead

# site NAME [CERTIFICATE [MORE]]: a server block for HTTPS.
site()
{
	cat <<-END
	server {
	    listen 127.0.0.1:$https ssl;
	    server_name $1;
	    ssl_certificate $certs/${2:-$1.chain}.crt;
	    ssl_certificate_key $certs/$(echo "${2:-$1}" | sed 's/\.chain$//').key;
	    ${3:-}
	    location / { return 200 page; }
	}
	END
}

# serve NAME: an nginx with the blocks of standard input; its file is $conf.
serve()
{
	conf=$tmp/$1.conf
	nginx_conf "$conf"
	start_nginx "$conf"
}

# doctor URL OPTION ...: at loopback, with this configuration.
doctor()
{
	doctor_url=$1
	shift
	status=0
	"$HTTPS_SETUP" doctor "$doctor_url" --server nginx \
		--server-config "$conf" --ca "$certs/root.crt" \
		--address 127.0.0.1 --json "$@" >out 2>err || status=$?
	"$json" out 'findings.*.id' >ids 2>/dev/null || :
	"$json" out 'findings.*.cause' >causes 2>/dev/null || :
	"$json" out 'findings.*.where' >places 2>/dev/null || :
}

# finds TITLE ID [CAUSE [PLACE]]: this finding, a cause and a place like these.
finds()
{
	like "$1: $2" "^live\\.$2\$" ids
	[ -z "${3:-}" ] || like "$1: the cause" "$3" causes
	[ -z "${4:-}" ] || like "$1: the place" "$4" places
}

# line TEXT: the place in $conf where this stands first, as a pattern.
line()
{
	echo "^$conf:$(grep -n -m 1 -F -e "$1" "$conf" | cut -d: -f1)\$"
}

serve names <<END
server {
    listen 127.0.0.1:$http;
    server_name example.test;
    return 302 https://\$host:$https\$request_uri;
}
$(site example.test)
$(site other.test)
$(site old.test)
$(site short.test example.test.chain)
END

doctor "https://example.test:$https/"
is "a good site: exit status" 0 "$status"
unlike "a good site: nothing stands in the way" \
	'^live\.(connect|timeout|certificate|chain|name|expired|redirect-(loop|target|missing|broken))' \
	ids
doctor "https://short.test:$https/"
is "ERR_CERT_COMMON_NAME_INVALID: exit status" 1 "$status"
finds ERR_CERT_COMMON_NAME_INVALID name "which is for example.test" \
	"^$conf:[0-9]+\$"
like "browsers' words for it" ERR_CERT_COMMON_NAME_INVALID out
doctor "https://127.0.0.1:$https/"
finds "by IP address" name
like "programs set up with the address" 'Cube' out
doctor "https://unknown.test:$https/"
finds "the wrong site's certificate" wrong-site "no site of nginx here is for" \
	"$(line "listen 127.0.0.1:$https ssl")"
doctor "https://old.test:$https/"
finds "expired" expired "old.test" "$(line "$certs/old.test.chain.crt")"
doctor "https://example.test:$dead/"
finds "cannot be reached" connect "listens for HTTPS on port $https, not"
doctor "https://example.test:$https/" --address 127.0.0.2
is "an address nobody listens on" 1 "$status"
finds "an address nobody listens on" connect "listens on port $https of"
"$HTTPS_SETUP" doctor "https://no-such-name.invalid:$https/" --json \
	--server nginx --server-config "$conf" >out 2>err && status=0 || status=$?
"$json" out 'findings.*.id' >ids
is "no DNS record: exit status" 1 "$status"
finds "no DNS record" unresolvable
like "no DNS record: what browsers say" ERR_NAME_NOT_RESOLVED out

# a name nobody can look up, served here: looked at where it listens
"$HTTPS_SETUP" doctor "https://example.test:$https/" --json --ca "$certs/root.crt" \
	--server nginx --server-config "$conf" >out 2>err && status=0 || status=$?
"$json" out 'probes.*.address' >addresses
like "without DNS: the listener is asked" '^127\.0\.0\.1$' addresses

# renewed, not reloaded
issue -valid "$(date -u -d 'now + 1 hour' +%Y%m%d%H%M%SZ)" 20380101000000Z \
	example.test DNS:example.test
doctor "https://example.test:$https/"
finds "renewed, not reloaded" certificate-old "" \
	"$(line "$certs/example.test.chain.crt")"
finds "renewed, not reloaded" certificate-other
stop_nginx

issue example.test DNS:example.test
serve trust <<END
$(site self.test self.test)
$(site example.test example.test)
END
doctor "https://self.test:$https/"
finds "not secure: self-signed" self-signed "self.test" \
	"$(line "$certs/self.test.crt")"
finds "not secure: self-signed" chain
doctor "https://example.test:$https/"
finds "intermediate missing" chain-incomplete "example.test.crt" \
	"$(line "$certs/example.test.crt")"
stop_nginx

serve http2 <<END
server {
    listen 127.0.0.1:$https ssl http2;
    server_name example.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
    ssl_protocols TLSv1.2;
    ssl_ciphers ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA;
    location / { return 404; }
}
END
doctor "https://example.test:$https/"
finds ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY http2-cipher "example.test" \
	"$(line "listen 127.0.0.1:$https")"
like "browsers' words for it" ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY out
finds "HTTP 404" not-found-404 "example.test"
doctor "https://strange.test:$https/"
finds "HTTP 404 by another name" not-found-404 "no site of nginx here is for"
stop_nginx

serve loop <<END
server {
    listen 127.0.0.1:$http;
    server_name example.test;
    return 301 https://example.test:$https\$request_uri;
}
server {
    listen 127.0.0.1:$https ssl;
    server_name example.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
    location / { proxy_pass http://127.0.0.1:$second; }
}
# the application behind it only sees HTTP
server {
    listen 127.0.0.1:$second;
    return 302 https://example.test:$https\$request_uri;
}
END
doctor "https://example.test:$https/"
is "a loop behind a proxy: exit status" 1 "$status"
finds "a loop behind a proxy" redirect-loop
like "a loop behind a proxy: what to look at" X-Forwarded-Proto out
stop_nginx

serve hsts <<END
server {
    listen 127.0.0.1:$http;
    server_name old.test;
    add_header Strict-Transport-Security max-age=31536000 always;
    return 301 https://old.test:$dead\$request_uri;
}
$(site old.test old.test.chain \
	'add_header Strict-Transport-Security max-age=31536000 always;')
server {
    listen 127.0.0.1:$https ssl;
    server_name example.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
    add_header Strict-Transport-Security max-age=0 always;
    add_header Strict-Transport-Security max-age=31536000 always;
    location /https-setup-check { add_header X-Own 1; return 200 page; }
    location / { return 502; }
}
server {
    listen 127.0.0.1:$plain;
    server_name plain.test;
}
END
doctor "https://old.test:$https/"
finds "HSTS lock-in" hsts-lock-in "old.test" "$(line "$certs/old.test.chain.crt")"
finds "HSTS on plain HTTP" hsts-on-http
finds "a redirect to a dead port" redirect-broken "" "$(line 'return 301')"
doctor "https://example.test:$https/"
finds "HSTS twice" hsts-duplicate
finds "HSTS that ends" hsts-zero
finds "HSTS lost inside" hsts-inner-path
finds "the application is down" server-error
doctor "https://plain.test:$plain/"
finds "HTTPS port without TLS" plain-http "listens on port $plain without TLS" \
	"$(line "listen 127.0.0.1:$plain")"
doctor "https://example.test:$dead/" --http-port "$https"
finds "TLS on the HTTP port" tls-on-http-port
stop_nginx

# addresses: with port, IPv6, international, and what is refused
serve addresses <<END
server {
    listen 127.0.0.1:$https ssl;
    listen [::1]:$https ssl;
    server_name xn--bcher-kva.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
    location / { return 200 page; }
}
server {
    listen [::1]:$second ssl;
    listen 127.0.0.1:$second ssl;
    server_name two.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
}
END
"$HTTPS_SETUP" doctor "https://[::1]:$https/" --json >out 2>err || :
is "an IPv6 address" ::1 "$("$json" out 'probes.*.address')"
doctor "https://bücher.test:$https/a?b=c"
is "an international name" xn--bcher-kva.test "$("$json" out name)"
is "its site is found here" xn--bcher-kva.test "$("$json" out site.id)"
for bad in "http://example.test/" "https://me@example.test/" ftp://x/ \
	https:// "https://example.test:99999/" "https://a b/" "example.test"; do
	exits "refused: $bad" 2 "$HTTPS_SETUP" doctor "$bad"
done
exits "no address at all" 2 "$HTTPS_SETUP" doctor
stop_nginx
