# A network of the test's own: a server with SSH, a firewall and a site, and a
# client on the other end of a wire.  A test that wants it begins with
#
#	. "${srcdir:-.}/tests/lib/net.sh"
#	. "${srcdir:-.}/tests/lib.sh"
#	own_network
#
# The first line starts the test anew in name spaces of its own (network,
# mounts, processes), so that no firewall of the machine is ever touched, and
# everything ends with the test.
if [ -z "${net_outside-}" ]; then
	net_outside=$(readlink /proc/self/ns/net)
	export net_outside
	net_user=
	[ "$(id -u)" -eq 0 ] || net_user=-Ur
	if unshare $net_user -nmp --fork --kill-child --mount-proc true \
		2>/dev/null; then
		exec unshare $net_user -nmp --fork --kill-child --mount-proc \
			/bin/sh "$0" "$@"
	fi
fi

server4=10.77.0.1 client4=10.77.0.2
server6=fd77::1 client6=fd77::2
ssh_port=2222

# own_network: skips the test where there can be none.
own_network()
{
	[ "$(readlink /proc/self/ns/net)" != "$net_outside" ] ||
		skip_all "no network of its own can be made here"
	need ip sshd ssh ssh-keygen curl nsenter
	mount -t tmpfs -o mode=755 tmpfs /run ||
		skip_all "nothing can be mounted here"
	mkdir -p /run/sshd /run/lock
	unshare -n sleep 100000 &
	client_pid=$!
	wait_until other_net
	ip link set lo up
	ip link add wire type veth peer name eth0 netns "$client_pid" ||
		skip_all "no veth in this kernel"
	ip link set wire name eth0
	wire=eth0
	echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad || :
	plug
	in_client ip link set lo up
	in_client ip link set eth0 up
	in_client ip address add $client4/24 dev eth0
	in_client ip -6 address add $client6/64 dev eth0 nodad
	start_sshd
}

other_net()
{
	[ "$(readlink "/proc/$client_pid/ns/net")" != \
		"$(readlink /proc/self/ns/net)" ]
}

# in_client COMMAND ...: on the other end of the wire.
in_client()
{
	nsenter -t "$client_pid" -n "$@"
}

# plug, unplug: the wire.
plug()
{
	ip link set dev "$wire" up
	ip address replace $server4/24 dev "$wire"
	ip -6 address replace $server6/64 dev "$wire" nodad
}

unplug()
{
	ip link set dev "$wire" down
}

# call_wire NAME: the server's end of it is called so from now on.
call_wire()
{
	unplug
	ip link set dev "$wire" name "$1"
	wire=$1
	plug
}

# start_sshd: a real one, for keys alone, on a port that is not its usual one.
start_sshd()
{
	mkdir -p "$tmp/ssh"
	chmod 755 "$tmp"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/host"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/user"
	cp "$tmp/ssh/user.pub" "$tmp/ssh/authorized"
	cat >"$tmp/ssh/sshd_config" <<-END
	Port $ssh_port
	HostKey $tmp/ssh/host
	AuthorizedKeysFile $tmp/ssh/authorized
	PidFile $tmp/ssh/pid
	StrictModes no
	UsePAM no
	UseDNS no
	PermitRootLogin yes
	ClientAliveInterval 1
	ClientAliveCountMax 2
	MaxStartups 100
	END
	start "$(command -v sshd)" -D -e -f "$tmp/ssh/sshd_config"
	wait_until listens $ssh_port
	ssh_logs_in=yes
	in_client_ssh $server4 true || ssh_logs_in=
}

# in_client_ssh ADDRESS COMMAND ...: from the client, over SSH, on the server.
in_client_ssh()
{
	ssh_to=$1
	shift
	in_client ssh -F none -p $ssh_port -i "$tmp/ssh/user" -q \
		-o BatchMode=yes -o ConnectTimeout=2 -o IdentitiesOnly=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o ServerAliveInterval=1 -o ServerAliveCountMax=3 \
		"root@$ssh_to" "$@"
}

# ssh_answers [ADDRESS]: does SSH take a new connection from the client?  Where
# nobody can log in (an ordinary user's name space), its greeting will do.
ssh_answers()
{
	if [ -n "$ssh_logs_in" ]; then
		in_client_ssh "${1:-$server4}" true </dev/null
	else
		ssh_at=${1:-$server4}
		case $ssh_at in *:*) ssh_at="[$ssh_at]" ;; esac
		{ in_client curl -s --noproxy '*' --max-time 2 \
			"http://$ssh_at:$ssh_port/" --http0.9 || :; } |
			grep -aq '^SSH-'
	fi
}

# gets URL-SCHEME [ADDRESS]: the status of the site as the client sees it there.
gets()
{
	gets_at=${2:-$server4}
	case $gets_at in *:*) gets_at="[$gets_at]" ;; esac
	in_client curl -s -o /dev/null -w '%{http_code}' --noproxy '*' \
		--max-time 2 --cacert "$certs/root.crt" \
		--connect-to "::$gets_at:" "$1://example.test/" || :
}

# port_states: what the client reaches, in one line.  All of it is asked for at
# a time, since what is dropped takes its time.
port_states()
(
	for state_at in $server4 $server6; do
		{ ssh_answers $state_at && echo ssh || echo NO-SSH; } \
			>"$tmp/state.$state_at.ssh" &
		gets http $state_at >"$tmp/state.$state_at.http" &
		gets https $state_at >"$tmp/state.$state_at.https" &
	done
	wait
	for state_at in $server4 $server6; do
		for state_of in ssh http https; do
			printf '%s ' "$(cat "$tmp/state.$state_at.$state_of")"
		done
	done
	echo
)

# net_site: a site on the ports 80, with a certificate for it.
net_site()
{
	conf=$tmp/etc/nginx.conf
	mkdir -p "$tmp/etc/sites" "$tmp/www"
	echo page >"$tmp/www/index.html"
	cat >"$tmp/etc/sites/a.conf" <<-END
	server {
	    listen 80;
	    listen [::]:80;
	    server_name example.test;
	    root $tmp/www;
	}
	END
	echo "include $tmp/etc/sites/*.conf;" | nginx_conf "$conf"
	issue example.test
	start_nginx "$conf"
	tree >before
}

# --- The firewalls ---------------------------------------------------------
# Each lets SSH, HTTP and what IPv6 needs in, and nothing else.

# private PATH ...: copies of our own in place of the machine's.
private()
{
	for private_path; do
		[ -e "$private_path" ] || continue
		[ -r "$private_path" ] || return
		private_copy=$tmp/private/$(echo "$private_path" | tr / _)
		[ ! -e "$private_copy" ] || continue
		mkdir -p "$tmp/private"
		cp -a "$private_path" "$private_copy" || return
		mount --bind "$private_copy" "$private_path" || return
	done
}

firewall_nftables()
{
	nft -f - <<-END
	table inet filter {
	    set web { type inet_service; elements = { 80 } }
	    chain leave { counter reject with tcp reset; }
	    chain doors {
	        tcp dport $ssh_port accept
	        tcp dport @web accept
	        ip saddr 192.0.2.0/24 tcp dport 443 accept
	        jump leave
	    }
	    chain input {
	        type filter hook input priority 0; policy drop;
	        ct state vmap { established : accept, related : accept, \
	            invalid : drop }
	        iif lo accept
	        meta l4proto { icmp, ipv6-icmp } accept
	        jump doors
	    }
	    chain forward {
	        type filter hook forward priority 0; policy accept;
	        iifname "none" jump leave
	    }
	}
	END
}

# The two families apart, the policy decides.
firewall_nftables_families()
{
	for family in ip ip6; do
		nft -f - <<-END
		table $family guard {
		    chain in {
		        type filter hook input priority 10; policy drop;
		        ct state established,related accept
		        iif lo accept
		        meta l4proto { icmp, ipv6-icmp } accept
		        tcp dport { 80, $ssh_port } accept
		    }
		}
		END
	done
}

# iptables_with PROGRAM-SUFFIX: both families by that back end.
iptables_with()
{
	for table in iptables ip6tables; do
		set -- "$1" "$table-$1"
		"$2" -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED \
			-j ACCEPT
		"$2" -A INPUT -i lo -j ACCEPT
		"$2" -A INPUT -p icmp -j ACCEPT
		"$2" -A INPUT -p ipv6-icmp -j ACCEPT
		"$2" -A INPUT -p tcp -m multiport --dports 80,$ssh_port \
			-j ACCEPT
		"$2" -A INPUT -j REJECT
		"$2" -P INPUT DROP
	done
}

firewall_iptables_nft() { iptables_with nft; }
firewall_iptables_legacy() { iptables_with legacy; }

firewall_ufw()
{
	private /etc/ufw /etc/default/ufw /lib/ufw || return
	ufw allow $ssh_port/tcp
	ufw allow 80/tcp
	ufw --force enable
}

firewall_firewalld()
{
	private /etc/firewalld || return
	mkdir -p /run/dbus
	cat >"$tmp/bus.conf" <<-END
	<busconfig>
	  <type>system</type>
	  <listen>unix:path=/run/dbus/system_bus_socket</listen>
	  <auth>EXTERNAL</auth>
	  <policy context="default">
	    <allow user="*"/> <allow own="*"/>
	    <allow send_destination="*"/> <allow receive_sender="*"/>
	  </policy>
	</busconfig>
	END
	start dbus-daemon --nofork --nopidfile --config-file="$tmp/bus.conf"
	wait_until test -S /run/dbus/system_bus_socket
	start firewalld --nofork --nopid
	firewalld_pid=$started
	wait_until -t 30 firewall-cmd -q --state
	echo $firewalld_pid >/run/firewalld.pid
	firewall-cmd -q --zone=public --add-interface="$wire"
	for firewalld_for in --permanent --zone=public; do
		firewall-cmd -q $firewalld_for --add-port=$ssh_port/tcp
		firewall-cmd -q $firewalld_for --add-port=80/tcp
	done
}
