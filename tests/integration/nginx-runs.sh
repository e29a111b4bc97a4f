#!/bin/sh
# Nine runs in which another tool serves the wrong thing, loses an edit, or
# says that all is well when it is not.  Each is done right here.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
    location /sub {
        add_header X-Frame-Options DENY;
    }
}
END
issue example.test
issue other.test
issue -expired old.test DNS:example.test
start_nginx "$conf"
tree >before

with()
{
	apply --name example.test --cert "$certs/$1.chain.crt" \
		--key "$certs/${2:-$1}.key" --redirect --hsts
}

# refused NAME ID COMMAND ...: exit 1, this finding, and not a byte changed.
refused()
{
	refused_name=$1 refused_id=$2
	shift 2
	exits "$refused_name: refused" 1 "$@" --json
	like "$refused_name: says why" "\"$refused_id\"" out
	tree >now
	same "$refused_name: changes nothing" before now
}

refused "certificate for another name" name.not-in-certificate \
	apply --name example.test --cert "$certs/other.test.chain.crt" \
	--key "$certs/other.test.key"
refused "expired certificate" cert.expired \
	apply --name example.test --cert "$certs/old.test.chain.crt" \
	--key "$certs/old.test.key"
refused "key of another certificate" cert.key-mismatch \
	apply --name example.test --cert "$certs/example.test.chain.crt" \
	--key "$certs/other.test.key"

exits "an option it does not know: refused whole" 2 apply \
	--name example.test --cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key" --uir
tree >now
same "and nothing is half applied" before now

exits "redirect and HSTS on a port of its own" 0 with example.test
is "the redirect is there" "308 -> https://example.test:$https/" \
	"$(visit "http://example.test:$http/")"
is "HSTS on /" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "HSTS where a location has headers of its own" \
	"200 hsts(max-age=31536000)" "$(visit "https://example.test:$https/sub/")"
is "and never on HTTP" 200 \
	"$(visit "http://example.test:$http/.well-known/acme-challenge/token")"

exits "one rollback" 0 setup rollback --yes
tree >now
same "undoes all of it" before now

# Killed at each rename: what nginx reads is whole, old or new, at any time.
torn=
killed=0
for nth in 1 2 3 4 5 6 7 8; do
	if struck renameat2:signal=KILL:when=$nth -f; then
		killed=$((killed + 1))
	fi
	for file in "$sites"/*.conf; do
		grep -q server_name "$file" || torn="$torn $nth:$file"
	done
	nginx -t -q -c "$conf" -e stderr 2>nginx.err || torn="$torn $nth:test"
	exits "recover after kill $nth" 0 setup recover --yes
	tree >now
	if ! diff before now >/dev/null; then
		# it was finished before the kill: undo it for the next one
		setup rollback --yes >/dev/null 2>&1 </dev/null || :
		tree >now
	fi
	same "old state after kill $nth" before now
done
nothing "no file was ever torn" "$torn"
check "the kills happened" test $killed -ge 4

# Killed in the middle, then edited by hand: both edits stay.
struck renameat2:signal=KILL:when=5 -f || :
like "killed in the middle" 'killed by SIGKILL' trace
echo "# repaired by hand" >>"$sites/a.conf"
echo "# edited by hand" >>"$sites/b.conf"
setup status >status.out 2>&1 </dev/null || :
setup recover --yes >recover.out 2>&1 </dev/null || :
like "the repair is kept" 'repaired by hand' "$sites/a.conf"
like "so is the edit" 'edited by hand' "$sites/b.conf"
check "nginx accepts what is there" nginx -t -q -c "$conf" -e stderr
