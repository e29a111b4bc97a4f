#!/bin/sh
# What nginx's own test does not see is found by starting it on trial, before
# anything live changes; and where no trial can be had, that is said.
#
# With an argument it is a part of itself, for another user or another system:
# it applies once and writes to that file what came of it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl perl pgrep
json=$builddir/tests/integration/json

live_site
if [ $# -gt 0 ]; then
	site --json >result || :
	for what in trial state 'findings.*.id' error.what; do
		"$json" result "$what" || :
	done >"$1"
	exit
fi
unshare -mnp --fork true 2>/dev/null ||
	unshare -Urmnp --fork true 2>/dev/null ||
	skip_all "no network and mounts of its own can be had here"

# still_old: every byte, what is served, and the server's own files.
still_old()
{
	tree >now
	diff before now && [ "$(cat "$nginx_pid_file")" = "$nginx_pid" ] ||
		return 1
	[ "$(visit "http://example.test:$http/")" = 200 ] ||
		{ echo "the old site does not answer"; return 1; }
	[ "$(visit "https://example.test:$https/")" = "curl 7" ] ||
		{ echo "HTTPS answers"; return 1; }
	[ -z "$(ls "$tmp/state/tx" 2>/dev/null)" ] ||
		{ echo "a transaction is left"; return 1; }
	[ "$(pgrep -fc "master process.*$conf")" = 1 ] ||
		{ echo "a server is left"; return 1; }
	! grep -q "$tmp" /proc/mounts || { echo "a mount is left"; return 1; }
}

# refused NAME ID REGEX [OPTION ...]: apply ends with that finding, and nothing
# changed; nor was anything said in the log of the server that runs.
refused()
{
	refused_name=$1 refused_id=$2 refused_says=$3
	shift 3
	tree >before
	cp "${conf%.conf}.error.log" log.before
	exits "$refused_name: refused" 1 site --json "$@"
	mv out result
	is "$refused_name: by the trial" refused "$("$json" result trial)"
	is "$refused_name: id" "$refused_id" "$("$json" result error.id)"
	"$json" result error.what >what
	like "$refused_name: says why" "$refused_says" what
	check "$refused_name: nothing changed" still_old
	same "$refused_name: the live log is as it was" log.before \
		"${conf%.conf}.error.log"
}

# as_it_was: the configuration that the server was started with.
cp -a "$tmp/etc" "$tmp/pristine"
as_it_was()
{
	cp -a "$tmp/pristine/sites" "$tmp/etc/"
	cp -a "$tmp/pristine/nginx.conf" "$tmp/etc/"
	tree >before
}

# blind: nginx -t sees nothing wrong.
blind()
{
	nginx -t -q -c "$conf" -e stderr
}

# occupy PORT: somebody listens there.
occupy()
{
	# shellcheck disable=SC2016
	start perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
		bind(S, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die;
		listen(S, 1); select(undef, undef, undef, undef)' "$1"
	wait_until listens "$1"
}

# Somebody has the port, without listening: no table of listeners shows it.
# shellcheck disable=SC2016
start perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
	bind(S, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die;
	open(F, ">", $ARGV[1]); close(F); select(undef, undef, undef, undef)' \
	"$https" "$tmp/bound"
wait_until test -e "$tmp/bound"
refused "a port is taken" binding.port-in-use "has port $https already"
stop_process "$started"

# Somebody listens where another site was to listen from the next reload on.
free_port other
occupy "$other"
sed -i "s/listen .*/&\n    listen 127.0.0.1:$other;/" "$sites/b.conf"
check "a neighbour's port is taken: nginx -t is blind" blind
refused "a neighbour's port is taken" binding.port-in-use \
	"perl has port $other already"
stop_process "$started"
as_it_was

# A worker that ends as soon as it starts.
sed -i "1i working_directory $tmp/nowhere;" "$conf"
check "a worker dies: nginx -t is blind" blind
refused "a worker dies" server.config-broken 'chdir.*nowhere'
as_it_was

# The same where its words go elsewhere.
for elsewhere in "syslog:server=127.0.0.1:$other" stderr /dev/null; do
	sed -i -e "1i working_directory $tmp/nowhere;" \
		-e "s|^error_log .*|error_log $elsewhere;|" "$conf"
	refused "a worker dies, and says so to ${elsewhere%%=*}" \
		server.config-broken 'chdir.*nowhere'
	as_it_was
done

# Two listeners that are in each other's way.
if [ -e /proc/net/if_inet6 ]; then
	sed -i "s/listen .*/&\n    listen *:$other;\n    listen [::]:$other\
 ipv6only=off;/" "$sites/b.conf"
	check "listeners exclude each other: nginx -t is blind" blind
	refused "listeners exclude each other" server.config-broken \
		"bind.*$other"
	as_it_was
else
	skip "listeners exclude each other" "there is no IPv6"
fi

# A redirect that leads back to itself, which only an answer shows.
echo "map \$scheme \$example_way { default https://example.test:$https\$uri; }" \
	>>"$sites/a.conf"
sed -i "s/server_name example.test;/&\n    rewrite ^ \$example_way permanent;/" \
	"$sites/a.conf"
check "a redirect loop: nginx -t is blind" blind
refused "a redirect loop" live.redirect-loop '.'
as_it_was

# A server whose test says yes to everything, as those of others do to keys
# and certificates; what hangs and what asks for names is tried with it, too.
real=$(command -v nginx)
cat >lax <<-END
	#!/bin/sh
	case " \$* " in *" -t "*) exit 0 ;; esac
	[ "\$1" = -V ] || [ ! -e "$tmp/hang" ] || exec sleep 9876.$$
	exec $real "\$@"
END
chmod +x lax
issue bystander.test
free_port third

# secure_bystander CERTIFICATE KEY: in its file alone.
secure_bystander()
{
	sed -i "s|listen .*|&\n    listen 127.0.0.1:$third ssl;\
\n    ssl_certificate $1;\n    ssl_certificate_key $2;|" "$sites/b.conf"
}

secure_bystander "$certs/bystander.test.crt" "$certs/example.test.key"
refused "a key of another" server.config-broken 'key values mismatch' \
	--server-binary "$tmp/lax"
as_it_was
echo garbage >garbage.crt
secure_bystander "$tmp/garbage.crt" "$certs/bystander.test.key"
refused "a certificate that is none" server.config-broken 'garbage.crt' \
	--server-binary "$tmp/lax"
as_it_was

# One that says a megabyte, and would write to the terminal.
cat >babbler <<-END
	#!/bin/sh
	case " \$* " in *" -t "*) exit 0 ;; esac
	[ "\$1" != -V ] || exec $real -V
	echo >/dev/tty
	exec perl -e 'print STDERR "nginx: [emerg] \\e]0;x\\a bad\\n",
		"x" x 1048576; exit 1'
END
chmod +x babbler
refused "a start that babbles" server.config-broken ' bad' \
	--server-binary "$tmp/babbler"
unlike "what it says is harmless" "$(printf '\033')" what

# kept NAME: apply goes through with a trial; takes it back.
kept()
{
	check "$1: applied" site --json
	mv out result
	is "$1: after a trial" passed "$("$json" result trial)"
	is "$1: served" "200 hsts(max-age=31536000)" \
		"$(visit "https://example.test:$https/")"
	check "$1: taken back" setup rollback --yes
	check "$1: as before" still_old
}

kept "a good change"

# Host names are there at once, whoever knows them: the start goes well, what is
# in the way is found behind it.
if grep -Eq '^hosts:.*\bdns\b' /etc/nsswitch.conf &&
	! grep -Eq '^hosts:.*resolve' /etc/nsswitch.conf; then
	occupy "$other"
	sed -i "s|listen .*|&\n    listen 127.0.0.1:$other;\
\n    location /app/ { proxy_pass http://backend.invalid:8080; }|" \
		"$sites/b.conf"
	refused "a name nobody knows" binding.port-in-use \
		"perl has port $other already" --server-binary "$tmp/lax"
	stop_process "$started"
	as_it_was
else
	skip "a name nobody knows" "names are not looked up by DNS here"
fi

# hanging: does the server hang that was started on trial?
hanging()
{
	pgrep -f "sleep 9876[.]$$" >/dev/null
}
not_hanging()
{
	! hanging
}

# One that listens, and then says nothing.
cat >mute <<-END
	#!/bin/sh
	case " \$* " in *" -t "*) exit 0 ;; esac
	[ "\$1" != -V ] || exec $real -V
	# shellcheck disable=SC2016
	exec perl -MSocket -e 'for (@ARGV) {
		socket(my \$s, PF_INET, SOCK_STREAM, 0) or die;
		bind(\$s, sockaddr_in(\$_, INADDR_LOOPBACK)) or die;
		listen(\$s, 9); push @all, \$s }
		fork and exit; select(undef, undef, undef, undef)' "$http" "$https"
END
chmod +x mute
refused "a server that never answers" live.timeout \
	"127.0.0.1:$https does not finish the handshake" \
	--server-binary "$tmp/mute" --timeout 1
"$json" result error.hint >what
like "a server that never answers: it is said how long, what to do" \
	'started on trial.* had 4 seconds for it; nothing was changed; .*--timeout' what

# A start that takes its time is waited for.
cat >slow <<-END
	#!/bin/sh
	case " \$* " in *" -t "* | *" -V "*) ;; *) sleep 2 ;; esac
	exec $real "\$@"
END
chmod +x slow
check "a slow start: applied" site --json --server-binary "$tmp/slow" \
	--timeout 1
mv out result
is "a slow start: is waited for" passed "$("$json" result trial)"
check "a slow start: taken back" setup rollback --yes

# A start that hangs: killed in the middle nothing is left of it; else it is
# waited for a while only.
touch hang
start "$HTTPS_SETUP" apply --yes --server nginx --server-config "$conf" \
	--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
	--https-port "$https" --firewall none --name example.test \
	--cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key" --server-binary "$tmp/lax"
check "a trial hangs" wait_until hanging
kill -9 "$started"
check "killed: its trial is gone" wait_until -t 2 not_hanging
check "killed: it is recovered from" setup recover --yes
check "killed: nothing changed" still_old
began=$(date +%s)
refused "a start that hangs" server.config-broken \
	'nginx did not come up within 4 seconds on trial' \
	--server-binary "$tmp/lax" --timeout 1
check "it ends in time" [ $(($(date +%s) - began)) -le 15 ]
check "the trial is gone" not_hanging
rm hang

# Without: it is said.
exits "without a trial" 0 site --no-trial
like "it is said" '^note +no trial start: it was not wanted' out

# On what is there already.
issue example.test
check "a renewal" setup renew --yes --name example.test \
	--cert "$certs/example.test.chain.crt" --key "$certs/example.test.key"
like "is tried as well" '^ok +trial start' out
check "HTTPS off" setup disable --yes --name example.test --https-port "$https"
like "and that" '^ok +trial start' out

# In the foreground, on every address, with a socket, and with another user for
# its workers.
stop_nginx
as_it_was
rm -rf "$nginx_pid_file" "$tmp/state" "$tmp/certificates"
sed -i '1i daemon off;' "$conf"
[ "$(id -u)" -ne 0 ] || {
	group=$(id -gn nobody)
	sed -i "s/^user root;/user nobody $group;/" "$conf"
	chmod 755 "$tmp"
	chown nobody "$tmp"/nginx-work/*
}
sed -i "s|listen .*|&\n    listen $other;\n    listen unix:$tmp/www/socket;|" \
	"$sites/b.conf"
start nginx -c "$conf" -e "$tmp/etc/nginx.error.log"
wait_until test -s "$nginx_pid_file"
wait_until listens "$http"
nginx_pid=$(cat "$nginx_pid_file")
tree >before
socket=$(stat -c %i "$tmp/www/socket")
kept "in the foreground, with a socket"
touch hang
refused "in the foreground: a start that hangs" server.config-broken \
	'nginx did not come up within 4 seconds on trial' \
	--server-binary "$tmp/lax" --timeout 1
rm hang
# one of the test's own, since nginx deletes it when it ends
if mknod null c 1 3 2>/dev/null; then
	sed -i "s|^pid .*|pid $tmp/null;|" "$conf"
	exits "in the foreground, without a PID file: applied" 0 site
	like "in the foreground, without a PID file: no trial, and why" \
		'^note +no trial start: .*does not say when it listens' out
	check "in the foreground, without a PID file: taken back" \
		setup rollback --yes
else
	skip "in the foreground, without a PID file" "no device can be made"
fi
is "the socket is the same" "$socket" "$(stat -c %i "$tmp/www/socket")"
check "and answers" curl -s --unix-socket "$tmp/www/socket" \
	http://bystander.test/ -o /dev/null

# A server that another user started may not read what root may: its own start,
# not the one on trial, shows that, and everything is taken back.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	stop_nginx
	as_it_was
	rm -rf "$nginx_pid_file" "$tmp/state" "$tmp/certificates"
	sed -i '/^user /d' "$conf"
	chmod 755 "$tmp"
	chown -R nobody "$tmp/etc" "$tmp/nginx-work"
	start setpriv --reuid 65534 --regid 65534 --clear-groups nginx \
		-c "$conf" -e "$tmp/etc/nginx.error.log"
	wait_until test -s "$nginx_pid_file"
	wait_until listens "$http"
	nginx_pid=$(cat "$nginx_pid_file")
	tree >before
	exits "another user's server: refused" 4 site
	like "another user's server: it is said what it may not read" \
		'cannot load certificate key .*privkey.pem.*Permission denied' \
		err
	check "another user's server: as before" still_old
else
	skip "another user's server" "only root can be others"
fi

# part NAME COMMAND ...: once more, otherwise; what came of it is in `came`.
part()
{
	part_name=$1
	shift
	rm -rf "$tmp/part"
	mkdir "$tmp/part"
	chmod 777 "$tmp/part"
	chmod 755 "$tmp"
	TMPDIR=$tmp/part "$@" sh "$srcdir/tests/faults/trial.sh" \
		"$tmp/part/came" >part.log 2>&1 </dev/null || :
	cp "$tmp/part/came" came 2>/dev/null ||
		{ fail "$part_name" "$(cat part.log)"; : >came; }
}

if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
	skip "another user, no namespaces" "only root can be others"
	exit
fi
if setpriv --reuid 65534 --regid 65534 --clear-groups \
	unshare --user --net true 2>/dev/null; then
	part "an ordinary user" setpriv --reuid 65534 --regid 65534 \
		--clear-groups
	like "an ordinary user: has a trial" '^passed$' came
	like "an ordinary user: applied" '^committed$' came
else
	skip "an ordinary user" "users may not make namespaces here"
fi
if ! unshare --user --map-root-user true 2>/dev/null; then
	skip "no namespaces" "there are none to begin with"
	exit
fi
# shellcheck disable=SC2016
part "no namespaces" unshare --user --map-root-user sh -c \
	'echo 0 >/proc/sys/user/max_net_namespaces; exec "$@"' sh
like "no namespaces: it is said" '^server.no-trial$' came
like "no namespaces: not tried" '^not-tried$' came
like "no namespaces: goes on" '^committed$' came
part "root without its power" setpriv --bounding-set=-sys_admin \
	--inh-caps=-sys_admin
like "root without its power: it is said" '^server.no-trial$' came
like "root without its power: goes on" '^committed$' came
