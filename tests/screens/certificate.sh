#!/bin/sh
# Where a certificate may come from: a file that is looked for, a paste, one
# made here, a CA that is asked. And nothing of a key is ever shown.
. "${srcdir:-.}/tests/lib.sh"
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

mkdir -p root/etc/nginx home/incoming home/old
HOME=$tmp/home
export HOME
cat >root/etc/nginx/nginx.conf <<'EOF'
events {}
http {
	server {
		listen 80;
		server_name www.example.test example.test;
	}
}
EOF
issue -valid 20200101000000Z 21200101000000Z www.example.test \
	DNS:www.example.test DNS:example.test
cat "$certs/www.example.test.chain.crt" "$certs/www.example.test.key" \
	>home/incoming/full.pem
cp "$certs/www.example.test.chain.crt" home/incoming/chain.pem
cp "$certs/www.example.test.key" home/incoming/site.key
echo "nothing to see" >home/incoming/notes.txt
chmod 600 home/incoming/*

# as one line with "\n" for its line ends
in_line()
{
	awk '{ printf "%s\\n", $0 }' "$1"
}

# session NAME [OPTION ...]: plays what stands on standard input.
session()
{
	session_name=$1
	shift
	cat >session
	check "$session_name" "$builddir/tests/screens/play" -o record \
		"$@" session "$HTTPS_SETUP" --root root --state-dir \
		"$tmp/state" --ca "$certs/root.crt" $extra
}
extra=
to_certificate='expect Site
keys <C-n>
expect no certificate was named'

for size in 80x24 40x10; do
	session "browse to a file and take it, at $size" -s $size <<-EOF
	$to_certificate
	keys $HOME/incoming/chain.pem
	expect warn
	keys <F2>
	expect F4 other
	expect 2 certificates, CN=www.example.test
	cursor chain.pem
	unseen notes.txt
	keys <Down>
	cursor full.pem
	expect a private key (
	keys <Left>
	cursor incoming/
	keys <Right>
	cursor chain.pem
	keys <Home><Down><Down>
	cursor full.pem
	keys <Enter>
	gone F4 other
	keys <C-n>
	expect www.example.test
	keys <C-p>
	keys <F2>
	cursor full.pem
	keys <Esc>
	gone F4 other
	EOF
done

session "it begins where there is something to choose" <<EOF
$to_certificate
keys <F2>
expect F4 other
expect $HOME
keys <Esc>
gone F4 other
EOF

session "paste with brackets: said what it is, not shown" <<EOF
$to_certificate
paste $(in_line home/incoming/full.pem)
expect 2 certificates,
expect the key fits the certificate
unseen BEGIN
unseen MII
expect (o) paste
keys <C-n>
expect Name of the site
EOF
session "what was pasted is not in the answers, and that is said" <<EOF
$to_certificate
paste $(in_line home/incoming/full.pem)
expect the key fits the certificate
keys <C-n>
expect Name of the site
keys <C-n><C-n><C-n><C-n>
expect Save answers
keys <Right><Enter>
expect without what was pasted
EOF
unlike "they hold nothing of it" 'BEGIN|MII|<file>' www.example.test.xml
session "paste without brackets presses nothing" <<EOF
$to_certificate
file home/incoming/full.pem
expect 2 certificates,
expect the key fits the certificate
unseen BEGIN
expect (o) paste
keys <C-n>
expect Name of the site
EOF
session "paste the key behind the certificate; Backspace forgets" -s 40x10 \
	<<EOF
$to_certificate
paste $(in_line home/incoming/chain.pem)
expect 2 certificates
paste $(in_line home/incoming/site.key)
expect 2 certificates
keys <C-n>
expect Name of the site
keys <C-p>
expect PEM text
keys <BS>
expect paste it here
keys <C-n>
expect stop
EOF

session "self-signed" <<EOF
$to_certificate
keys <Up><Right><Right><Space>
expect (o) self-signed
expect One is made for the name
unseen Passphrase
gone no certificate was named
keys <Left><Left><Space>
expect Passphrase
expect no certificate was named
EOF

session "ask a CA: key and request are written" <<EOF
$to_certificate
keys <Up><Right><Right><Right><Space>
expect www.example.test example.test
expect home/www.example.test
keys <Tab><Tab><Tab><Tab><Enter>
expect The request for your CA
expect BEGIN CERTIFICATE REQUEST
unseen PRIVATE
keys <Esc>
expect Send
keys <Tab><F10>
expect CA has answered
keys <Tab><Enter>
exit 3
restored
EOF
is "the key is for its owner alone" 600 \
	"$(stat -c %a "$HOME/www.example.test/privkey.pem")"
check "the request is signed with the key" openssl req -noout -verify \
	-in "$HOME/www.example.test/request.pem"

openssl x509 -req -in "$HOME/www.example.test/request.pem" -days 90 \
	-CA "$certs/intermediate.crt" -CAkey "$certs/intermediate.key" -copy_extensions copy \
	-out reply.crt 2>"$tmp/err"
cat "$certs/intermediate.crt" >>reply.crt
session "another day: finish the request" <<EOF
$to_certificate
keys <Up><Right><Right><Right><Right><Space>
expect Name the CA's answer
expect privkey.pem
keys <Down>reply.crt
expect the key fits the certificate
keys <C-n>
expect Name of the site
EOF

extra="--cert home/incoming/full.pem"
today=$(date -u +%Y-%m-%d)
left=$((($(date -u -d 2120-01-01 +%s) - $(date +%s)) / 86400))
for size in 80x24 40x10; do
	session "the details at $size" -s $size -m "$today=0000-00-00" \
		-m "$left=00000" <<-EOF
	expect Site
	keys <C-n>
	expect Certificate
	keys <F4>
	expect Chain
	golden details-$size
	keys <End>
	expect SHA-1
	keys <Esc>
	gone SHA-1
	EOF
done
extra=

# Whatever was typed, pasted and looked at: not one line of a key came back.
sed '/-----/d' home/incoming/site.key "$HOME/www.example.test/privkey.pem" |
	cut -c 1-20 >lines
check "there was something to look for" test -s lines
check "and something to look in" grep -aq "2 certificates" record
unlike "nothing of a key was ever written to the terminal" \
	"$(paste -s -d '|' lines | sed 's/[+]/[+]/g')" record
