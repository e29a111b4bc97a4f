#!/bin/sh
# Firewalls that others load anew while a change waits (fail2ban, docker, an
# administrator), and programs of theirs that hang or fail: our rule is found by
# its mark or is gone, the kernel is asked for what there is, nothing of others
# is touched, and what could not be done is said with the words to do it.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl
own_network
. "$srcdir/tests/lib/lockout.sh"
json=$builddir/tests/integration/json
net_site

# waits: a change that is to be confirmed, in the background.
waits()
{
	: >wait.out
	open_https --confirm-within 120 >wait.out 2>wait.err </dev/null &
	waiting=$!
	echo $waiting >>"$started_in/pids"
	wait_until -t 30 grep -q 'https-setup confirm [0-9]' wait.out ||
		fail "$backend: it waits" "$(cat wait.out wait.err)"
	is "$backend: HTTPS is open while it waits" "$open" "$(port_states)"
	# a minute behind everybody else
	rules >rules.waiting
	case $backend in
	nftables) like "$backend: the kernel itself would shut it" \
		'443 timeout 3m expires' rules.waiting ;;
	iptables_*)
		iptables-nft -S >rules.waiting
		like "$backend: the kernel itself would shut it" \
			'dport 443 .*--datestop' rules.waiting
		;;
	esac
}

# ended NAME STATUS: how that ends.
ended()
{
	ended_status=0
	wait $waiting || ended_status=$?
	is "$1" "$2" "$ended_status"
}

# as_before NAME: the ports, the rules and every file.
as_before()
{
	is "$1: the ports are as before" "$closed" "$(port_states)"
	rules >rules.now
	same "$1: not a rule is left, none of others is gone" rules.before \
		rules.now
	tree >now
	same "$1: nor a file" before now
	nothing "$1: nothing is left to be done" \
		"$(ls "$tmp/state/tx" 2>/dev/null)"
}

# last_id: of the last transaction.
last_id()
{
	https history --json >history.json
	"$json" history.json 'transactions.*.id' | head -n 1
}

# reload: somebody loads the rules anew, without ours.
reload()
{
	case $backend in
	nftables)
		nft flush ruleset
		firewall_nftables
		;;
	iptables_nft)
		for reload_it in iptables-nft ip6tables-nft; do
			$reload_it -P INPUT ACCEPT
			$reload_it -F
			$reload_it -X
		done
		firewall_iptables_nft
		;;
	ufw) ufw reload ;;
	firewalld) firewall-cmd --reload ;;
	esac >reload.out 2>&1
}

# B11
loaded_anew()
{
	# what only lasts until then is not the same afterwards
	reload
	rules >rules.before
	waits
	reload
	is "$backend, loaded anew: our rule is gone" "$closed" "$(port_states)"
	exits "$backend, loaded anew: taken back" 0 https revert
	ended "$backend, loaded anew: the program that waited says so" 6
	as_before "$backend, loaded anew, taken back"

	waits
	reload
	exits "$backend, loaded anew: confirmed" 0 https confirm
	ended "$backend, loaded anew: it was kept" 0
	is "$backend, loaded anew: kept, HTTPS is open" "$open" "$(port_states)"
	exits "$backend, loaded anew: rolled back" 0 https rollback --yes
	as_before "$backend, loaded anew, rolled back"

	thorough || return 0
	# loaded anew once more, when it is kept and is to be undone
	exits "$backend, kept: applied" 0 open_https
	reload
	case $backend in
	ufw | firewalld) is "$backend, kept, loaded anew: our rule as well" \
		"$open" "$(port_states)" ;;
	*) is "$backend, kept, loaded anew: our rule is gone" "$closed" \
		"$(port_states)" ;;
	esac
	exits "$backend, kept, loaded anew: rolled back" 0 https rollback --yes
	as_before "$backend, kept, loaded anew, rolled back"
}

# odd WHAT: from now on nft does that when it is to change something; the
# change is in $tmp/change.  Each time a line comes in `odd.log`.
nft=$(command -v nft) || nft=
odd()
{
	[ -e nft.real ] || {
		cp "$nft" nft.real
		cat >nft.odd <<-END
		#!/bin/sh
		real=$tmp/nft.real
		tmp=$tmp
		case " \$* " in
		*" -f "*)
			cat >\$tmp/change
			. \$tmp/odd
			exec \$real "\$@" <\$tmp/change
			;;
		esac
		exec \$real "\$@"
		END
		chmod 755 nft.odd
		: >odd
		mount --bind nft.odd "$nft"
	}
	: >odd.log
	cat >odd <<-END
	odd()
	{
		echo x >>\$tmp/odd.log
		$1
	}
	$2 && odd
	END
}

even()
{
	: >odd
}

# struck NAME: that came to pass.
struck()
{
	[ -s odd.log ] || fail "$1: it came to pass"
	even
}

# D8: it hangs, before or after it did what it should.
hangs()
{
	rules >rules.before
	for when in before after; do
		case $when in
		before) odd 'exec sleep 1000' true ;;
		after) odd '$real -j -f - <$tmp/change; exec sleep 1000' \
			'grep -q insert $tmp/change' ;;
		esac
		hangs_since=$(date +%s)
		exits "$backend hangs $when its change: taken back" 4 open_https
		struck "$backend hangs $when"
		hangs_took=$(($(date +%s) - hangs_since))
		[ $hangs_took -le 75 ] ||
			fail "$backend hangs $when: in time" "$hangs_took s"
		like "$backend hangs $when: it is said" 'nft failed: it did not end in time' err
		even
		as_before "$backend hangs $when its change"
	done
}

# D7: the kernel does not take the rule.
fails_to_add()
{
	rules >rules.before
	odd 'echo "Error: Could not process rule: Not supported" >&2; exit 1' \
		true
	exits "$backend does not take it: taken back" 4 open_https
	struck "$backend does not take it"
	like "$backend does not take it: it is said" \
		'nft failed: Error: Could not process rule: Not supported' err
	as_before "$backend does not take it"
}

# D13: what should remove our rule fails.
fails_to_remove()
{
	rules >rules.before
	exits "$backend: applied" 0 open_https
	# shellcheck disable=SC2016
	odd 'echo "Error: Device or resource busy" >&2; exit 1' \
		'[ $(wc -l <$tmp/odd.log) -lt 2 ] && grep -q delete $tmp/change'
	exits "$backend is busy twice: rolled back" 0 https rollback --yes
	is "$backend is busy twice: it was" 2 "$(wc -l <odd.log)"
	struck "$backend is busy twice"
	as_before "$backend is busy twice"

	exits "$backend: applied once more" 0 open_https
	id=$(last_id)
	odd 'echo "Error: Operation not permitted" >&2; exit 1' \
		'grep -q delete $tmp/change'
	exits "$backend refuses: that is not everything taken back" 5 \
		https rollback --yes
	struck "$backend refuses"
	like "$backend refuses: what is left, how to find it, why" \
		"rule for TCP 443 in nftables could not be removed.*https-setup $id.*Operation not permitted" err
	tree >now
	same "$backend refuses: the files are back all the same" before now
	is "$backend refuses: SSH answers, HTTPS does not" \
		"ssh 200 000 ssh 200 000 " "$(port_states)"
	rules | grep -v "https-setup $id" >rules.now
	same "$backend refuses: no rule but ours is left, none is gone" \
		rules.before rules.now
	exits "$backend: status" 0 https status
	check "$backend: history" https history
	like "$backend: history says that not all is back" \
		"$id .*conflict" out
	exits "$backend obeys again: the same once more" 0 \
		https rollback "$id" --yes
	as_before "$backend obeys again"
}

# The same while apply takes itself back.
fails_both_ways()
{
	rules >rules.before
	odd 'grep -q delete $tmp/change || $real -j -f - <$tmp/change
		echo "Error: Operation not permitted" >&2; exit 1' true
	exits "$backend refuses both ways: not everything is taken back" 5 \
		open_https
	struck "$backend refuses both ways"
	id=$(last_id)
	like "$backend refuses both ways: what is left is said" \
		"rule for TCP 443 in nftables could not be removed.*https-setup $id" err
	tree >now
	same "$backend refuses both ways: the files are back" before now
	is "$backend refuses both ways: so is what is served" \
		"ssh 200 000 ssh 200 000 " "$(port_states)"
	exits "$backend obeys again: undone once more" 0 \
		https rollback "$id" --yes
	as_before "$backend obeys again, both ways"
}

# D13, at the deadline, when nobody looks: what is tried, and what is told.
fails_at_the_deadline()
{
	rules >rules.before
	# shellcheck disable=SC2016
	odd 'echo "Error: Device or resource busy" >&2; exit 1' \
		'[ $(wc -l <$tmp/odd.log) -lt 2 ] && grep -q delete $tmp/change'
	exits "$backend is busy at the deadline: taken back" 6 \
		open_https --confirm-within 1
	struck "$backend is busy at the deadline"
	as_before "$backend is busy at the deadline"
}

for backend in ${BACKENDS:-nftables}; do
	with_firewall "$backend" loaded_anew
done
if [ -n "$nft" ]; then
	with_firewall nftables fails_to_add
	with_firewall nftables fails_to_remove
	with_firewall nftables fails_both_ways
	with_firewall nftables fails_at_the_deadline
	! thorough || with_firewall nftables hangs
fi
