#!/bin/sh
# The passphrase of a key while the wizard runs: it lies in the secure heap and
# in no other memory.  Reading that takes long is cancelled with Esc.
. "${srcdir:-.}/tests/lib.sh"
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

mkdir -p root/etc/nginx home
HOME=$tmp/home
export HOME
cat >root/etc/nginx/nginx.conf <<'EOF'
events {}
http {
	server {
		listen 80;
		server_name www.example.test;
	}
}
EOF
issue www.example.test DNS:www.example.test
secret=correct-horse-battery
# rounds ROUNDS FILE
rounds()
{
	openssl pkcs12 -export -passout "pass:$secret" -iter "$1" \
		-inkey "$certs/www.example.test.key" \
		-in "$certs/www.example.test.crt" \
		-certfile "$certs/intermediate.crt" -out "home/$2"
	chmod 600 "home/$2"
}
rounds 2048 site.p12
rounds 1600000 slow.p12

# session NAME: plays what stands on standard input.
session()
{
	cat >session
	check "$1" "$builddir/tests/screens/play" session "$HTTPS_SETUP" \
		--root root --state-dir "$tmp/state" --ca "$certs/root.crt"
}

# Tells in which kinds of memory of the wizard the text in `pattern` stands:
# "secure" where the kernel keeps it out of core dumps, "plain" elsewhere.
cat >find <<'EOF'
for process in /proc/[0-9]*; do
	tr '\0' ' ' <$process/cmdline 2>/dev/null |
		grep -q "^[^ ]*https-setup .*--state-dir $PWD/state" || continue
	awk '/^[0-9a-f]+-[0-9a-f]+ / { range = $1; mode = $2 }
		/^VmFlags:/ && mode ~ /^rw/ {
			print range, / dd( |$)/ ? "secure" : "plain" }' \
		$process/smaps |
	while IFS=' -' read -r from to kind; do
		from=$(printf %d 0x$from) to=$(printf %d 0x$to)
		if dd if=$process/mem bs=65536 skip=$from count=$((to - from)) \
			iflag=skip_bytes,count_bytes status=none 2>/dev/null |
			grep -aqf pattern
		then
			echo $kind
		fi
	done
done | sort -u | paste -sd' '
EOF
echo "$secret" >pattern

if [ "$(id -u)" -eq 0 ]; then
	session "a passphrase is typed and taken" <<-EOF
	expect Site
	keys <C-n>
	expect no certificate was named
	keys $HOME/site.p12<Tab>
	expect passphrase
	keys $secret<Tab>
	expect the key fits the certificate
	run sh find >typed
	keys <C-n>
	expect Name of the site
	run sh find >left
	keys <C-p>
	expect the key fits the certificate
	run sh find >again
	EOF
	is "it is in the secure heap alone" secure "$(cat typed)"
	is "on the next screen too" secure "$(cat left)"
	is "and back again" secure "$(cat again)"
else
	skip "where the passphrase is" "not root"
fi

# up to the moment when it is read
while_it_is_read="expect Site
keys <C-n>
expect no certificate was named
keys $HOME/slow.p12<Tab>
expect passphrase
keys $secret<Tab>
expect Esc cancels"
session "Esc cancels what takes long; what was typed is not lost" <<EOF
$while_it_is_read
keys <Esc>
expect Reading was cancelled
expect stop
gone Esc cancels
keys <S-Tab><C-u>$secret<Tab>
expect Esc cancels
keys <C-n>
expect Name of the site
EOF
session "a terminal that goes away meanwhile ends it" <<EOF
$while_it_is_read
hangup
exit 129
EOF

long=/longer/than/what/the/wizard/remembers/of/keys/that/come/meanwhile
session "a line of it, too" <<EOF
$while_it_is_read
keys $long<Enter><Up><Home>
gone Esc cancels
expect Private key file  /longer/than/what
EOF
