#!/bin/sh
# Configurations that operators really have: each site gets HTTPS as its owner
# would expect, every line that was not planned stays, and a second apply
# changes nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

issue example.test DNS:example.test DNS:www.example.test
issue previous DNS:example.test

# begin NAME: a server around the block on standard input.
begin()
{
	case=$1
	rm -rf "$tmp/etc" "$tmp/certificates" "$tmp/state"
	two_sites
	printf 'listen 127.0.0.1:%s;\nserver_name example.test;\n' "$http" \
		>"$tmp/www/listen.inc"
	cp "$certs/previous.crt" "$certs/previous.key" "$tmp/www"
	# a socket for both families leaves no room for the bystander's
	! grep -q ipv6only "$sites/a.conf" || rm "$sites/b.conf"
	start_nginx "$conf"
	cp "$sites/a.conf" "$tmp/original"
	tree >before
}

# done_with: twice is once, and rollback restores every byte.
done_with()
{
	tree >once
	go "$@" >/dev/null 2>&1 || :
	tree >twice
	same "$case: applied twice is applied once" once twice
	exits "$case: rollback" 0 setup rollback --yes
	tree >now
	same "$case: every byte is back" before now
	stop_nginx
}

go()
{
	apply --name example.test --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" "$@" </dev/null
}

# kept: no line of the operator's but those given by the pattern is gone.
kept()
{
	diff "$tmp/original" "$sites/a.conf" | grep '^<' | grep -Ev -e "$1" \
		>gone || :
	nothing "$case: his lines are kept" "$(cat gone)"
}

begin "listen in an included file" <<'END'
server {
    include @WWW@/listen.inc;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect --hsts
is "$case: redirect" "308 -> https://example.test:$https/" \
	"$(visit "http://example.test:$http/")"
is "$case: HTTPS" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
kept '^$'
done_with --redirect --hsts

if [ -e /proc/net/if_inet6 ] && [ -s /proc/net/if_inet6 ]; then
	begin "IPv6 listener that takes IPv4" <<-'END'
	server {
	    listen [::]:@HTTP@ ipv6only=off;
	    server_name example.test;
	    root @WWW@;
	}
	END
	exits "$case: apply" 0 go --redirect
	is "$case: HTTPS over IPv4" 200 \
		"$(visit "https://example.test:$https/")"
	is "$case: HTTPS over IPv6" 200 \
		"$(visit "https://example.test:$https/" \
		--resolve "example.test:$https:[::1]" --connect-to '::[::1]:')"
	kept '^$'
	done_with --redirect
else
	skip "IPv6 listener that takes IPv4" "no IPv6 here"
fi

begin "a site that already redirects" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
    return 301 https://$host$request_uri;
}
END
exits "$case: apply" 0 go --hsts
is "$case: HTTPS does not loop" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "$case: HTTP still redirects, with its own code" \
	"301 -> https://example.test:$https/sub/" \
	"$(visit "http://example.test:$http/sub/")"
kept 'return 301'
done_with --hsts

begin "a block shared by three names" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test other.test;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect --hsts
is "$case: the names of the certificate redirect" \
	"308 -> https://www.example.test:$https/" \
	"$(visit "http://www.example.test:$http/")"
is "$case: the other name stays on HTTP" 200 \
	"$(visit "http://other.test:$http/")"
is "$case: and is promised nothing" 200 \
	"$(visit "https://other.test:$https/" -k)"
kept '^$'
done_with --redirect --hsts

begin "CRLF, comments and no final newline" <<'END'
# the shop
server {  # c1
	listen 127.0.0.1:@HTTP@;  # c2 http only

	server_name example.test; # c3
	root @WWW@;
	location ~ "^/x{2}/" { return 204; }
}
# the end
END
stop_nginx
sed 's/$/\r/' "$tmp/original" | head -c -2 >"$sites/a.conf"
cp "$sites/a.conf" "$tmp/original"
start_nginx "$conf"
tree >before
exits "$case: apply" 0 go --redirect
is "$case: HTTPS" 200 "$(visit "https://example.test:$https/")"
kept '^$'
is "$case: every line that was ended by CRLF" 0 \
	"$(sed '$d' "$sites/a.conf" | grep -vc "$(printf '\r')\$" || :)"
done_with --redirect

begin "loopback only" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
exits "$case: apply" 0 go
like "$case: HTTPS is on the same address alone" \
	"listen 127.0.0.1:$https ssl" "$sites/a.conf"
is "$case: one listen line was added" 2 "$(grep -c listen "$sites/a.conf")"
kept '^$'
done_with

begin "default server without a name" <<'END'
server {
    listen 127.0.0.1:@HTTP@ default_server;
    server_name _;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect --hsts
is "$case: HTTPS" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "$case: other names stay on HTTP" 200 \
	"$(visit "http://unknown.test:$http/")"
kept '^$'
done_with --redirect --hsts

begin "HTTPS by somebody else" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    if ($host = example.test) {
        return 301 https://$host:@HTTPS@$request_uri;
    } # managed by somebody
    return 404;
}
server {
    listen 127.0.0.1:@HTTPS@ ssl;
    server_name example.test;
    ssl_certificate @WWW@/previous.crt; # managed by somebody
    ssl_certificate_key @WWW@/previous.key;
    ssl_protocols TLSv1.2;
    root @WWW@;
    location /sub { add_header X-A b; add_header Strict-Transport-Security "max-age=1"; }
}
END
exits "$case: apply" 0 go --redirect --hsts
is "$case: the new certificate" "$(of_file "$certs/example.test.crt")" \
	"$(served example.test)"
is "$case: HSTS everywhere, once" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/sub/")"
is "$case: his redirect works as before" \
	"301 -> https://example.test:$https/" \
	"$(visit "http://example.test:$http/")"
kept 'ssl_certificate|Strict-Transport-Security'
done_with --redirect --hsts
