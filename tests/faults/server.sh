#!/bin/sh
# A server that misbehaves: its test prints what it likes, asks at the terminal
# or never ends; its reload does nothing.  Apply says so in a line and leaves
# everything as it was, served as it was.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl script strace
nginx=$(command -v nginx)

live_site

# odd WHAT: a server whose test is odd, and that is nginx in all else.
odd()
{
	cat >odd-nginx <<-END
	#!/bin/sh
	case " \$* " in
	*" -t "*) $1 ;;
	esac
	exec $nginx "\$@"
	END
	chmod 755 odd-nginx
}

# refused NAME [SECONDS]: apply with it fails, within that time.
refused()
{
	refused_since=$(date +%s) status=0
	site --server-binary "$tmp/odd-nginx" --no-trial >out 2>err \
		</dev/null || status=$?
	case $status in
	1 | 3 | 4) ok "$1: refused" ;;
	*) fail "$1: refused" "status $status" "$(cat out err)" ;;
	esac
	refused_took=$(($(date +%s) - refused_since))
	[ $refused_took -le "${2:-10}" ] ||
		fail "$1: in time" "it took $refused_took s"
	refused_says=$(cat out err | wc -c)
	[ "$refused_says" -le 4000 ] ||
		fail "$1: in few words" "$refused_says bytes"
	unlike "$1: without a control byte" '[[:cntrl:]]' err
	as_before "$1"
}

odd 'yes "no, no" | head -c 1000000 >&2; exit 1'
refused "a megabyte"
odd 'printf "nginx: [emerg] \033]0;x\007\033[2J\n" >&2; exit 1'
refused "what terminals obey"
cat out >>err
like "what terminals obey: it is told" '\\x1b\]0;x' err
odd 'kill -SEGV $$'
refused "a crash"

# On a terminal: it may not ask there, and gets no answer.
odd 'echo "Enter PEM pass phrase:" >/dev/tty && read -r word </dev/tty &&
	echo "$word" >'"$tmp"'/word; read -r word && echo "$word" >>'"$tmp"'/word'
sh -c "echo secret | script -qefc \"$(apply_line --yes --no-trial \
	--server-binary "'$tmp/odd-nginx'")\" /dev/null" >out 2>err || :
unlike "asked for a passphrase: nothing comes to the terminal" \
	'Enter PEM' out
check "and it is given none" test ! -e word
setup rollback --yes >/dev/null 2>&1 </dev/null || :
as_before "asked for a passphrase"

# What would be code in a configuration gets into none.
for name in 'x;}load_module/tmp/e.so;#' 'a b' '$host' 'x"y' "x'y" 'x\y' 'x{y'; do
	exits "the name $name" 1 apply --name "$name" \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
done
tree >now
same "no byte is changed by such a name" before now

# Two servers: the one that is named is loaded again, the other left alone.
free_port apart
mkdir apart
echo "server { listen 127.0.0.1:$apart; return 204; }" |
	nginx_conf "$tmp/apart/nginx.conf"
start_nginx "$tmp/apart/nginx.conf"
workers=$(cat "/proc/$nginx_pid/task/$nginx_pid/children")
exits "two servers: applied" 0 site
is "the named one serves it" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
is "the other one has its workers" "$workers" \
	"$(cat "/proc/$nginx_pid/task/$nginx_pid/children")"
exits "two servers: rolled back" 0 setup rollback --yes
as_before "two servers"

thorough || exit 0

odd 'sleep 1000'
refused "a test that never ends, waited for once" 30
like "it is said" 'nginx -t did not end within 20 seconds' err

# A reload that says yes and does nothing: neither this one, nor the one back.
apply_line --yes --no-trial >apply.line
exits "a reload that does nothing" 5 strace -qq -o trace -e trace=kill \
	-e inject=kill:retval=0 sh apply.line
like "it is told" 'did not take over the new configuration' err
check "it was one" grep -q 'SIGHUP.*INJECTED' trace
as_before "a reload that does nothing"
