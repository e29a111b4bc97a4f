#!/bin/sh
# Every firewall through all of lockout.sh, and the operator's own connection
# cut at each stage of the change: SSH takes a new connection within the
# deadline and five seconds more, and by then everything is as it was.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace
own_network
. "$srcdir/tests/lib/lockout.sh"

all()
{
	kept_and_taken_back
	killed_and_recovered
	http_closed
	for stage in $stages; do
		cut_off_at "$stage"
	done
}

net_site
for backend in ${BACKENDS:-nftables nftables_families iptables_nft \
	iptables_legacy ufw firewalld}; do
	with_firewall "$backend" all
done
