#!/bin/sh
# Which firewall is changed, and how: the one that decides; not one that rests;
# none where several do.  Nothing is ever enabled, flushed or loaded anew.  And
# what the wizard says about it.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl nft strace
own_network
. "$srcdir/tests/lib/lockout.sh"
json=$builddir/tests/integration/json
net_site

# Every program that is run, with its words.
run_by_us()
{
	strace -f --seccomp-bpf -qq -s 200 -e trace=execve -o "$tmp/run" "$HTTPS_SETUP" "$@" \
		--server nginx --server-config "$conf" --state-dir \
		"$tmp/state" --cert-dir "$tmp/certificates" --ca \
		"$certs/root.crt" >out 2>err </dev/null || return
	sed -n 's/^[0-9]* *execve("[^"]*", \(\[.*\]\),.*= 0$/\1/p' "$tmp/run" \
		>>"$tmp/argv"
}

on_site="--name example.test --cert $certs/example.test.chain.crt
	--key $certs/example.test.key"

is_changed_only_by_rules()
{
	rules >rules.before
	: >argv
	run_by_us apply --yes $on_site && run_by_us rollback --yes || {
		fail "$backend: applied and rolled back" "$(cat err)"
		return
	}
	# what these run themselves is their own affair
	grep -E "^\[\"([a-z/]*/)?${backend%_nft}" argv >ours ||
		grep -E '^\["([a-z/]*/)?nft' argv >ours
	like "$backend: it is told what to do" 'allow|"-I"|"-f", "-"' ours
	unlike "$backend: nothing is enabled, flushed, reset or loaded anew" \
		'"(enable|disable|reload|reset|default|flush|-F|-P|-X|-Z|--flush|--policy|--reload|--complete-reload|delete table|restart)"|flush ruleset' \
		ours
	rules >rules.now
	same "$backend: not a rule is left" rules.before rules.now
}
for backend in nftables iptables_nft ${THOROUGH:+ufw}; do
	with_firewall $backend is_changed_only_by_rules
done

# Names that a shell, or a program that takes options, would do.
hostile='--panic-on$(>w)'
with_hostile_names()
{
	rules >rules.before
	exits "$backend, hostile names: applied" 0 https apply --yes $on_site
	is "$backend, hostile names: HTTPS is open" "$open" "$(port_states)"
	exits "$backend, hostile names: rolled back" 0 https rollback --yes
	is "$backend, hostile names: and is shut" "$closed" "$(port_states)"
	rules >rules.now
	same "$backend, hostile names: not a rule is left" rules.before \
		rules.now
	nothing "$backend, hostile names: no shell was there" "$(find . -name w)"
}
hostile_interface()
{
	nft "flush chain inet filter doors;
		add rule inet filter doors iifname \"$wire\" \
			tcp dport { 80, $ssh_port } accept;
		add rule inet filter doors jump leave"
	with_hostile_names
}
hostile_zone()
{
	firewall-cmd -q --permanent --new-zone=--panic-on
	firewall-cmd -q --permanent --zone=--panic-on "--add-interface=$wire"
	for port in 80 $ssh_port; do
		firewall-cmd -q --permanent --zone=--panic-on --add-port=$port/tcp
	done
	firewall-cmd -q --reload
	firewall-cmd --get-zone-of-interface="$wire" >zone
	like "firewalld, hostile names: the wire is in that zone" \
		'^--panic-on$' zone
	with_hostile_names
}
harmless=$wire
call_wire "$hostile"
with_firewall nftables hostile_interface
! thorough || with_firewall firewalld hostile_zone
call_wire "$harmless"

# One that rests is not woken.
rests()
{
	ufw --force disable >/dev/null 2>&1
	nft flush ruleset
	rules >rules.before
	exits "ufw rests: applied" 0 https apply --yes $on_site
	like "it is said" 'firewall.inactive' err
	like "ufw rests" 'inactive' err
	rules >rules.now
	same "and it rests on, not a rule is made" rules.before rules.now
	ufw status >ufw.status
	like "says ufw itself" 'Status: inactive' ufw.status
	exits "rolled back" 0 https rollback --yes
	# another one decides
	firewall_nftables
	rules >rules.before
	exits "beside one that rests: applied" 0 https apply --yes $on_site
	is "the one that decides is opened" "$open" "$(port_states)"
	ufw status >ufw.status
	like "the other one rests on" 'Status: inactive' ufw.status
	exits "beside one that rests: rolled back" 0 https rollback --yes
	rules >rules.now
	same "not a rule is left" rules.before rules.now
}
! thorough || with_firewall ufw rests

# Two that decide.
both_decide()
{
	firewall_nftables
	rules >rules.before
	exits "two firewalls: it is not guessed" 1 https apply --yes $on_site
	like "they are named" 'firewall.several' err
	like "both" 'nftables.*ufw|ufw.*nftables' err
	rules >rules.now
	same "neither is changed" rules.before rules.now
	tree >now
	same "nor a file" before now
	exits "one that is chosen" 0 https plan $on_site --firewall ufw
	like "is what is planned" 'ufw (allow|insert|prepend)' out
	unlike "and no other" 'nft (add|insert)' out
}
! thorough || with_firewall ufw both_decide

# The wizard's page.
if [ ! -x "$builddir/tests/screens/play" ]; then
	skip "the wizard's page" "libvterm is not installed"
	exit
fi
page()
{
	cat >session
	check "$backend: the wizard's page" "$builddir/tests/screens/play" \
		session "$HTTPS_SETUP" --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --name example.test \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key"
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}
shows_what_decides()
{
	page <<-END
	expect Site
	keys <C-n><C-n><C-n><C-n><C-n>
	expect $1
	expect TCP port 443 is $2
	expect Nothing listens on TCP port 443 yet
	$3
	keys <F10><Right><Enter>
	exit 3
	END
}
with_firewall nftables shows_what_decides nftables shut \
	"expect apply will open TCP 443"
! thorough ||
	with_firewall ufw shows_what_decides ufw shut \
		"expect apply will open TCP 443"
