#!/bin/sh
# What the system's log and `history` say: who, when, from where, which files
# with which hashes, what a look said, how it ended.  Hostile names do nothing
# to either, and no secret is in them.  The log is one of the test's own.
. "${srcdir:-.}/tests/lib/mounts.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl pgrep
own_mounts

SUDO_USER=ada SSH_CONNECTION="192.0.2.7 50022 192.0.2.1 22"
export SUDO_USER SSH_CONNECTION
live_site
own_log log

# logged NAME WORD ...: a line has come with all of these, in this order.
logged()
{
	logged_name=$1 logged_like=$2
	shift 2
	for logged_word; do
		logged_like="$logged_like.*$logged_word"
	done
	wait_until grep -Eq -e "$logged_like" log || :
	like "$logged_name" "$logged_like" log
}

# event WHAT: of the last event of the last transaction.
event()
{
	event_n=$(last events.#)
	"$json" history.json "transactions.*.events.*.$1" | sed -n "${event_n}p"
}

# told NAME WHAT VERIFIED: the same by history.
told()
{
	is "$1: history says so" "$2" "$(event what)"
	is "$1: by whom, from where" "ada from 192.0.2.7" \
		"$(event who | sed 's/ on .* from/ from/')"
	is "$1: looked at" "$3" "$(event verified)"
}

by='who="ada( on [a-z0-9/]+)? from 192\.0\.2\.7"'

exits "applied" 0 site --json
trial=$("$json" out trial)
id=$(last id)
logged "the line is authpriv's, and ours" '^<85>[A-Z][a-z][a-z] [ 0-9]+:' \
	' https-setup\[[0-9]+\]: ' "tx=\"$id\" event=\"begin\"" "$by" \
	'detail="example.test on nginx"'
old=$(sed -n "\|etc/sites/a.conf|{n;p;}" before | cut -d' ' -f1)
new=$(sha256sum <"$sites/a.conf" | cut -d' ' -f1)
logged "each file with its hashes" "tx=\"$id\" event=\"file\"" \
	"path=\"$sites/a.conf\" before=\"$old\" after=\"$new\""
logged "a key without" "path=\"[^\"]*privkey.pem\"$"
logged "how the trial start went" "tx=\"$id\" event=\"trial\"" "$by" \
	"detail=\"$trial\"\$"
logged "what a look said" "tx=\"$id\" event=\"verify\" result=\"right\""
logged "how it ended" "tx=\"$id\" event=\"commit\"" "$by" \
	'detail="kept: committed"'
told "applied" kept right
like "history has the hash, too" "\"after\": \"$new\"" history.json
exits "rolled back" 0 setup rollback --yes
logged "undone" "tx=\"$id\" event=\"rollback\"" "$by" 'undone: rolled-back'
logged "and looked at" "tx=\"$id\" event=\"verify\" result=\"right\"" \
	'answers as before'
told "rolled back" undone right

apply_waits 60
state_command confirm "$(printf '%06d' \
	$(((${code#"${code%%[!0]*}"} + 1) % 1000000)))" >/dev/null 2>&1 || :
state_command confirm "$code" >/dev/null
ended "confirmed" 0
id=$(last id)
logged "it waits" "tx=\"$id\" event=\"await\"" "$by"
logged "a wrong code" "tx=\"$id\" event=\"wrong-code\"" "$by"
logged "confirmed" "tx=\"$id\" event=\"confirm\"" "$by" \
	'confirmed: committed'
told "confirmed" confirmed right
exits "undone" 0 setup rollback --yes
codes=$code

if thorough; then
	apply_waits 60
	state_command revert >/dev/null
	ended "taken back" 6
	logged "reverted" 'event="revert"' "$by" 'reverted: rolled-back'
	told "reverted" reverted right
	codes="$codes|$code"
	apply_waits 1
	kill -9 $applying
	ended "killed" 137
	wait_until is_back || :
	logged "the watchdog" 'event="expire" who="the watchdog of [0-9a-f-]+"' \
		'not confirmed in time: rolled-back'
	codes="$codes|$code"
fi

# Names that would be lines, codes of a terminal, or the end of a value.
esc=$(printf '\033')
hostile="ev
<85>https-setup: tx=\"0\" ${esc}[2J\"x"
mv "$sites/a.conf" "$sites/a$hostile.conf"
SUDO_USER="$hostile" SSH_CONNECTION="$hostile 1 2 3" setup apply --yes \
	--https-port "$https" --firewall none --name example.test \
	--cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key" >out 2>err </dev/null && status=0 ||
	status=$?
if [ $status -eq 0 ]; then
	logged "a hostile user" 'event="begin" who="ev'
	logged "a hostile file" 'event="file" path="[^"]*/aev' \
		'x1b\[2J\\"x.conf" before='
else
	like "a hostile file name is refused" "a.*conf" err
fi
"$HTTPS_SETUP" history --state-dir "$tmp/state" >history.out
unlike "no control byte in history" "[[:cntrl:]]" history.out
unlike "nor in the log" '<control>' log
is "each line of the log is one of ours" "$(wc -l <log)" \
	"$(grep -Ec \
		'^<85>[A-Z][a-z]{2} [ 0-9]+ [0-9:]+ https-setup\[[0-9]+\]: tx="[0-9a-f-]+" event="' log)"
[ $status -ne 0 ] || setup rollback --yes >/dev/null 2>&1 </dev/null

# Secrets: a line of the key, the codes.
sed '1d;$d' "$certs/example.test.key" >secret.lines
nothing "no line of the key is in them" \
	"$(grep -lFf secret.lines log history.out history.json || :)"
nothing "nor in a journal" "$(grep -rlFf secret.lines state --include=journal ||
	:)"
nothing "no code that keeps a change is in them" \
	"$(grep -lEw "$codes" log history.out history.json || :)"

# One who has the socket and never listens is not waited for.
stop_process $own_log_pid
own_log deaf.log deaf
mv "$sites"/a*.conf "$sites/a.conf"
for n in 1 ${THOROUGH:+2 3}; do
	exits "nobody listens: applied" 0 timeout 60 sh -c "$(apply_line --yes)"
	exits "nobody listens: rolled back" 0 setup rollback --yes
done
