#!/bin/sh
# Every firewall that is loaded anew by somebody, and one whose program hangs.
THOROUGH=yes
BACKENDS="nftables iptables_nft ufw firewalld"
. "${srcdir:-.}/tests/faults/meddling.sh"
