# An offline tree has the same paths and no version on every machine, so that
# the screens about it look the same everywhere.  To be sourced; session plays
# what stands on standard input, with the options in $given.
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

mkdir -p root/etc/nginx/sites-enabled
cat >root/etc/nginx/nginx.conf <<'END'
user www-data;
events {}
http {
	include /etc/nginx/sites-enabled/*;
}
END
cat >root/etc/nginx/sites-enabled/shop <<'END'
server {
	listen 80;
	listen [::]:80;
	server_name www.example.test example.test;
	root /var/www/shop;
}
END
cat >root/etc/nginx/sites-enabled/wiki <<'END'
server {
	listen 8080 default_server;
	server_name wiki.example.test;
}
END
# long enough for the bar of its dates to stay where it is
issue -valid 20200101000000Z 21200101000000Z www.example.test \
	DNS:www.example.test DNS:example.test "DNS:*.shop.example.test"
cp "$certs/www.example.test.chain.crt" site.pem
cp "$certs/www.example.test.key" site.key
chmod 600 site.key
left=$((($(date -u -d 2120-01-01 +%s) - $(date +%s)) / 86400))

given=
# session NAME [OPTION ...]: plays what stands on standard input.
session()
{
	session_name=$1
	shift
	cat >session
	[ -n "${keeps_state-}" ] || rm -rf state
	check "$session_name" "$builddir/tests/screens/play" \
		-m "$(date -u +%F)=0000-00-00" \
		-m "$(date -u -d '398 days' +%F)=0001-01-01" \
		-m "$left=00000" -e HOME=/home/operator "$@" session \
		"$HTTPS_SETUP" --root root --state-dir "$tmp/state" \
		--ca "$certs/root.crt" --firewall none $given
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}

# all_screens WORD SIZE [LINE]: the script of a session that sees every screen
# there is without a server; WORD compares each with its golden, then comes
# LINE.  Where the whole of a certificate is seen, each one looks different.
all_screens()
{
	while read -r name keys; do
		[ "$keys" ] && echo "keys $keys"
		[ "$name-$2" != chain-200x60 ] || continue
		echo "$1 $name-$2"
		[ $# -lt 3 ] || echo "$3"
	done <<-'END'
	server
	certificate-none <C-n>
	request <Up><Right><Right><Right><Space>
	self-signed <Left><Space>
	pasting <Left><Space>
	certificate <Left><Space><Down>site.pem<Tab><Tab>site.key<Tab>
	chain <F4>
	name <Esc><C-n>
	bindings <C-n>
	hsts-off <C-n>
	hsts-preload <Space><Tab><Tab><Tab><Space><Tab><Tab><Tab><Space>
	hsts-refused <C-n>
	help <F1>
	firewall <Esc><Down><Space><C-n>
	review <C-n>
	findings <C-f>
	quit <Esc><F10>
	END
}
