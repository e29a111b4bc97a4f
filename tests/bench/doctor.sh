#!/bin/sh
# What a look at a live site costs: doctor beside testssl.sh with the checks
# that both have, and verify after an apply.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl

measure=$builddir/tests/bench/measure
runs=${RUNS:-5}

field()
{
	sed -n "$1p" "$tmp/figures" | cut -d' ' -f"$2"
}

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
issue example.test
start_nginx "$conf"
apply --name example.test --cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key" --redirect --hsts >/dev/null

cat >doctor <<END
"$HTTPS_SETUP" doctor "https://example.test:$https/" --address 127.0.0.1 \
	--http-port $http --ca "$certs/root.crt"
END
cat >verify <<END
"$HTTPS_SETUP" verify --server nginx --server-config "$conf" \
	--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
	--ca "$certs/root.crt" --https-port $https --name example.test \
	--redirect --hsts --firewall none
END
"$measure" "$runs" -- sh doctor -- sh verify >figures
[ "$(field 1 4) $(field 2 4)" = "0 0" ] ||
	{ echo "doctor ended with $(field 1 4), verify with $(field 2 4)"; exit 1; }
doctor=$(field 1 1)
awk -v verify="$(field 2 1)" 'BEGIN {
	printf "%-58s %8.1f  limit 150 ms  %s\n", "verify on loopback",
		verify * 1000, verify <= 0.15 ? "ok" : "OVER" }'

testssl=$(command -v testssl || command -v testssl.sh || :)
if [ -z "$testssl" ]; then
	echo "testssl.sh is not installed: not compared"
	exit 0
fi
"$measure" 1 -- "$testssl" -p -S -h --quiet --warnings off --color 0 \
	--ip 127.0.0.1 "https://example.test:$https/" >figures
awk -v a="$doctor" -v b="$(field 1 1)" 'BEGIN {
	printf "%-58s %8.4f  limit 0.05  %s\n", "doctor / testssl.sh -p -S -h",
		a / b, a / b <= 0.05 ? "ok" : "OVER" }'
