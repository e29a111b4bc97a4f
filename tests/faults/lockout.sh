#!/bin/sh
# Firewalls, from the other end of the wire: the HTTPS port is shut before, open
# after the change was kept, shut again when it was taken back, and SSH answers
# new connections all the while, whatever is cut off in between.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace
own_network
. "$srcdir/tests/lib/lockout.sh"

quickly()
{
	kept_and_taken_back
	killed_and_recovered
	http_closed
}

net_site
for backend in ${BACKENDS:-nftables iptables_nft ufw}; do
	with_firewall "$backend" quickly
done
with_firewall nftables opened_by_others
with_firewall nftables ssh_shut
