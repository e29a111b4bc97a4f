#!/bin/sh
# Whose word keeps a change that was made over SSH: that of a login which began
# after it.  Real SSH connections into a network of the test's own: the one it
# was made from, older ones, new ones, with tmux and what sudo does in between.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl script
own_network
[ -n "$ssh_logs_in" ] || skip_all "nobody can log in here"
json=$builddir/tests/integration/json
unset SSH_CONNECTION SSH_CLIENT SSH_TTY SUDO_USER TMUX
net_site

# One line for each program that is run in a login.
cat >here.sh <<END
cd $tmp
export PATH='$PATH' LC_ALL=C.UTF-8 HOME=$tmp TERM=vt100
END
for command in apply confirm revert status wizard; do
	cp here.sh "$command.sh"
done
cat >>apply.sh <<END
exec $HTTPS_SETUP apply --server nginx --server-config $conf \
	--state-dir $tmp/state --cert-dir $tmp/certificates \
	--ca $certs/root.crt --firewall none --name example.test \
	--cert $certs/example.test.chain.crt --key $certs/example.test.key \
	--confirm-within 60
END
for command in confirm revert status; do
	echo "exec $HTTPS_SETUP $command --state-dir $tmp/state \"\$@\"" \
		>>"$command.sh"
done
cat >>wizard.sh <<END
exec $HTTPS_SETUP --plain --server nginx --server-config $conf \
	--state-dir $tmp/state --cert-dir $tmp/certificates
END

# shell NAME [OPTION ...]: a login that stays: what is written into NAME.in it
# runs, what that says is in NAME.out.
shell()
{
	shell_name=$1
	shift
	mkfifo "$shell_name.in"
	: >"$shell_name.out"
	in_client_ssh $server4 "$@" sh <"$shell_name.in" \
		>"$shell_name.out" 2>&1 &
	echo $! >>"$started_in/pids"
	eval "exec $fd>$shell_name.in"
	say $fd "echo is there"
	wait_until grep -q 'is there' "$shell_name.out"
}

say()
{
	eval "echo \"\$2\" >&$1"
}

# asks NAME COMMAND: that in the login, to its end; its status is in $answer.
asks()
{
	: >"$tmp/asked"
	rm -f "$tmp/status"
	say $fd "($2) >$tmp/asked 2>&1 </dev/null; echo \$? >$tmp/status"
	wait_until test -s status
	answer=$(cat status)
}

# refused NAME STATUS TEXT: was it, with what to do?
refused()
{
	is "$1: refused" 1 "$answer"
	like "$1: with the reason" "$2" asked
	like "$1: and the way" 'log in anew and run https-setup confirm' asked
}

# apply_at_terminal COMMAND ...: an operator applies on a terminal; its code
# is in $code.
apply_at_terminal()
{
	: >terminal.out
	rm -f terminal.in
	mkfifo terminal.in
	"$@" <terminal.in >terminal.out 2>&1 &
	terminal=$!
	echo $terminal >>"$started_in/pids"
	exec 7>terminal.in
	wait_until grep -q 'yes or no' terminal.out
	echo yes >&7
	wait_until grep -q 'https-setup confirm [0-9]' terminal.out ||
		fail "it waits" "$(cat terminal.out)"
	code=$(sed -n 's/.*https-setup confirm \([0-9]*\).*/\1/p' terminal.out)
}

over_ssh()
{
	apply_at_terminal in_client_ssh $server4 -tt sh "$tmp/apply.sh"
}

# answered NAME WORD: the operator's terminal says how it ended.
answered()
{
	wait_until grep -q "$2" terminal.out || :
	like "$1" "$2" terminal.out
	exec 7>&-
	wait $terminal 2>/dev/null || :
}

# undone NAME: and is as it was.
undone()
{
	"$HTTPS_SETUP" rollback --yes --state-dir "$tmp/state" \
		>/dev/null 2>&1 </dev/null || :
	wait_until is_as_before || :
	tree >now
	same "$1: every byte is as before" before now
}

is_as_before()
{
	tree >now
	cmp -s before now
}

# 1. Logins that were there before: one of them carries others.
fd=5 shell older -o ControlMaster=yes -o ControlPath="$tmp/master"
if command -v tmux >/dev/null; then
	tmux="tmux -S $tmp/tmux -f /dev/null"
	fd=5 asks older "$tmux new-session -d -s work sh"
fi
over_ssh
like "the terminal says how it is kept" 'from a NEW login' terminal.out

echo yes >&7
wait_until grep -q 'made from' terminal.out || :
like "a word in the same login does not keep it" 'made from' terminal.out

fd=5 asks older "sh $tmp/confirm.sh $code"
refused "an older login" 'older than the change'
fd=5 asks older "env -i sh $tmp/confirm.sh $code"
refused "an older login, as sudo has it" 'older than the change'
status=0
in_client_ssh $server4 -S "$tmp/master" sh "$tmp/confirm.sh" "$code" \
	>asked 2>&1 </dev/null || answer=$?
refused "a new session in an old connection" 'older than the change'
if [ -n "${tmux-}" ]; then
	fd=5 asks older "$tmux send-keys -t work 'sh $tmp/confirm.sh $code \
>$tmp/window 2>&1; echo \$? >$tmp/window.status' Enter"
	wait_until test -s window.status || :
	answer=$(cat window.status)
	cp window asked
	refused "an older window of tmux" 'older than the change'
	rm -f window.status
	# what it was opened from is what its environment says
	fd=5 asks older "$tmux new-window -t work 'sh $tmp/confirm.sh $code \
>$tmp/window 2>&1; echo \$? >$tmp/window.status'"
	wait_until test -s window.status || :
	answer=$(cat window.status)
	cp window asked
	refused "a new window of tmux, opened from there" \
		'older than the change'
else
	skip "tmux" "it is not installed"
fi
exits "it waits on" 0 in_client_ssh $server4 sh "$tmp/status.sh"
like "a new login sees by whom, from where" \
	"by root on pts/[0-9]+ from $client4" out
like "how long" 'undone in [01]:[0-9][0-9] unless it is kept from a NEW' out

# 2. The new login.
exits "a new login without the code" 2 in_client_ssh $server4 \
	sh "$tmp/confirm.sh"
exits "with a wrong one" 1 in_client_ssh $server4 sh "$tmp/confirm.sh" \
	"$(printf '%06d' $(((${code#"${code%%[!0]*}"} + 1) % 1000000)))"
exits "with the code, as sudo has it" 0 in_client_ssh $server4 \
	"env -i SUDO_USER=ada sh $tmp/confirm.sh $code; exit \$?"
answered "the operator's terminal is told" kept
"$HTTPS_SETUP" history --state-dir "$tmp/state" --json >history.json
is "history: by whom" "ada from $client4" \
	"$("$json" history.json 'transactions.*.events.*.who')"
undone "kept by a new login"

thorough || exit 0
# 3. It may be taken back from wherever.
over_ssh
exits "reverted by a new login" 0 in_client_ssh $server6 sh "$tmp/revert.sh"
answered "the operator is told by whom" "taken back by root from $client6"
undone "reverted"
# 4. A second login starts the wizard.
over_ssh
: >second.out
{ echo 000000; echo "$code"; } | in_client_ssh $server4 \
	sh "$tmp/wizard.sh" >second.out 2>&1 && answer=0 || answer=$?
like "the wizard says what waits" 'A change waits to be confirmed' second.out
like "since when, by whom" \
	"example.test on nginx .*since 20.*, by root on pts/.* from $client4" \
	second.out
like "and what it changed" "changed  $tmp/etc/sites/a.conf" second.out
like "how long" 'undone in [01]:[0-9][0-9]' second.out
like "a wrong code is told there" 'not the code' second.out
like "the right one keeps it" 'Confirmed' second.out
answered "the operator is told" 'kept'
undone "kept in the wizard"
over_ssh
exits "left waiting" 3 in_client_ssh $server4 sh "$tmp/wizard.sh"
echo revert | in_client_ssh $server4 sh "$tmp/wizard.sh" >second.out 2>&1 &&
	answer=0 || answer=$?
is "taken back in the wizard" 6 "$answer"
answered "the operator is told of it" 'taken back by root'
undone "taken back in the wizard"

# 5. On a console the same terminal will do.
apply_at_terminal script -qfec "sh $tmp/apply.sh" /dev/null
unlike "a console: no new login is asked for" 'NEW login' terminal.out
echo yes >&7
answered "a word keeps it" 'kept'
undone "kept on a console"
