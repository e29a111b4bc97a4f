#!/bin/sh
# Applying to a server that lives, or does not: reloads that fail, signals and
# kills in the middle, a second operator, a server that is stopped.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace flock perl

live_site

# as_before NAME: every byte and what is served.
as_before()
{
	tree >now
	same "$1: every byte is as before" before now
	is "$1: HTTP is served as before" 200 "$(visit "http://example.test:$http/")"
	is "$1: there is no HTTPS" "curl 7" "$(visit "https://example.test:$https/")"
}

# Somebody holds the port without listening: nginx -t does not see it, the
# reload fails.
start perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
	bind(S, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die;
	open(F, ">", $ARGV[1]); close(F); select(undef, undef, undef, undef)' \
	"$https" "$tmp/bound"
wait_until test -e "$tmp/bound"
exits "a reload that fails" 4 site --no-trial
like "says why" "$https" err
like "says that all was taken back" 'taken back' out
stop_process "$started"
as_before "a reload that fails"

# A signal in the middle ends the program, but only after the way back.
for nth in 1 3 6; do
	struck "renameat2:signal=TERM:when=$nth" || :
	is "signal at rename $nth: ended by it" 143 $status
	like "signal at rename $nth: it came" 'SIGTERM' trace
	as_before "signal at rename $nth"
done
nothing "nothing is left to recover" "$(ls "$tmp/state/tx")"

# Killed with everything live, not kept: recovery takes it back and reloads.
struck "renameat:signal=KILL:when=1" || :
like "killed before it was filed away" 'killed by SIGKILL' trace
exits "what was kept is kept" 0 setup recover --yes
is "HTTPS is served" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "and can be rolled back" 0 setup rollback --yes
as_before "rollback"

strace -qq -o trace -e trace=pwrite64 "$HTTPS_SETUP" apply --yes \
	--server nginx --server-config "$conf" --state-dir "$tmp/state" \
	--cert-dir "$tmp/certificates" --ca "$certs/root.crt" \
	--https-port "$https" --firewall none --name example.test \
	--cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key" --redirect --hsts \
	>out 2>err </dev/null
last=$(grep -c pwrite64 trace)
exits "rolled back again" 0 setup rollback --yes
struck "pwrite64:signal=KILL:when=$last" || :
like "killed when it was about to be kept" 'killed by SIGKILL' trace
exits "recovery, by whoever comes first" 0 setup recover --yes
as_before "recovery"
exits "history says why" 0 "$HTTPS_SETUP" history --state-dir "$tmp/state"
like "the program that applied it was ended" \
	'the program that applied it was ended.*verified' out

# A second operator is told who the first one is.
start sh -c 'exec 9<>"$1"; flock 9; exec tail -f /dev/null' - "$tmp/state/lock"
wait_until sh -c '! flock -n "$1" true' - "$tmp/state/lock"
exits "somebody else is at work" 3 site
like "who it is" 'pid [0-9]+.*since .*is at work' err
stop_process "$started"
wait_until flock -n "$tmp/state/lock" true
tree >now
same "and nothing was written" before now

# A server that is stopped: files are written, HSTS waits for a live proof.
stop_nginx
exits "with the server stopped" 0 site
like "says that it proved nothing" 'not running|left off' out
check "nginx accepts it" nginx -t -q -c "$conf" -e stderr
start_nginx "$conf"
is "started, it has HTTPS" 200 "$(visit "https://example.test:$https/")"
exits "applied again" 0 site
is "it has HSTS" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
tree >then
ls "$tmp/state/done" >done.before
exits "applied once more" 0 site
tree >now
same "changes nothing" then now
ls "$tmp/state/done" >done.now
same "and makes no transaction" done.before done.now

# Two transactions on the same files, undone one after the other.
exits "rolled back, the last" 0 setup rollback --yes
exits "rolled back, the first" 0 setup rollback --yes
as_before "both rolled back"
