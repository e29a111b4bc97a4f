#!/bin/sh
# The harness: its helpers say what is so, and clean up whatever happens.
. "${srcdir:-.}/tests/lib.sh"
need nginx openssl curl

# within SCRIPT: runs it as a test of its own; its status is in $inner.
within()
{
	inner=0
	printf '. "$srcdir/tests/lib.sh"\n%s\n' "$1" >"$tmp/inner.sh"
	sh "$tmp/inner.sh" >"$tmp/said" 2>&1 </dev/null || inner=$?
}

# says NAME REGEX SCRIPT: such a test says this.
says()
{
	within "$3"
	like "$1" "$2" "$tmp/said"
}

says "a case that holds" '^ok 1 - a$' 'is a 1 1'
says "a case that does not" '^not ok 1 - a$' 'is a 1 2'
says "the plan comes last" '^1\.\.2$' 'is a 1 1; is b 1 2'
says "a command that fails" '^not ok 1 - a$' 'check a false'
says "the wrong status" '^not ok 1 - a$' 'exits a 3 sh -c "exit 4"'
says "the right status" '^ok 1 - a$' 'exits a 4 sh -c "exit 4"'
says "a missing line" '^not ok 1 - a$' 'echo b >f; like a ^c f'
says "a line too many" '^not ok 1 - a$' 'echo b >f; unlike a ^b f'
says "two different trees" '^not ok 1 - a$' \
	'mkdir c d; echo b >c/e; same a c d'
says "a list of faults" '^not ok 1 - a$' 'nothing a "b"'
says "a test that is skipped" '^1\.\.0 # SKIP' 'need no-such-program'
says "waiting that is in vain" '^not ok 1 - a$' \
	'wait_until -t 0 false && ok a || fail a'
within 'ok a; false; ok b'
unlike "a test that dies has no plan" '^1\.\.' "$tmp/said"
is "and its status" 1 "$inner"
within 'echo "$tmp"; touch a/b 2>/dev/null || mkdir -p c; chmod 0 c; ok a'
check "its directory is gone" test ! -e "$(grep -v '#' "$tmp/said" | head -n 1)"

# nginx with a certificate of the test CA, and a test that dies over it
issue -key rsa:2048 www.example.com
issue -expired old.example.com
make_p12 www.example.com secret
self_signed self.example.com
free_port http https
nginx_conf "$tmp/site.conf" <<END
server {
	listen 127.0.0.1:$https ssl;
	listen 127.0.0.1:$http;
	ssl_certificate $certs/www.example.com.chain.crt;
	ssl_certificate_key $certs/www.example.com.key;
	location / { return 200 "hello"; }
}
END
start_nginx "$tmp/site.conf"
check "nginx listens when it has started" listens "$https"
is "it answers, and the chain is complete" hello "$(curl -sS --noproxy '*' \
	--cacert "$certs/root.crt" --resolve "www.example.com:$https:127.0.0.1" \
	"https://www.example.com:$https/")"
stop_nginx
exits "nginx is gone when it was stopped" 1 listens "$https"

chain="-CAfile $certs/root.crt -untrusted $certs/intermediate.crt"
check "a leaf is good" openssl verify $chain "$certs/www.example.com.crt"
exits "an expired one is not" 2 \
	openssl verify $chain "$certs/old.example.com.crt"
like "because it expired" "certificate has expired" "$tmp/err"
check "PKCS#12 opens" openssl pkcs12 -passin pass:secret -noout \
	-in "$certs/www.example.com.p12"
exits "not with another passphrase" 1 openssl pkcs12 -passin pass:other -noout \
	-in "$certs/www.example.com.p12"

export certs http https
within '
cp "'"$tmp"'/site.conf" .
sed -i "s,^pid .*,pid $tmp/site.pid;," site.conf
start_nginx site.conf
start cat /dev/null
start tail -f /dev/null
false'
exits "a test that dies takes nginx with it" 1 listens "$https"

# end by a signal, as a time limit does it
cat >"$tmp/inner.sh" <<'END'
. "$srcdir/tests/lib.sh"
start tail -f /dev/null
echo "$tmp $started" >"$OUTER/started"
wait
END
OUTER=$tmp sh "$tmp/inner.sh" >"$tmp/said" 2>&1 &
inner=$!
wait_until test -s "$tmp/started"
read -r inner_tmp inner_started <"$tmp/started"
kill $inner
wait $inner && inner_status=0 || inner_status=$?
is "a test that is ended by a signal says so" 143 "$inner_status"
check "it leaves no process" gone "$inner_started"
check "and no directory" test ! -e "$inner_tmp"
