#!/bin/sh
# The commands on a real server, as scripts use them: JSON, exit status, what
# goes to which stream.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

json=$builddir/tests/integration/json

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test;
    root @WWW@;
}
END
issue example.test DNS:example.test DNS:www.example.test
make_p12 example.test secret
printf 'secret\r\n' >passphrase
start_nginx "$conf"

# files: the tree without what the server itself writes.
files()
{
	tree | awk '/\.(log|pid) / { getline; next } { print }'
}
files >before

# site COMMAND OPTION ...: about example.test.
site()
{
	site_command=$1
	shift
	setup "$site_command" --name example.test --https-port "$https" \
		--firewall none "$@"
}
settings="--cert $certs/example.test.p12 --passphrase-file $tmp/passphrase
	--redirect --hsts"

exits "detect" 0 "$HTTPS_SETUP" detect --server nginx --server-config "$conf" \
	--state-dir state --json
is "detect: the server" nginx "$("$json" out 'servers.*.id')"
is "detect: it runs" true "$("$json" out 'servers.*.running')"
is "detect: its configuration" "$conf" "$("$json" out 'servers.*.config')"
like "detect: its version" '^[0-9]+\.[0-9]+' \
	"$("$json" out 'servers.*.version' >version; echo version)"
is "detect: its sites" "bystander.test example.test" \
	"$("$json" out 'servers.*.sites.*.id' | sort | paste -sd' ')"
is "detect: their listeners" "127.0.0.1:$http" \
	"$("$json" out 'servers.*.sites.*.listens.*' | sort -u)"
is "detect: no HTTPS" false \
	"$("$json" out 'servers.*.sites.*.https' | sort -u)"
is "detect: a product" generic "$("$json" out 'products.*.id')"
exits "detect as text" 0 "$HTTPS_SETUP" detect --server nginx --server-config "$conf" \
	--state-dir state
like "detect: text has the site" 'site example.test  http' out
exits "detect without a server" 0 "$HTTPS_SETUP" detect --server nginx \
	--server-config "$tmp/none" --state-dir state --json
is "detect: none" 0 "$("$json" out 'servers.#')"

exits "check" 0 site check $settings --json
is "check: ok" true "$("$json" out ok)"
is "check: the certificate" "example.test www.example.test" \
	"$("$json" out 'certificate.names.*' | paste -sd' ')"
is "check: it has its key" true "$("$json" out certificate.has-key)"
is "check: the key fits" true "$("$json" out certificate.key-fits)"
is "check: nothing is said beside" 0 "$(wc -c <err)"
exits "check, refused" 1 site check --cert "$certs/example.test.crt" --json
is "check: not ok" false "$("$json" out ok)"
like "check: why" '^cert.no-key$' "$("$json" out 'findings.*.id' >ids; echo ids)"
exits "check, refused, as text" 1 site check --cert "$certs/example.test.crt"
like "check: stop first" '^stop ' out
is "check: errors come first" stop "$(head -n 1 out | cut -d' ' -f1)"

exits "plan" 0 site plan $settings --json
is "plan: what it edits" "$sites/a.conf" \
	"$("$json" out 'changes.*.path' | grep -x "$sites/a.conf" | head -n 1)"
like "plan: kinds" '^create$' "$("$json" out 'changes.*.kind' >kinds; echo kinds)"
like "plan: a reload" '^run$' kinds
is "plan: the key's mode" 0600 "$("$json" out 'changes.*.mode' | grep 0600)"
"$json" out 'changes.*.diff' >diffs
like "plan: the diff" "^\\+.*listen 127.0.0.1:$https ssl" diffs
unlike "plan: no key" 'PRIVATE KEY-----$|^\+[A-Za-z0-9+/]{60}' out
is "plan: every change has its reason and undo" 0 "$({
	"$json" out 'changes.*.reason'; "$json" out 'changes.*.undo'; } |
	grep -cx null || :)"
files >after
same "plan changed nothing" before after
check "nor made any state" test ! -e state
exits "plan as text" 0 site plan $settings
cp out plan.txt
like "plan: why" 'why: ' out
like "plan: undo" 'undo: ' out
if command -v patch >/dev/null; then
	mkdir -p copy/certificates/example.test
	cp -R etc copy
	sed -i "s|$tmp/|$tmp/copy/|g" copy/etc/sites/*.conf
	sed "s|$tmp/|$tmp/copy/|g" plan.txt >copy.patch
	check "its diff is fit for patch" patch -s -p0 -d / -i "$tmp/copy.patch"
fi

exits "status before anything" 0 "$HTTPS_SETUP" status --state-dir state --json
is "status: nothing is open" 0 "$("$json" out 'open.#')"
exits "history before anything" 0 "$HTTPS_SETUP" history --state-dir state --json
is "history: nothing" 0 "$("$json" out 'transactions.#')"
exits "rollback before anything" 3 "$HTTPS_SETUP" rollback --yes --state-dir state
exits "rollback of nothing as JSON" 3 "$HTTPS_SETUP" rollback --yes --json \
	--state-dir state
is "rollback: its code" 3 "$("$json" out error.code)"
exits "recover before anything" 0 "$HTTPS_SETUP" recover --state-dir state --json
is "recover: nothing" 0 "$("$json" out 'recovered.#')"

exits "apply without a terminal" 3 site apply $settings
exits "apply" 0 site apply --yes --json $settings --save-answers answers.xml
is "apply: its command" apply "$("$json" out command)"
is "apply: committed" committed "$("$json" out state)"
is "apply: verified" true "$("$json" out verified)"
id=$("$json" out transaction)
unlike "apply: no error in what was seen" '^error$' \
	"$("$json" out 'verify.*.severity' >seen || :; echo seen)"
is "apply: it is served" "$(of_file "$certs/example.test.crt")" \
	"$(served example.test)"
if [ -d copy/certificates ]; then
	sed "s|$tmp/copy/|$tmp/|g" copy/etc/sites/a.conf >patched
	same "apply did what the diff said" patched "$sites/a.conf"
fi
unlike "the answers hold no secret" secret answers.xml
files >applied

exits "the answers do the same" 0 setup apply --yes --json --answers answers.xml \
	--passphrase-file passphrase
is "that is nothing" null "$("$json" out transaction)"
is "no change" 0 "$("$json" out 'changes.#')"
files >again
same "nothing was changed" applied again
exits "the passphrase from a descriptor" 0 sh -c '
	exec 5<passphrase
	"$HTTPS_SETUP" check --passphrase-fd 5 "$@"' _ --answers answers.xml \
	--state-dir "$tmp/state" --cert-dir "$tmp/certificates"

exits "history" 0 "$HTTPS_SETUP" history --state-dir state --json
is "history: it is there" "$id" "$("$json" out 'transactions.*.id')"
is "history: how it ended" committed "$("$json" out 'transactions.*.state')"
exits "history as text" 0 "$HTTPS_SETUP" history --state-dir state
like "history: text" "^$id .* committed" out

exits "verify" 0 site verify $settings --json
is "verify: ok" true "$("$json" out ok)"
is "verify: trusted" true "$("$json" out 'probes.*.trusted' | sort -u)"
exits "verify an address" 1 "$HTTPS_SETUP" verify "https://127.0.0.1:$https/" \
	--json --ca "$certs/root.crt"
is "verify: the name does not fit an address" live.name \
	"$("$json" out 'findings.*.id' | grep -x live.name)"
free_port nobody
exits "verify where nobody listens" 1 "$HTTPS_SETUP" verify \
	"https://127.0.0.1:$nobody/" --json
like "verify: live.connect" '^live.connect$' \
	"$("$json" out 'findings.*.id' >ids; echo ids)"

issue renewed DNS:example.test DNS:www.example.test
exits "renew" 0 setup renew --yes --json --cert "$certs/renewed.chain.crt" \
	--key "$certs/renewed.key"
is "renew: committed" committed "$("$json" out state)"
is "renew: the new one is served" "$(of_file "$certs/renewed.crt")" \
	"$(served example.test)"
is "renew: the site's file is as it was" "$(grep a.conf -A1 applied)" \
	"$(files | grep a.conf -A1)"
exits "renew with one for another name" 1 setup renew --yes --cert \
	"$certs/root.crt" --key "$certs/root.key"
exits "rollback of that" 0 "$HTTPS_SETUP" rollback --yes --json --state-dir state
files >after
same "rollback: every byte is back" applied after
is "rollback: the old one is served" "$(of_file "$certs/example.test.crt")" \
	"$(served example.test)"

exits "disable" 0 setup disable --yes --json --name example.test
is "HTTPS is gone" "curl 7" "$(visit "https://example.test:$https/")"
is "HTTP is there" 200 "$(visit "http://example.test:$http/")"
exits "rollback of that" 0 "$HTTPS_SETUP" rollback --yes --state-dir state
exits "rollback by its id" 0 "$HTTPS_SETUP" rollback "$id" --yes --state-dir state
files >after
same "everything is as it was in the beginning" before after

# not confirmed: taken back
exits "apply that nobody confirms" 6 site apply --yes $settings \
	--confirm-within 1
files >after
same "and every byte is back" before after
exits "the same as JSON" 6 site apply --yes --json $settings --confirm-within 1
is "its state" rolled-back "$("$json" out state)"
is "its code" 6 "$("$json" out error.code)"

# a signal while it waits takes it back as well
"$HTTPS_SETUP" apply --yes --server nginx --server-config "$conf" \
	--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
	--ca "$certs/root.crt" --name example.test --https-port "$https" \
	--firewall none $settings --confirm-within 60 >wait.out 2>wait.err &
waits=$!
wait_until grep -q 'unless it is kept' wait.out ||
	fail "it waits" "$(cat wait.out wait.err)"
is "status elsewhere: it waits" awaiting-confirm "$(
	"$HTTPS_SETUP" status --state-dir state --json >waiting &&
		"$json" waiting 'open.*.state')"
exits "another one has to wait" 3 site apply --yes $settings
kill -TERM $waits
status=0
wait $waits || status=$?
is "ended by the signal" 143 "$status"
like "it says what became of it" 'ended by a signal; everything was taken back' wait.err
files >after
same "every byte is back after the signal" before after

# a log tells, and keeps secrets
exits "with a log" 0 site check $settings --log log --verbose
unlike "no secret in it" 'secret|PRIVATE' log

# a library that is opened when it is needed, and is not what it should be
mkdir broken
: >broken/libssl.so.3
mkdir none
exits "what needs no OpenSSL runs without it" 0 \
	env LD_LIBRARY_PATH="$tmp/broken" "$HTTPS_SETUP" detect --root none
exits "what needs it ends with a line" 3 \
	env LD_LIBRARY_PATH="$tmp/broken" "$HTTPS_SETUP" cert show \
	"$certs/example.test.crt"
like "which names the library" '^https-setup: libssl.so.3 cannot be opened: .*; install the package' err
