#!/bin/sh
# What else happens to an nginx site: HTTPS alone, off again, a new
# certificate, another name, headers that are inherited or come from behind.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

issue example.test DNS:example.test DNS:www.example.test
issue other.test
issue neighbour.test
issue renewed DNS:example.test DNS:www.example.test DNS:shop.example.test

# begin NAME: a server around the block on standard input.
begin()
{
	case=$1
	rm -rf "$tmp/etc" "$tmp/certificates" "$tmp/state"
	two_sites
	cp "$certs/neighbour.test.crt" "$certs/neighbour.test.key" "$tmp/www"
	start_nginx "$conf"
	tree >before
}

go()
{
	apply --name example.test --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" "$@" </dev/null
}

# end: as it was, to the byte.
end()
{
	exits "$case: rollback" 0 setup rollback --yes
	tree >now
	same "$case: every byte is back" before now
	stop_nginx
}

begin "HTTPS alone" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
exits "$case: apply" 0 go --bindings https
is "$case: HTTPS" 200 "$(visit "https://example.test:$https/")"
unlike "$case: no HTTP listen is left" "listen 127.0.0.1:$http" "$sites/a.conf"
tree >once
exits "$case: again" 0 go --bindings https
tree >twice
same "$case: applied twice is applied once" once twice
exits "$case: disable" 0 setup disable --yes --site example.test \
	--http-port "$http" --firewall none
is "$case: HTTP is back after disable" 200 \
	"$(visit "http://example.test:$http/")"
is "$case: HTTPS is gone after disable" "curl 7" \
	"$(visit "https://example.test:$https/")"
check "$case: no key is left" test ! -e \
	"$tmp/certificates/example.test/privkey.pem"
stop_nginx

begin "HTTPS on and off" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
    location /sub { add_header X-A b; }
}
END
exits "$case: apply" 0 go --redirect --hsts
exits "$case: disable" 0 setup disable --yes --site example.test \
	--firewall none
is "$case: HTTP answers itself" 200 "$(visit "http://example.test:$http/")"
tree >now
same "$case: on and off is as before" before now
stop_nginx

begin "a new certificate" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect --hsts
cp "$sites/a.conf" configured
exits "$case: renew" 0 setup renew --yes --cert "$certs/renewed.chain.crt" \
	--key "$certs/renewed.key"
is "$case: the new one is served" "$(of_file "$certs/renewed.crt")" \
	"$(served example.test)"
same "$case: the configuration is as it was" configured "$sites/a.conf"
exits "$case: renew with one that names less: not here" 3 setup renew --yes \
	--cert "$certs/other.test.chain.crt" --key "$certs/other.test.key"
exits "$case: one step back" 0 setup rollback --yes
is "$case: the old one is served" "$(of_file "$certs/example.test.crt")" \
	"$(served example.test)"
end

begin "set up again under another name" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test;
    root @WWW@;
    location /sub { add_header X-A b; }
}
END
exits "$case: apply" 0 go --redirect --hsts
exits "$case: apply with the other name" 0 apply --name www.example.test \
	--cert "$certs/renewed.chain.crt" --key "$certs/renewed.key" \
	--redirect --hsts
is "$case: the new certificate" "$(of_file "$certs/renewed.crt")" \
	"$(served www.example.test)"
is "$case: HSTS once" "200 hsts(max-age=31536000)" \
	"$(visit "https://www.example.test:$https/sub/")"
is "$case: redirect" "308 -> https://www.example.test:$https/" \
	"$(visit "http://www.example.test:$http/")"
unlike "$case: nothing of the first name is left" \
	"certificates/example.test/|setup_example_test" "$sites/a.conf"
exits "$case: one step back" 0 setup rollback --yes
end

begin "no listen at all, on one line" <<'END'
server { server_name example.test; root @WWW@; listen 127.0.0.1:@HTTP@; }
END
exits "$case: apply" 0 go --redirect
is "$case: HTTPS" 200 "$(visit "https://example.test:$https/")"
is "$case: redirect" "308 -> https://example.test:$https/" \
	"$(visit "http://example.test:$http/")"
end

begin "rewriting before the listen" <<'END'
server {
    rewrite ^/old(.*)$ /sub$1 last;
    if ($http_user_agent ~ "bad{2}") { return 403; }
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect
is "$case: also what is rewritten goes to HTTPS" \
	"308 -> https://example.test:$https/old/" \
	"$(visit "http://example.test:$http/old/")"
end

# Headers of the http level reach the site as before; HSTS of an application
# behind does not come twice.
begin "inherited headers" <<'END'
add_header X-Inherited yes;
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
    location /app/ { proxy_pass http://127.0.0.1:@HTTP@/; proxy_set_header Host app.test; }
    location /sub/ { add_header X-Own yes; }
}
server {
    listen 127.0.0.1:@HTTP@;
    server_name app.test;
    root @WWW@;
    add_header Strict-Transport-Security "max-age=60";
}
END
exits "$case: apply" 0 go --hsts
is "$case: HSTS once on /" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
like "$case: beside the inherited one" '^[Xx]-[Ii]nherited: yes' headers
is "$case: HSTS once from behind" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/app/")"
is "$case: HSTS once beside own headers" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/sub/")"
end

# An address of one's own beside the neighbour's "*".
begin "a neighbour with HTTPS on the same port" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name _;
    root @WWW@;
}
server {
    listen 127.0.0.1:@HTTPS@ ssl;
    server_name neighbour.test;
    ssl_certificate @WWW@/neighbour.test.crt;
    ssl_certificate_key @WWW@/neighbour.test.key;
    root @WWW@;
}
END
exits "$case: apply" 0 go --redirect
is "$case: the site has its certificate" \
	"$(of_file "$certs/example.test.crt")" "$(served example.test)"
is "$case: the neighbour has its own" \
	"$(of_file "$certs/neighbour.test.crt")" "$(served neighbour.test)"
is "$case: HTTPS" 200 "$(visit "https://example.test:$https/")"
end

begin "names that are too long for a hash" <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name long.test;
    root @WWW@;
}
END
long=a-very-long-label-for-a-customer-who-likes-long-names.and-another-one
issue long "DNS:$long.example.test" "DNS:*.wild.example.test"
stop_nginx
sed -i "s/long.test/$long.example.test/" "$sites/a.conf"
sed -i "s/^http {/http { server_names_hash_bucket_size 128;/" "$conf"
start_nginx "$conf"
tree >before
exits "$case: apply" 0 apply --name "$long.example.test" \
	--cert "$certs/long.chain.crt" --key "$certs/long.key" --redirect --hsts
is "$case: HTTPS" "200 hsts(max-age=31536000)" \
	"$(visit "https://$long.example.test:$https/")"
end

# Workers that cannot look into the certificate directory: HSTS comes by a
# second reload.
if [ "$(id -u)" -eq 0 ]; then
	begin "workers without a way to the proof" <<-'END'
	server {
	    listen 127.0.0.1:@HTTP@;
	    server_name example.test;
	    location / { return 200; }
	}
	END
	stop_nginx
	sed -i "s/^user root;/user nobody $(id -gn nobody);/" "$conf"
	start_nginx "$conf"
	tree >before
	exits "$case: apply" 0 go --hsts
	is "$case: HSTS" "200 hsts(max-age=31536000)" \
		"$(visit "https://example.test:$https/")"
	check "$case: no proof is used" sh -c \
		"! ls '$tmp'/certificates/example.test/hsts-*"
	tree >once
	exits "$case: again" 0 go --hsts
	tree >twice
	same "$case: applied twice is applied once" once twice
	end
else
	skip "workers without a way to the proof" "only root has such workers"
fi
