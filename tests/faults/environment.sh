#!/bin/sh
# Where the program runs: variables that load code or tell keys, no locale, no
# time zone, no processes to be had, another user; and that looking writes
# nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl strace
nginx=$(command -v nginx)
step=${STEP:-12}

live_site

# 1. Hostile variables: what they name would leave a mark.
mkdir evil
cat >evil.cnf <<END
openssl_conf = all
[all]
providers = them
[them]
evil = one
[one]
module = $tmp/evil/provider.so
activate = 1
END
cat >spy <<END
#!/bin/sh
env >>$tmp/spied
exec $nginx "\$@"
END
chmod 755 spy
exits "hostile variables: applied" 0 env OPENSSL_CONF="$tmp/evil.cnf" \
	OPENSSL_MODULES="$tmp/evil" SSLKEYLOGFILE="$tmp/keys.log" \
	XML_CATALOG_FILES="$tmp/evil/catalog" TERMINFO="$tmp/evil" \
	IFS=/ ENV="$tmp/evil/env" BASH_ENV="$tmp/evil/env" \
	LD_LIBRARY_PATH="$tmp/evil" PERL5LIB="$tmp/evil" \
	"$HTTPS_SETUP" apply --yes --server nginx --server-config "$conf" \
	--server-binary "$tmp/spy" --state-dir "$tmp/state" \
	--cert-dir "$tmp/certificates" --ca "$certs/root.crt" \
	--https-port "$https" --firewall none --name example.test \
	--cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key"
if [ "$(id -u)" -eq 0 ]; then
	check "no key of a connection is written down" test ! -e keys.log
fi
check "the server's test was run" test -s spied
unlike "its environment is made anew" \
	'^(OPENSSL_|SSLKEY|XML_|TERMINFO|IFS|ENV|BASH_ENV|LD_|PERL)[A-Z_]*=' \
	spied
exits "rolled back" 0 setup rollback --yes

# 2. A locale and a time zone that are not there.
for try in "LC_ALL=xx_YY.UTF-8" "TZ=Nowhere/None" "LC_ALL= LANG= LANGUAGE=" \
	"TZDIR=$tmp/evil TZ=Europe/Berlin"; do
	# the words are variables
	exits "$try: plan" 0 env $try "$HTTPS_SETUP" plan --server nginx \
		--server-config "$conf" --state-dir "$tmp/state" --cert-dir \
		"$tmp/certificates" --ca "$certs/root.crt" --https-port \
		"$https" --firewall none --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
	exits "$try: history" 0 env $try "$HTTPS_SETUP" history \
		--state-dir "$tmp/state"
done

# 3. Looking writes nothing: neither the program nor what it runs, but for
# nginx's own test, which makes what it needs.
tree >looked
for look in "plan --name example.test --cert $certs/example.test.chain.crt
	--key $certs/example.test.key" detect; do
	# the words of the command
	strace -qq -o trace -e trace=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,truncate,ftruncate,utimensat,setxattr,fsetxattr \
		"$HTTPS_SETUP" $look --server nginx --server-config "$conf" \
		--state-dir "$tmp/nowhere" --cert-dir "$tmp/certificates" \
		>out 2>err </dev/null || :
	nothing "${look%% *}: nothing is opened to be written, nor made" \
		"$(grep -Ev '= -1 |"/dev/(null|tty)"' trace |
			grep -E 'O_WRONLY|O_RDWR|O_CREAT|^(creat|mkdir|rename|unlink|link|symlink|f?chmod|f?chown|f?truncate|utimens|f?setxattr)' ||
			:)"
	check "${look%% *}: the trace sees what is opened" \
		grep -q 'O_RDONLY' trace
done
tree >now
same "every byte is as it was" looked now

# 4. No core of a program that holds keys
apply_waits 60
like "no core is written of it" '^Max core file size +0 +0 ' \
	"/proc/$applying/limits"
state_command revert >/dev/null 2>&1 || :
ended "taken back" 6

# 5. No process, no pipe to be had: at every STEP-th try.
apply_line --yes >apply.line
without()
{
	without_n=1 without_struck=0
	: >wrong
	while :; do
		status=0
		strace -qq -o trace -e trace="$1" \
			-e inject="$1:error=$2:when=$without_n" \
			sh apply.line >out 2>err </dev/null || status=$?
		if ! grep -q INJECTED trace; then
			break
		fi
		without_struck=$((without_struck + 1))
		judge_without "$1" >>wrong
		without_n=$((without_n + step))
	done
	state_command rollback --yes >/dev/null 2>&1 </dev/null || :
	nothing "$1 fails with $2, $without_struck times" "$(cat wrong)"
	[ $without_struck -gt 0 ] || fail "$1 fails at all"
}

judge_without()
{
	case $status in
	0 | 1 | 3 | 4) ;;
	*) echo "$1 $without_n: status $status, $(cat err)" ;;
	esac
	[ $status -eq 0 ] || [ -s err ] || echo "$1 $without_n: not a word"
	[ $status -ne 0 ] || state_command rollback --yes >/dev/null 2>err \
		</dev/null || echo "$1 $without_n: rollback: $(cat err)"
	wait_until is_back || :
	tree >now
	cmp -s before now || echo "$1 $without_n: $(diff before now)"
	left=$(ls "$tmp/state/tx")
	[ -z "$left" ] || echo "$1 $without_n: left: $left"
}

for call in clone clone3 fork vfork ${THOROUGH:+pipe2}; do
	strace -qq -o trace -e trace=$call sh apply.line >out 2>err </dev/null
	state_command rollback --yes >/dev/null 2>&1 </dev/null
	wait_until is_back || :
	! grep -q "^$call(" trace || without $call "$(
		[ $call = pipe2 ] && echo EMFILE || echo EAGAIN)"
done

# 6. Somebody else may look, and is told what he may not.
if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null ||
	! setpriv --reuid 65534 --regid 65534 --clear-groups test -x \
		"$HTTPS_SETUP"; then
	skip "another user" "nobody else can run it here"
	exit
fi
chmod 755 "$tmp" "$certs"
chmod 644 "$certs"/*
as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
exits "another user: applying is refused" 3 $as_nobody sh apply.line
like "with what to do" 'root|may not|permission|Permission' err
exits "the state of others is closed to him" 3 $as_nobody "$HTTPS_SETUP" \
	history --state-dir "$tmp/state"
tree >now
same "nothing was written" before now
