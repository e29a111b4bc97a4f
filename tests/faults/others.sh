#!/bin/sh
# What others do meanwhile: an editor saves at any moment, by a new file or in
# place, certbot runs, a second operator starts.  No byte of theirs is lost,
# and what cannot be taken back is said, with both versions.  Apply is stopped
# behind every STEP-th call of a kind; others-sweep.sh stops it at them all, and
# runs certbot.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl strace
step=${STEP:-3}

live_site
cp -a etc pristine

# save HOW: an editor's, with a line more; $ours: is ours what it is added to?
save()
{
	ours=
	! grep -q ssl_certificate "$sites/a.conf" || ours=yes
	case $1 in
	new) sed -i '1i# by hand' "$sites/a.conf" ;;
	place) echo '# by hand' >>"$sites/a.conf" ;;
	esac
}

# stopped CALL NUMBER COMMAND ...: the program under strace is stopped behind
# that call; false when it ended before.
stopped()
{
	stopped_at=$1:signal=STOP:when=$2
	shift 2
	rm -f trace
	strace -qq -o trace -e trace="${stopped_at%%:*}" \
		-e inject="$stopped_at" "$@" >out 2>err </dev/null &
	stopped=$!
	echo $stopped >>"$started_in/pids"
	wait_until stands
	grep -q 'stopped by SIGSTOP' trace
}

stands()
{
	gone $stopped || grep -qs 'stopped by SIGSTOP' trace
}

# let_go: it goes on; its status is in $status.
let_go()
{
	# the program is strace's only child
	! grep -q 'stopped by SIGSTOP' trace ||
		kill -CONT $(cat "/proc/$stopped/task/$stopped/children")
	status=0
	wait $stopped || status=$?
}

# wrong WHAT: adds to the list of what went wrong.
wrong()
{
	echo "$stopped_at, $how: $1 (status $status)"
	note <err
}

# named: are the file and its version from before, which can be had?
named()
{
	grep -q "$sites/a.conf" err &&
		was=$(sed -n 's/.*as it was before: //p' err | head -n 1) &&
		[ -n "$was" ] && cmp -s "$was" "pristine/sites/a.conf"
}

# judge: prints what is wrong after the program has ended.
judge()
{
	grep -q '^# by hand$' "$sites/a.conf" || wrong "the edit is lost"
	grep -q 'server_name example.test' "$sites/a.conf" ||
		wrong "a.conf is not whole"
	cmp -s "$sites/b.conf" pristine/sites/b.conf || wrong "b.conf is another"
	[ "$(visit "http://bystander.test:$http/")" = 200 ] ||
		wrong "the neighbour does not answer"
	case $what$ours:$status in
	apply:[014] | applyyes:[05] | rollback*:[05]) ;;
	*) wrong "unexpected" ;;
	esac
	[ $status -ne 5 ] || named || wrong "the two versions are not named"
	! grep -q '(null)' err || wrong "a version without a path"
	[ $status -ne 1 ] || [ -z "$(find certificates -type f 2>/dev/null)" ] ||
		wrong "something was written all the same"
	case $status in
	[14]) grep -q 'a.conf was changed meanwhile' err ||
		wrong "it is not said why" ;;
	esac
	[ $status -ne 0 ] || judge_undoing
	litter=$(find etc certificates -name '.*.https-setup.*' 2>/dev/null ||
		:)
	[ -z "$litter" ] || wrong "left: $litter"
}

# It was kept in spite of the edit: what undoes it does not undo that.
judge_undoing()
{
	[ "$what" = apply ] || return 0
	setup rollback --yes >rollback.out 2>err </dev/null || status=$?
	[ $status -eq 5 ] || wrong "rollback overlooks the edit"
	named || wrong "rollback does not name the two versions"
	grep -q '^# by hand$' "$sites/a.conf" || wrong "rollback loses the edit"
}

# afresh: as in the beginning.
afresh()
{
	rm -rf state certificates
	rm -f "$sites"/.*.https-setup.*
	cp -p pristine/sites/*.conf "$sites/"
	nginx -s reload -c "$conf" 2>reload.err
	wait_until is_plain
}

is_plain()
{
	! listens "$https" && [ "$(visit "http://example.test:$http/")" = 200 ]
}

# The command lines that strace runs.
common="--state-dir $tmp/state --cert-dir $tmp/certificates --yes"
apply_line --yes >apply.line
rollback="$HTTPS_SETUP rollback $common"

# sweep WHAT CALL: an editor saves behind every STEP-th of those calls, in turn
# in one way and the other, or in both.
sweep()
{
	what=$1 sweep_n=1 sweep_struck=0
	: >wrong
	while for how in ${HOW:-$(alternate)}; do
		afresh
		[ "$what" = apply ] || sh apply.line >out 2>err </dev/null ||
			fail "applied, to be rolled back" "$(cat err)"
		case $what in
		apply) stopped "$2" $sweep_n sh apply.line ;;
		rollback) stopped "$2" $sweep_n $rollback ;;
		esac || { let_go; break 2; }
		save $how
		let_go
		judge >>wrong
		sweep_struck=$((sweep_struck + 1))
	done; do
		sweep_n=$((sweep_n + step))
	done
	nothing "$what: saved behind $sweep_struck calls of $2" "$(cat wrong)"
	[ $sweep_struck -gt 0 ] || fail "$what is stopped at all"
}

alternate()
{
	[ $((sweep_n / step % 2)) -eq 0 ] && echo new || echo place
}

for call in ${CALLS:-renameat2}; do
	sweep apply $call
	# it makes no directory
	[ $call = mkdirat ] || sweep rollback $call
done

# A file that is being written, empty for a moment.
afresh
stopped renameat2 1 sh apply.line || fail "apply is stopped"
what=apply how=torn
exec 9>"$sites/a.conf"
ours=
let_go
cat pristine/sites/a.conf >&9
echo '# by hand' >&9
exec 9>&-
judge >wrong
nothing "an editor in the middle of writing" "$(cat wrong)"

# A second operator.
afresh
stopped fdatasync 1 sh apply.line || fail "apply is stopped"
worker=$(cat "/proc/$stopped/task/$stopped/children")
exits "a second apply is refused" 3 site
like "it is told by whom, since when" \
	"$(id -un).* \(pid ${worker% }, since 20[0-9-]+ [0-9:]+\) is at work" err
exits "a rollback, too" 3 setup rollback --yes
exits "a look is not" 0 setup plan --https-port "$https" --name example.test \
	--cert "$certs/example.test.chain.crt" --key "$certs/example.test.key"
check "status" "$HTTPS_SETUP" status --state-dir "$tmp/state"
like "says who is at work" "pid ${worker% }, since .* is at work" out
echo q | "$HTTPS_SETUP" --plain --server nginx --server-config "$conf" \
	--state-dir "$tmp/state" >out 2>err || :
like "the wizard says so, and may be looked at" \
	'is at work: look around, nothing can be applied' out
like "its questions come" 'What to do, a number' out
# somebody who cannot wait deletes the lock
rm state/lock
exits "B3: without the lock, a second apply is refused" 3 site
like "B3: by whom is said" "\\(pid ${worker% }\\) is at work" err
exits "B3: so is a rollback" 3 setup rollback --yes
exits "B3: and a recovery" 3 setup recover --yes
let_go
is "the first one ends as ever" 0 "$status"
exits "and so does the second" 0 site

# What packages and editors leave beside a file: it is no part of anything, even
# where all of a folder is included, and what is newer is said.
afresh
sed -i "s|include $sites/\*.conf;|include $sites/*;|" "$conf"
mv "$sites/b.conf" "$sites/bystander"
echo 'an older (' >"$sites/.a.conf.swp"
touch -d 2020-02-02 "$sites/.a.conf.swp"
nginx -s reload -c "$conf" 2>reload.err
exits "B9: beside older ones: applied" 0 site
unlike "B9: nothing is said of what is older" 'server.left-beside' err
exits "B9: rolled back" 0 setup rollback --yes
# hidden ones are in no wildcard, the others are not served by this include
sed -i "s|include $sites/\*;|include $sites/a.conf; include $sites/by*;|" \
	"$conf"
nginx -s reload -c "$conf" 2>reload.err
for left in a.conf.dpkg-new a.conf.dpkg-dist a.conf.ucf-new a.conf~ \
	.a.conf.swp; do
	echo "left ( of $left" >"$sites/$left"
	touch -d '1 minute' "$sites/$left"
done
(cd "$sites" && sha256sum ./.a* ./a.conf?*) >left.before
exits "B9: beside newer ones: applied" 0 site
for left in a.conf.dpkg-new a.conf.dpkg-dist a.conf.ucf-new 'a.conf~' \
	'.a.conf.swp'; do
	like "B9: $left is said to be newer" \
		"^warn .*/$left is newer .*server.left-beside" err
done
is "B9: it is served" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
(cd "$sites" && sha256sum ./.a* ./a.conf?*) >left.now
same "B9: what was left is left alone" left.before left.now
exits "B9: rolled back" 0 setup rollback --yes
same "B9: the site is as before" pristine/sites/a.conf "$sites/a.conf"
(cd "$sites" && sha256sum ./.a* ./a.conf?*) >left.now
same "B9: and what was left, too" left.before left.now
mv "$sites/bystander" "$sites/b.conf"
rm "$sites"/.a.conf.swp "$sites"/a.conf?*
cp pristine/nginx.conf "$conf"

# A certbot at work holds its lock beside the configuration: it is said.
if command -v perl >/dev/null; then
	# shellcheck disable=SC2016
	start perl -MFcntl -e 'open(F, ">", "$ARGV[0]/.certbot.lock") or die;
		my $lock = pack("ssx4qqlx4", F_WRLCK, 0, 0, 0, 0);
		fcntl(F, F_SETLK, $lock) or die;
		open(G, ">", $ARGV[1]); close(G);
		select(undef, undef, undef, undef)' "$tmp/etc" "$tmp/locked"
	wait_until test -e locked
	exits "B8: beside a certbot at work: planned" 0 setup plan \
		--https-port "$https" --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
	like "B8: it is said which" \
		"^warn .*process $started\\).*server.certbot-at-work" err
	stop_process "$started"
	exits "B8: when it has ended" 0 setup plan \
		--https-port "$https" --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
	unlike "B8: nothing is said" 'server.certbot-at-work' err
	rm etc/.certbot.lock
else
	skip "B8" "perl is not installed"
fi

# Somebody loads the server anew, or upgrades it, while we are at work and while
# the change waits: what is served is compared, and the new process is found.
afresh
stopped renameat2 4 sh apply.line || fail "B10: apply is stopped"
workers=$(cat "/proc/$nginx_pid/task/$nginx_pid/children")
nginx -s reload -c "$conf" 2>reload.err
reloaded()
{
	[ "$(cat "/proc/$nginx_pid/task/$nginx_pid/children")" != "$workers" ]
}
check "B10: somebody loads the server anew meanwhile" wait_until reloaded
let_go
is "B10: applied all the same" 0 "$status"
is "B10: it is served" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "B10: rolled back" 0 setup rollback --yes

# upgraded: a new program in the place of the old one, as packages do it.
upgraded()
{
	kill -USR2 "$nginx_pid"
	wait_until test -s "$nginx_pid_file.oldbin" &&
		wait_until test -s "$nginx_pid_file" &&
		kill -QUIT "$nginx_pid" &&
		wait_until gone "$nginx_pid" || return
	nginx_pid=$(cat "$nginx_pid_file")
	wait_until grep -aqs 'master process' "/proc/$nginx_pid/cmdline"
}
stop_nginx
# what it is to run again is the program that it was called by
"$(command -v nginx)" -c "$conf" -e "$tmp/nginx.error.log"
wait_until test -s "$nginx_pid_file"
nginx_pid=$(cat "$nginx_pid_file")
for end in revert confirm; do
	afresh
	apply_waits 60
	check "B10: upgraded while it waits" upgraded
	exits "B10: $end" 0 state_command $end
	[ $end = revert ] || {
		ended "B10: $end: the program that waited says so" 0
		is "B10: $end: it is served" "200 hsts(max-age=31536000)" \
			"$(visit "https://example.test:$https/")"
		exits "B10: upgraded, rolled back" 0 setup rollback --yes
	}
	[ $end = confirm ] ||
		ended "B10: $end: the program that waited says so" 6
	as_before "B10: upgraded, $end"
done

# certbot
thorough || exit 0
if ! command -v certbot >/dev/null || ! certbot plugins 2>/dev/null \
	</dev/null | grep -q nginx; then
	skip "certbot" "it is not installed, or its nginx plugin is not"
	exit
fi

# certbot_installs NAME: its own certificate, on its own.
certbot_installs()
{
	certbot install --nginx --non-interactive -d "$1" \
		--nginx-server-root "$tmp/etc" --nginx-sleep-seconds 0 \
		--https-port "$other" --http-01-port "$http" \
		--config-dir "$tmp/cb/config" --work-dir "$tmp/cb/work" \
		--logs-dir "$tmp/cb/logs" --cert-path "$certs/$1.crt" \
		--key-path "$certs/$1.key" \
		--chain-path "$certs/intermediate.crt" \
		--fullchain-path "$certs/$1.chain.crt" >certbot.out 2>&1 </dev/null ||
		fail "certbot runs" "$(cat certbot.out)"
}

# renews: as certbot does: new files, and the links to them.
renews()
{
	mkdir -p le/archive/example.test le/live/example.test
	for part in fullchain privkey; do
		from=$certs/example.test.chain.crt
		[ $part = fullchain ] || from=$certs/example.test.key
		cp "$from" "le/archive/example.test/$part$1.pem"
		ln -sfn "../../archive/example.test/$part$1.pem" \
			"le/live/example.test/$part.pem"
	done
}

letters()
{
	(cd le && find . | LC_ALL=C sort | while read -r letter; do
		echo "$letter $(readlink "$letter" || :)"
		[ ! -f "$letter" ] || sha256sum <"$letter"
	done)
}

free_port other
afresh
issue bystander.test
renews 1
is "certbot's live files are read" 0 "$(site --cert \
	"$tmp/le/live/example.test/fullchain.pem" --key \
	"$tmp/le/live/example.test/privkey.pem" --confirm-within 0 \
	>out 2>err </dev/null; echo $?)"
issue example.test
renews 2
letters >le.renewed
certbot_installs bystander.test
cp "$sites/b.conf" b.certbot
check "certbot has written" grep -q 'managed by Certbot' b.certbot
exits "rolled back behind a renewal and another site of certbot's" 0 \
	setup rollback --yes
letters >le.now
same "its files and links are as it left them" le.renewed le.now
same "so is its site" b.certbot "$sites/b.conf"
same "and ours is as before" pristine/sites/a.conf "$sites/a.conf"

afresh
apply_waits 60
exits "a deploy hook has to wait" 3 setup renew --yes \
	--cert "$tmp/le/live/example.test/fullchain.pem" \
	--key "$tmp/le/live/example.test/privkey.pem"
like "and is told for what" 'waits to be confirmed' err
certbot_installs example.test
cp "$sites/a.conf" a.certbot
check "certbot has written into our site" grep -q 'managed by Certbot' \
	a.certbot
exits "taken back: a conflict" 5 state_command revert
named && ok "both versions are named" ||
	fail "both versions are named" "$(cat err)"
same "not a byte of certbot's is lost" a.certbot "$sites/a.conf"
ended "the program that waited says so, too" 5
