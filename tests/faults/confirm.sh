#!/bin/sh
# A change that waits to be confirmed, and everything that may come between:
# a terminal that goes away, processes that are killed, wrong codes, a second
# operator, an editor, time that is over.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl script pgrep

live_site

# 1. kept by another process
apply_waits 60
note_id
waiting
is "status: it is watched" true "$("$json" status.json 'open.*.watched')"
exits "another apply is refused" 3 site
like "and told by whom, and the way" 'waits to be confirmed.*revert' err
exits "a rollback, too" 3 state_command rollback --yes
exits "what is seen needs no lock" 0 setup detect
exits "nor does a plan" 0 setup plan --https-port "$https" --name example.test \
	--cert "$certs/example.test.chain.crt" --key "$certs/example.test.key"
exits "a wrong code" 1 state_command confirm "$(printf '%06d' \
	$(((${code#"${code%%[!0]*}"} + 1) % 1000000)))"
like "is told" 'not the code; 4 more tries' err
exits "the right one, from another process" 0 state_command confirm "$code"
ended "apply ends well" 0
is "and it is live" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "history: by whom" confirmed "$(last events.*.what)"
check "the watchdog has nothing left to do" wait_until unwatched
exits "nothing is left to confirm" 3 state_command confirm "$code"
exits "and it can be rolled back" 0 state_command rollback --yes
as_before "rollback"

# 2. five wrong codes, then not even the right one; revert
apply_waits 60
wrong=$(printf '%06d' $(((${code#"${code%%[!0]*}"} + 7) % 1000000)))
for try in 1 2 3 4 5; do
	state_command confirm "$wrong" >/dev/null 2>err || :
done
like "the last try is told" 'last try' err
exits "then the right one is too late" 1 state_command confirm "$code"
exits "revert takes it back" 0 state_command revert
ended "apply says so" 6
like "by whom" 'taken back by .*everything was taken back' apply.err
as_before "revert"
is "history: why" reverted "$(last events.*.what)"
is "and that it was looked at" right "$(last events.*.verified)"
exits "nothing waits any more" 3 state_command revert

# 3. nobody comes
apply_waits 1
ended "not confirmed" 6
as_before "time is over"
is "history: not in time" "not confirmed in time" "$(last events.*.what)"
is "looked at" right "$(last events.*.verified)"

# 4. the terminal goes away: everything is back, and everybody says so
apply_line --yes --confirm-within 3 >pty.sh
start script -qfec 'trap : HUP; sh pty.sh; echo $? >pty.status' pty.log
wait_until grep -aq 'https-setup confirm [0-9]' pty.log
note_id
kill -9 "$started" # with script(1) its end of the terminal
wait_until no_longer || fail "hung up: it is over"
as_before "hung up"
wait_until test -s pty.status
is "hung up: it ends as not confirmed" 6 "$(cat pty.status)"
is "history: rolled back" rolled-back "$(last state)"
is "because nobody confirmed it" "not confirmed in time" \
	"$(last 'events.*.what')"
is "looked at" right "$(last 'events.*.verified')"

# 5. the program is killed while it waits: it can still be kept, or its time is
# over
apply_waits 60
note_id
kill -9 $applying
ended "killed" 137
check "it waits on" waiting
exits "and is confirmed" 0 state_command confirm "$code"
is "live" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "rolled back" 0 state_command rollback --yes
apply_waits 2
kill -9 $applying
ended "killed, and nobody confirms" 137
wait_until no_longer || :
as_before "killed"
is "history: by the watchdog" "the watchdog" \
	"$(last 'events.*.who' | cut -d' ' -f1,2)"

# 6. the watchdog is killed: the program itself sees to it
apply_waits 2
note_id
kill -9 "$(watchdog)"
wait_until unwatched
waiting
is "status: nobody watches" false "$("$json" status.json 'open.*.watched')"
ended "without a watchdog" 6
as_before "without a watchdog"

# 7. both are killed: the next start takes it back, but not before its time
apply_waits 2
note_id
kill -9 "$(watchdog)" $applying
ended "both killed" 137
wait_until unwatched
check "it is live until then" waiting
wait_until is_expired
exits "the next start" 0 state_command recover --yes
like "takes it back" "$(cat id) was interrupted" out
as_before "both killed"

# 8. an editor saves while it waits: nothing of that is lost
apply_waits 60
echo "# by hand" >>"$sites/b.conf"
echo "# by hand as well" >>"$sites/a.conf"
exits "a conflict is said" 5 state_command revert
like "with both versions" "$sites/a.conf" err
like "and how it goes on" "https-setup rollback $(last id) then" err
like "and what it names, which was not there before" \
	'stays as it is, since others may need it by now; before there was none' \
	err
unlike "each with words" 'null' err
ended "and the program says so, too" 5
like "history does not say that everything is back" \
	'"detail": "127.0.0.1 does not answer as before, nor is every file' \
	"$("$HTTPS_SETUP" history --state-dir "$tmp/state" --json \
		>history.json; echo history.json)"
like "b.conf has its new line" '^# by hand$' "$sites/b.conf"
like "a.conf too" '^# by hand as well$' "$sites/a.conf"
is "the server answers" 200 "$(visit "http://bystander.test:$http/")"
cp "$(sed -n 's/.*as it was before: //p' err | head -n 1)" a.was
check "and the version from before can be had" grep -q example.test a.was
cp a.was "$sites/a.conf"
exits "put right by hand, and gone on with" 0 state_command rollback \
	"$(last id)" --yes
nothing "nothing of ours is left" "$(find certificates -type f 2>/dev/null || :)"
check "and b.conf is as somebody left it" grep -q '^# by hand$' \
	"$sites/b.conf"
