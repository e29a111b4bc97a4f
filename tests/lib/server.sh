# Private servers on loopback: ports, nginx, waiting.  Whatever is started here
# is stopped by the trap, and nothing of the machine is touched.

# wait_until [-t SECONDS] COMMAND ...: tries until it succeeds; fails when it
# still does not after 10 seconds.
wait_until()
{
	wait_for=10
	[ "$1" != -t ] || { wait_for=$2; shift 2; }
	wait_end=$(($(date +%s) + wait_for))
	until "$@"; do
		[ "$(date +%s)" -le $wait_end ] || return 1
		sleep 0.02
	done
}

# A test takes its ports from 16 of its own, by its process id (apart.sh: the
# one it had outside); they lie below those that the kernel gives to outgoing
# connections.
port_next=$((12000 + ${apart_pid:-$$} % 1250 * 16))

# port_taken PORT: is there a socket with it, on any address?
port_taken()
{
	awk -v port="$(printf '%04X' "$1")" '
		$2 ~ ":" port "$" { found = 1 }
		END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# free_port NAME ...: sets each variable to a port that nobody listens on.
free_port()
{
	for port_name; do
		while port_taken $port_next; do
			port_next=$((port_next + 1))
		done
		eval "$port_name=$port_next"
		port_next=$((port_next + 1))
	done
}

# listens PORT: does somebody?
listens()
{
	awk -v port="$(printf '%04X' "$1")" '
		$2 ~ ":" port "$" && $4 == "0A" { found = 1 }
		END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# nginx_http: the directives that keep nginx's working files in $tmp, for the
# top of an http block.  Only those whose module is built in.
nginx_http()
{
	mkdir -p "$tmp/nginx-work"
	nginx_built=$(nginx -V 2>&1)
	for nginx_module in client_body proxy fastcgi uwsgi scgi; do
		case $nginx_built in
		*"--without-http_${nginx_module}_module"*) continue ;;
		esac
		echo "${nginx_module}_temp_path $tmp/nginx-work/$nginx_module;"
	done
	echo "access_log off;"
}

# nginx_conf FILE: writes a whole nginx.conf around the server blocks that come
# on standard input.
nginx_conf()
{
	{
		# as root, the workers must be able to read $tmp
		[ "$(id -u)" -ne 0 ] || echo "user root;"
		echo "worker_processes 1;"
		echo "pid ${1%.conf}.pid;"
		echo "error_log ${1%.conf}.error.log;"
		echo "events { worker_connections 128; }"
		echo "http {"
		nginx_http
		cat
		echo "}"
	} >"$1"
}

# start_nginx FILE: starts nginx with this configuration, as a daemon of ours;
# returns when it listens.  Its process id is in $nginx_pid, its pid file, for
# the program under test, in $nginx_pid_file.
start_nginx()
{
	nginx_conf=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
	nginx_pid_file=$(awk '$1 == "pid" { sub(";.*", "", $2); print $2 }' \
		"$nginx_conf")
	nginx_set=
	if [ -z "$nginx_pid_file" ]; then
		nginx_pid_file=${nginx_conf%.conf}.pid
		nginx_set="pid $nginx_pid_file;"
	fi
	set -- -p "$(dirname "$nginx_conf")/" -c "$nginx_conf"
	[ -z "$nginx_set" ] || set -- "$@" -g "$nginx_set"
	# before it reads its configuration it writes to a log of the machine
	if nginx -h 2>&1 | grep -q -e ' -e filename'; then
		set -- "$@" -e "${nginx_conf%.conf}.error.log"
	fi
	nginx "$@" >"$started_in/nginx.out" 2>&1 || {
		echo "# nginx does not start:"
		note <"$started_in/nginx.out"
		return 1
	}
	echo "$nginx_pid_file" >>"$started_in/pid-files"
	wait_until test -s "$nginx_pid_file"
	nginx_pid=$(cat "$nginx_pid_file")
	# it has the file a moment before it has its name
	grep -q 'master_process off' "$nginx_conf" ||
		wait_until grep -aqs 'master process' "/proc/$nginx_pid/cmdline"
}

# stop_nginx: stops the one started last, and waits until it is gone.
stop_nginx()
{
	stop_process "$nginx_pid"
}

# start COMMAND ...: runs it in the background until the test ends; its process
# id is in $started, its output in $started_in/start.NUMBER.log.
start_n=0 started_in=$tmp
start()
{
	start_n=$((start_n + 1))
	"$@" >"$started_in/start.$start_n.log" 2>&1 </dev/null &
	started=$!
	echo $started >>"$started_in/pids"
}

# start_in FOLDER FUNCTION ...: the same for a part of the test that starts
# servers itself: they are noted down in that folder.
start_in()
{
	echo "$1" >>"$tmp/parts"
	start run_in "$@"
}

run_in()
{
	started_in=$1 start_n=0
	shift
	"$@"
}

# gone PID: is it no more (or only waits to be buried)?
gone()
{
	! kill -0 "$1" 2>/dev/null ||
		grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

stop_process()
{
	kill "$1" 2>/dev/null || return 0
	wait_until -t 5 gone "$1" || kill -9 "$1" 2>/dev/null || :
}

# stop_all: everything that this test, or the part of it that runs, has
# started.
stop_all()
{
	stop_started "$started_in"
	[ "$started_in" != "$tmp" ] || [ ! -e "$tmp/parts" ] ||
		while read -r stop_part; do
			stop_started "$stop_part"
		done <"$tmp/parts"
}

stop_started()
{
	[ ! -e "$1/pids" ] || while read -r stop_pid; do
		stop_process "$stop_pid"
	done <"$1/pids"
	# a pid file is looked up last, since the program under test may have
	# made nginx start anew
	[ ! -e "$1/pid-files" ] || while read -r stop_file; do
		[ ! -s "$stop_file" ] || stop_process "$(cat "$stop_file")"
	done <"$1/pid-files"
}

# server_logs: what the servers had to say, for a test that failed.
server_logs()
{
	for server_log in "$tmp"/*.error.log "$tmp"/start.*.log; do
		[ ! -s "$server_log" ] || {
			echo "# $server_log:"
			tail -n 40 "$server_log" | note
		}
	done
}
