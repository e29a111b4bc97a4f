#!/bin/sh
# Variables of whoever started a privileged run, as a sudo that keeps them hands
# them on: none of the files they name is opened, none of their programs is run,
# no terminal is described by them.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace
[ "$(id -u)" -eq 0 ] || skip_all "what a user sets for himself is his affair"

live_site
mkdir -p evil/bin evil/terminfo evil/etc evil/conv

# Programs: each that may be looked for by its name.
for name in nginx apachectl haproxy nft iptables iptables-nft iptables-legacy \
	ip6tables-nft ip6tables-legacy ufw firewall-cmd systemctl systemd-run \
	ip ss sshd unshare openssl sh; do
	printf '#!/bin/sh\necho %s >>%s/ran\n' "$name" "$tmp" >"evil/bin/$name"
	chmod 755 "evil/bin/$name"
done
# what they name is there, and would be read
for name in openssl.cnf catalog.xml cert.pem curlrc hosts terminfo.db; do
	echo evil >"evil/etc/$name"
done
echo 'module EVIL// INTERNAL evil 1' >evil/conv/gconv-modules

hostile="OPENSSL_CONF=$tmp/evil/etc/openssl.cnf OPENSSL_MODULES=$tmp/evil/etc
	OPENSSL_ENGINES=$tmp/evil/etc SSL_CERT_FILE=$tmp/evil/etc/cert.pem
	SSL_CERT_DIR=$tmp/evil/etc XML_CATALOG_FILES=$tmp/evil/etc/catalog.xml
	SGML_CATALOG_FILES=$tmp/evil/etc/catalog.xml
	CURL_HOME=$tmp/evil/etc HOSTALIASES=$tmp/evil/etc/hosts
	GCONV_PATH=$tmp/evil/conv LOCPATH=$tmp/evil/etc NLSPATH=$tmp/evil/etc/%N
	TERMINFO=$tmp/evil/terminfo TERMINFO_DIRS=$tmp/evil/terminfo
	TERMCAP=$tmp/evil/etc/terminfo.db MALLOC_TRACE=$tmp/evil/etc/malloc
	BASH_ENV=$tmp/evil/etc/hosts ENV=$tmp/evil/etc/hosts"

# hostilely COMMAND OPTION ...: traced, with all of them.
hostilely()
{
	under="env $hostile PATH=$tmp/evil/bin:$PATH $(command -v strace) -f
		--seccomp-bpf -qq -s 200 -o trace
		-e trace=open,openat,openat2,execve,access,faccessat2"
	setup "$@"
}

untouched()
{
	nothing "$1: nothing of theirs is opened or run" \
		"$(grep "$tmp/evil" trace || :)"
	check "$1: the trace sees what is" grep -q "$conf" trace
	check "$1: none of their programs ran" test ! -e ran
}

exits "looking" 0 hostilely detect
untouched "looking"
exits "applied" 0 hostilely apply --yes --https-port "$https" \
	--name example.test --cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key"
untouched "applied"
exits "rolled back" 0 hostilely rollback --yes
untouched "rolled back"
tree >now
same "every byte is as before" before now

# Nobody looks into a program that may hold keys: what /proc has of it is root's,
# even where the program is somebody else's.
nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
owner()
{
	stat -c %U "/proc/$started/environ"
}
if command -v setpriv >/dev/null && $nobody test -x "$HTTPS_SETUP"; then
	mkfifo typed
	start $nobody sleep 1000
	wait_until grep -aq sleep "/proc/$started/cmdline"
	is "what others run is theirs to look into" nobody "$(owner)"
	chmod 755 "$tmp"
	chmod 666 typed
	start $nobody sh -c 'exec "$1" --plain <"$2"' sh "$HTTPS_SETUP" \
		"$tmp/typed"
	exec 9>typed
	wait_until grep -q . "$tmp/start.$start_n.log"
	is "this program is not" root "$(owner)"
	exec 9>&-
else
	skip "nobody looks into it" "nobody else can run it here"
fi

# A terminal whose description is somebody's: what it says would reach it.
if ! command -v script >/dev/null || ! command -v tic >/dev/null; then
	skip "a terminal described by others" "script or tic is not installed"
	exit
fi
infocmp -A /usr/share/terminfo vt100 2>/dev/null >vt100.ti ||
	infocmp vt100 >vt100.ti
sed -e 's/clear=[^,]*,/clear=HOSTILE,/' -e 's/cup=[^,]*,/cup=HOSTILE,/' \
	vt100.ti >evil.ti
tic -x -o evil/terminfo evil.ti 2>tic.err
TERM=vt100 TERMINFO=$tmp/evil/terminfo tput clear >said
check "such a description counts" grep -q HOSTILE said
for variable in TERMINFO TERMINFO_DIRS; do
	start env TERM=vt100 "$variable=$tmp/evil/terminfo" script -qefc \
		"'$HTTPS_SETUP' --server nginx --server-config '$conf' \
		--state-dir '$tmp/state'" "$variable.screen"
	check "$variable: the wizard draws" wait_until grep -aq Server \
		"$variable.screen"
	stop_process "$started"
	nothing "$variable: not by the words of others" \
		"$(grep -ac HOSTILE "$variable.screen" | grep -v '^0$' || :)"
done
