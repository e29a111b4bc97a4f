#!/bin/sh
# Undoing later: an earlier transaction, and with a server that is broken or not
# there any more.  undo-sweep.sh has more, and what becomes of old backups.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl pgrep

live_site
issue bystander.test

# done_id N: of the Nth last transaction.
done_id()
{
	"$HTTPS_SETUP" history --state-dir "$tmp/state" --json >history.json
	"$json" history.json 'transactions.*.id' | sed -n "$1p"
}

no_https()
{
	[ "$(visit "https://example.test:$https/")" = "curl 7" ]
}

# 1. The earlier of two, whose files are still ours
exits "the first site" 0 site
first=$(done_id 1)
exits "the second site" 0 apply --name bystander.test \
	--cert "$certs/bystander.test.chain.crt" \
	--key "$certs/bystander.test.key"
second=$(done_id 1)
cp "$sites/b.conf" b.second
exits "the first one is undone" 0 setup rollback "$first" --yes
sed -n "\|etc/sites/a.conf|{n;p;}" before >wanted
sha256sum <"$sites/a.conf" >got
same "its file is as before" wanted got
same "the second one's is left alone" b.second "$sites/b.conf"
is "which is served" "$(of_file "$certs/bystander.test.crt")" \
	"$(served bystander.test)"
exits "twice is too often" 3 setup rollback "$first" --yes
like "and said" 'was undone already' err
exits "the second one is undone" 0 setup rollback "$second" --yes
as_before "both undone"

# 2. Somebody has broken the server's configuration
exits "applied, then broken" 0 site
cp "$conf" whole.conf
echo 'no such directive;' >>"$conf"
exits "rollback" 5 setup rollback --yes
like "the files are back, it says what is not" \
	'the files are back, but nginx was not reloaded' err
like "and where" "nginx.conf" err
sed -n "\|etc/sites/a.conf|{n;p;}" before >wanted
sha256sum <"$sites/a.conf" >got
same "they are" wanted got
is "the old configuration still serves" "$(of_file \
	"$certs/example.test.crt")" "$(served example.test)"
is "history says so" wrong "$("$HTTPS_SETUP" history --json --state-dir \
	"$tmp/state" >history.json; "$json" history.json \
	'transactions.*.events.*.verified' | sed -n 2p)"
like "somebody's line is left alone" 'no such directive' "$conf"
cp whole.conf "$conf"
nginx -s reload -c "$conf" 2>reload.err
wait_until no_https || :
as_before "put right and reloaded"

# 3. The server is not there any more
exits "applied, then removed" 0 site
stop_nginx
mkdir without
exits "rollback" 0 "$(command -v env)" PATH="$tmp/without" "$HTTPS_SETUP" rollback --yes \
	--state-dir "$tmp/state" --cert-dir "$tmp/certificates"
like "it is undone" '^undone \(' out
unlike "and nothing is said of a server that was not seen" verified out
tree >now
same "every byte is as before" before now
start_nginx "$conf"

thorough || exit 0

# 4. One that another one lies upon
exits "applied" 0 site --no-hsts
first=$(done_id 1)
exits "changed" 0 site --hsts-max-age 600
exits "the lower one is refused" 3 setup rollback "$first" --yes
like "with what to do" "roll back $(done_id 1) first" err
exits "the upper one" 0 setup rollback --yes
exits "then the lower one" 0 setup rollback --yes
as_before "one after the other"

# 5. What lies in the way of a look at it is said, and noted
apply_waits 60
cat >"$sites/0.conf" <<END
server { listen 127.0.0.1:$http; server_name example.test; return 503; }
END
exits "taken back, but not as before" 5 state_command revert
like "it says what differs" \
	"everything is back, but 127.0.0.1 port $http answers HTTP otherwise" err
ended "the program that waited says so" 5
is "history: looked at" wrong "$(last 'events.*.verified')"
rm "$sites/0.conf"
workers=$(cat "/proc/$nginx_pid/task/$nginx_pid/children")
nginx -s reload -c "$conf" 2>reload.err
# for a moment those of before answer, too
is_put_right()
{
	for worker in $workers; do
		gone "$worker" || grep -aqs 'is shutting down' \
			"/proc/$worker/cmdline" || return
	done
	[ "$(visit "http://example.test:$http/")" = 200 ]
}
wait_until is_put_right || :
as_before "put right"

# 6. Backups are kept for the last 20 and for 90 days, old keys wiped
mkdir -p root/etc/nginx
cat >root/etc/nginx/nginx.conf <<'END'
events {} http { server { listen 80; server_name example.test; } }
END
at=$(date +%s)
for n in 1 2; do
	issue -valid "$(date -u -d "@$((at - 86400))" +%Y%m%d%H%M%SZ)" \
		"$(date -u -d "@$((at + 31536000))" +%Y%m%d%H%M%SZ)" example.test
	cp "$certs/example.test.chain.crt" "cert.$n"
	cp "$certs/example.test.key" "key.$n"
done
offline()
{
	offline_command=$1
	shift
	"$HTTPS_SETUP" "$offline_command" --yes --root root \
		--state-dir "$tmp/kept" --ca "$certs/root.crt" "$@" \
		>offline.out 2>&1 </dev/null ||
		fail "offline $offline_command" "$(cat offline.out)"
}
offline apply --server nginx --server-config /etc/nginx/nginx.conf \
	--name example.test --cert cert.1 --key key.1
n=1
while [ $n -lt 25 ]; do
	n=$((n + 1))
	offline renew --cert cert.$(((n + 1) % 2 + 1)) --key key.$(((n + 1) % 2 + 1))
done
is "25 transactions" 25 "$(ls kept/done | wc -l)"
kept()
{
	ls -d kept/done/*/bak 2>/dev/null | sed 's/.*-\([0-9]*\)\/bak/\1/' |
		sort -n | paste -sd' '
}
many="$(seq -f %02g 1 25 | paste -sd' ')"
is "today all have their backups" "$many" "$(kept)"
oldest=$(ls kept/done | grep -- '-02$')
for backup in "kept/done/$oldest"/bak/*; do
	! grep -q PRIVATE "$backup" || ln "$backup" old.key
done
check "there is an old key among them" test -s old.key
LD_PRELOAD=$builddir/tests/faults/clock.so CLOCK_STEP=8640000 offline renew \
	--cert cert.2 --key key.2
is "in 100 days those of the last 20" \
	"$(seq -f %02g 7 26 | paste -sd' ')" "$(kept)"
is "old keys are overwritten" "" "$(tr -d '\000' <old.key)"
is "every transaction is in the history" 26 "$("$HTTPS_SETUP" history --json \
	--state-dir "$tmp/kept" >kept.json; "$json" kept.json 'transactions.#')"
exits "what cannot be undone any more" 3 "$HTTPS_SETUP" rollback "$oldest" \
	--yes --root root --state-dir "$tmp/kept"
like "is said, and why" 'backups of .* are not kept any more' err
n=26
while [ $n -gt 6 ]; do
	offline rollback
	n=$((n - 1))
done
exits "twenty of them are undone, and no more" 3 "$HTTPS_SETUP" rollback \
	--yes --root root --state-dir "$tmp/kept"
