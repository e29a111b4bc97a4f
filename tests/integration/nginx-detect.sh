#!/bin/sh
# nginx as operators run it: links in sites-enabled, includes, a prefix; broken
# files named as nginx names them; a tree that is not the running system.
. "${srcdir:-.}/tests/lib.sh"
need nginx openssl
json=$builddir/tests/integration/json

free_port http https
mkdir -p "$tmp/etc/sites-available" "$tmp/etc/sites-enabled" "$tmp/etc/parts"
cat >"$tmp/etc/parts/listen.conf" <<-END
	listen 127.0.0.1:$http;
END
cat >"$tmp/etc/sites-available/shop" <<-END
	server {
	    include parts/listen.conf;
	    server_name shop.test www.shop.test;
	}
END
cat >"$tmp/etc/sites-available/old" <<-END
	server { listen 127.0.0.1:$http; server_name old.test; }
END
cat >"$tmp/etc/sites-available/wild" <<-END
	server {
	    listen 127.0.0.1:$http default_server;
	    server_name *.shop.test "~^x{2}\.test\$";
	    return 308 https://\$host\$request_uri;
	}
END
ln -s ../sites-available/shop ../sites-available/wild "$tmp/etc/sites-enabled"
conf=$tmp/etc/nginx.conf
echo "include sites-enabled/*;" | nginx_conf "$conf"

detect()
{
	exits "$1" 0 "$HTTPS_SETUP" detect --json --server-config "$conf" \
		--state-dir "$tmp/state"
}
ids()
{
	"$json" out 'servers.*.sites.*.id' | paste -sd' '
}

detect "one that does not run is found"
is "it does not run" false "$("$json" out 'servers.*.running')"
is "the sites that are enabled, in nginx's order" \
	"shop.test *.shop.test" "$(ids)"
is "a listen from an included file" "127.0.0.1:$http" \
	"$("$json" out 'servers.*.sites.*.listens.*' | sed -n 1p)"
is "names without their quotes" '~^x{2}\.test$' \
	"$("$json" out 'servers.*.sites.*.names.*' | sed -n 4p)"

start_nginx "$conf"
detect "the same, running"
is "it runs" true "$("$json" out 'servers.*.running')"
is "the version is what nginx says" \
	"$(nginx -v 2>&1 | sed 's|.*/||; s/[^0-9.].*//')" \
	"$("$json" out 'servers.*.version')"

ln -s "$tmp/etc" "$tmp/link"
conf=$tmp/link/nginx.conf
detect "the configuration by way of a link"
is "it is the one that runs" true "$("$json" out 'servers.*.running')"
conf=$tmp/etc/nginx.conf

# broken NAME ID WHERE: what check says of it
issue shop.test
broken()
{
	exits "$1" 1 "$HTTPS_SETUP" check --json --server nginx \
		--server-config "$conf" --state-dir "$tmp/state" \
		--cert "$certs/shop.test.crt" --key "$certs/shop.test.key" \
		--name shop.test --https-port "$https"
	like "$1: $2" "\"id\": \"$2\"" out
	like "$1: $3" "$3" out
}

echo "no_such_thing on;" >"$tmp/etc/parts/broken.conf"
echo "include parts/broken.conf;" >>"$tmp/etc/sites-available/shop"
broken "a directive nobody knows" server.config-broken \
	"$tmp/etc/parts/broken.conf:1"
printf 'server {\n listen 1;\n' >"$tmp/etc/parts/broken.conf"
broken "a brace that is not closed" server.unsupported-syntax \
	"$tmp/etc/parts/broken.conf:3"
rm "$tmp/etc/parts/broken.conf"
broken "an include that is not there" server.config-broken \
	"$tmp/etc/sites-enabled/shop:5"
echo "include parts/broken.conf;" >"$tmp/etc/parts/broken.conf"
broken "an include of itself" server.config-broken \
	"$tmp/etc/parts/broken.conf:1"
sed -i '$d' "$tmp/etc/sites-available/shop"
rm "$tmp/etc/parts/broken.conf"

mkdir -p "$tmp/tree/etc/nginx/conf.d" "$tmp/tree/etc/pki/tls" "$tmp/outside"
echo "http { include conf.d/*.conf; include /etc/nginx/link.conf; }" \
	>"$tmp/tree/etc/nginx/nginx.conf"
echo "server { server_name inside.test; }" \
	>"$tmp/tree/etc/nginx/conf.d/a.conf"
echo "server { server_name absolute.test; }" >"$tmp/tree/etc/real.conf"
ln -s /etc/real.conf "$tmp/tree/etc/nginx/link.conf"
exits "a tree that is not this system" 0 "$HTTPS_SETUP" detect --json \
	--root "$tmp/tree" --state-dir "$tmp/state"
is "links stay within the tree" "inside.test absolute.test" "$(ids)"
is "nothing runs there" false "$("$json" out 'servers.*.running')"
is "its configuration" /etc/nginx/nginx.conf \
	"$("$json" out 'servers.*.config')"
