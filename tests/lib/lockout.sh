# What a firewall has to go through, for the tests of faults.

closed="ssh 200 000 ssh 200 000 "
open="ssh 200 200 ssh 200 200 "

# https COMMAND OPTION ...: the program on the site of tests/lib/net.sh.
https()
{
	https_command=$1
	shift
	"$HTTPS_SETUP" "$https_command" --server nginx \
		--server-config "$conf" --state-dir "$tmp/state" \
		--cert-dir "$tmp/certificates" --ca "$certs/root.crt" "$@"
}

# open_https OPTION ...: the site gets HTTPS, and the firewall its port.
open_https()
{
	https apply --yes --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" "$@"
}

# What others have opened: no rule of ours comes beside it, and theirs stays.
opened_by_others()
{
	nft insert rule inet filter doors tcp dport 443 accept comment \"theirs\"
	rules >rules.before
	exits "opened by others: applied" 0 open_https
	like "opened by others: it is said" 'firewall.already-open' err
	is "opened by others: HTTPS is open" "$open" "$(port_states)"
	rules >rules.now
	same "opened by others: no rule comes beside it" rules.before rules.now
	exits "opened by others: rolled back" 0 https rollback --yes
	rules >rules.now
	same "opened by others: theirs stays" rules.before rules.now
}

# From a login that stands: new SSH connections are shut out already.  That is
# said, and neither mended nor made worse.
ssh_shut()
{
	if [ -z "$ssh_logs_in" ]; then
		skip "SSH is shut out" "nobody can log in here"
		return
	fi
	mkfifo old.in
	in_client_ssh $server4 sh <old.in >old.out 2>&1 &
	echo $! >>"$started_in/pids"
	exec 8>old.in
	echo 'echo is there' >&8
	wait_until grep -q 'is there' old.out
	nft flush chain inet filter doors
	nft add rule inet filter doors tcp dport @web accept
	nft add rule inet filter doors jump leave
	rules >rules.before
	is "SSH is shut out: for whoever is new" \
		"NO-SSH 200 000 NO-SSH 200 000 " "$(port_states)"
	exits "SSH is shut out: applied" 0 open_https
	like "SSH is shut out: it is said" \
		"^note .*nftables lets no new SSH connection to port $ssh_port in.*ssh-shut" \
		err
	is "SSH is shut out: HTTPS is open, SSH is not touched" \
		"NO-SSH 200 200 NO-SSH 200 200 " "$(port_states)"
	echo 'echo goes on' >&8
	check "SSH is shut out: the login that stands goes on" \
		wait_until grep -q 'goes on' old.out
	exits "SSH is shut out: rolled back" 0 https rollback --yes
	rules >rules.now
	same "SSH is shut out: not a rule is left" rules.before rules.now
	exec 8>&-
}

# missing_for BACKEND: the program that it needs, if that is not here.
missing_for()
{
	case $1 in
	nftables*) missing_one=nft ;;
	iptables_nft) missing_one=iptables-nft ;;
	iptables_legacy) missing_one=iptables-legacy ;;
	ufw) missing_one=ufw ;;
	firewalld) missing_one=firewall-cmd ;;
	esac
	command -v $missing_one >/dev/null || echo $missing_one
}

# rules: every rule of every firewall, without what counts.
rules()
{
	nft list ruleset 2>/dev/null | sed 's/packets [0-9]* bytes [0-9]*//' ||
		:
	for rules_of in iptables-legacy ip6tables-legacy; do
		! grep -q filter "/proc/net/${rules_of%tables*}_tables_names" \
			2>/dev/null || "$rules_of-save" | grep -v '^[#:]'
	done
	[ "$backend" != firewalld ] || firewall-cmd --permanent --list-all-zones
	[ ! -r /etc/ufw/user.rules ] || cat /etc/ufw/user*.rules
}

# with_firewall BACKEND FUNCTION ...: a part of the test in a network of its
# own, with this firewall.
with_firewall()
{
	backend=$1
	missing=$(missing_for "$backend")
	if [ -n "$missing" ]; then
		skip "$backend" "$missing is not installed"
		return
	fi
	if ! "firewall_$backend" >firewall.out 2>&1; then
		skip "$backend" "it does not start here: $(tail -n 1 \
			firewall.out)"
		clear_firewall
		return
	fi
	shift
	"$@"
	clear_firewall
}

# clear_firewall: of this name space, after a part.
clear_firewall()
{
	[ "$(readlink /proc/self/ns/net)" != "$net_outside" ] || exit 1
	[ "$backend" != ufw ] || ufw --force disable >/dev/null 2>&1 || :
	if [ "$backend" = firewalld ]; then
		stop_process "$firewalld_pid"
		rm -f /run/firewalld.pid
	fi
	! command -v nft >/dev/null || nft flush ruleset
	for clear_it in iptables-legacy ip6tables-legacy; do
		! command -v $clear_it >/dev/null ||
			grep -qs filter /proc/net/ip*_tables_names || continue
		$clear_it -P INPUT ACCEPT && $clear_it -F && $clear_it -X
	done
}

kept_and_taken_back()
{
	rules >rules.before
	is "$backend: HTTPS is shut, SSH and HTTP are open" "$closed" \
		"$(port_states)"
	exits "$backend: plan shows the command" 0 https plan \
		--name example.test --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
	like "$backend: and what it does" 'open TCP 443 in' out
	rules >rules.now
	same "$backend: plan changes nothing" rules.before rules.now
	exits "$backend: applied" 0 open_https
	like "$backend: it says so, SSH too" \
		"port 443 opened in .*SSH on $ssh_port still answers" out
	is "$backend: HTTPS is open" "$open" "$(port_states)"
	exits "$backend: again: nothing to do" 0 open_https
	exits "$backend: rolled back" 0 https rollback --yes
	is "$backend: HTTPS is shut again" "$closed" "$(port_states)"
	rules >rules.now
	same "$backend: not a rule is left" rules.before rules.now
	tree >now
	same "$backend: nor a file" before now
}

# What the program says at each stage.
stages="staged accepts written reloaded answers opened Undone"
confirm_within=4

# cut_off_at STAGE: an operator applies over SSH, and loses the wire when the
# program says so.  Each of its writes takes a while, so that it is there.
cut_off_at()
{
	cut="$backend, cut off at \"$1\""
	if [ -z "$ssh_logs_in" ]; then
		skip "$cut" "nobody can log in here"
		return
	fi
	rules >rules.before
	cat >cut.sh <<-END
	cd $tmp
	export PATH='$PATH' LC_ALL=C.UTF-8
	exec strace -qq -o /dev/null -e trace=write \
		-e inject=write:delay_exit=300000 \
		$HTTPS_SETUP apply --yes --server nginx --server-config $conf \
		--state-dir $tmp/state --cert-dir $tmp/certificates \
		--ca $certs/root.crt --name example.test \
		--cert $certs/example.test.chain.crt \
		--key $certs/example.test.key --confirm-within $confirm_within
	END
	: >cut.out
	in_client_ssh $server4 -tt sh "$tmp/cut.sh" >cut.out 2>&1 </dev/null &
	cut_pid=$!
	wait_until -t 30 grep -q "$1" cut.out || {
		fail "$cut: it comes that far" "$(cat cut.out)"
		kill $cut_pid
		return
	}
	unplug
	cut_time=$(date +%s)
	kill -9 $cut_pid
	wait $cut_pid 2>/dev/null || :
	! ssh_answers || fail "$cut: it is cut off"
	plug
	check "$cut: SSH answers at once" wait_until -t 5 ssh_answers
	wait_until -t $((confirm_within + 5)) is_as_before || :
	is "$cut: it is taken back" "$closed" "$(port_states)"
	cut_took=$(($(date +%s) - cut_time))
	[ $cut_took -le $((confirm_within + 10)) ] ||
		fail "$cut: in time" "it took $cut_took s"
	nothing "$cut: nothing is left" "$(ls "$tmp/state/tx" 2>/dev/null)"
	rules >rules.now
	same "$cut: not a rule is left" rules.before rules.now
	tree >now
	same "$cut: nor a file" before now
}

is_as_before()
{
	tree >now 2>/dev/null
	diff before now >/dev/null 2>&1 || return 1
	[ -z "$(ls "$tmp/state/tx" 2>/dev/null)" ] || return 1
	rules >rules.now
	diff rules.before rules.now >/dev/null
}

# kill_at STAGE [OPTION ...]: apply is killed when it says so.
kill_at()
{
	kill_stage=$1
	shift
	: >kill.out
	strace -qq -o /dev/null -e trace=write \
		-e inject=write:delay_exit=50000 "$HTTPS_SETUP" apply --yes \
		--server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" "$@" >kill.out 2>&1 &
	kill_pid=$!
	wait_until -t 30 grep -q "$kill_stage" kill.out || :
	# the program is strace's only child
	kill -9 $(cat "/proc/$kill_pid/task/$kill_pid/children") || :
	wait $kill_pid 2>/dev/null || :
}

# Nobody is left to take it back: the next start does.
killed_and_recovered()
{
	rules >rules.before
	kill_at opened --confirm-within 60
	like "$backend, killed: it had opened the port" 'port 443 opened' \
		kill.out
	exits "$backend, killed: recovered" 0 https recover --yes
	is "$backend, killed: HTTPS is shut again" "$closed" "$(port_states)"
	rules >rules.now
	same "$backend, killed: not a rule is left" rules.before rules.now
	exits "$backend, killed: once more" 0 https recover --yes
}

# HTTPS alone: the port of HTTP is closed, and opened again with the rest.
http_closed()
{
	rules >rules.before
	if [ "$backend" = ufw ]; then
		exits "$backend: HTTP is closed by hand" 0 https plan \
			--name example.test --bindings https --close-http \
			--cert "$certs/example.test.chain.crt" \
			--key "$certs/example.test.key"
		like "$backend: it says how" 'ufw delete allow' out
		return
	fi
	exits "$backend: HTTP given up" 0 open_https --bindings https \
		--close-http
	is "$backend: HTTP is shut" "ssh 000 200 ssh 000 200 " \
		"$(port_states)"
	exits "$backend: HTTP, HTTPS off again" 0 https disable --yes \
		--name example.test
	rules >rules.now
	is "$backend: as before HTTPS" "$closed" "$(port_states)"
	same "$backend: not a rule is left by disable" rules.before rules.now
	exits "$backend: disable undone" 0 https rollback --yes
	is "$backend: HTTPS alone again" "ssh 000 200 ssh 000 200 " \
		"$(port_states)"
	exits "$backend: rolled back to the beginning" 0 https rollback --yes
	is "$backend: and is as it was" "$closed" "$(port_states)"
	rules >rules.now
	same "$backend: not a rule is left by rollback" rules.before rules.now
}
