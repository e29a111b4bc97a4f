#!/bin/sh
# Certificates, keys and PKCS#12 that are broken, hostile or odd: each gets its
# finding, no crash, no control byte on the way to the terminal.  The rows of
# the list of bad input are named E1 to E24; dates, purposes, keys and names of
# a sound file are in cert-cases.sh.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/cases.sh"
need nginx openssl
umask 077

issue issued.test DNS:example.test
certify -key rsa c
leaf=$certs/c.crt key=$certs/c.key chain=$certs/c.chain.crt
n="--name example.test"
passphrase s3cret
pf="--passphrase-file $pass"
mkdir f

# bad NAME IDS FILE [OPTION ...]: this file as certificate, with the key
bad()
{
	bad_name=$1 bad_ids=$2 bad_file=$3
	shift 3
	trusted "$bad_name" "$bad_ids" --cert "$bad_file" --key "$key" $n "$@"
}
no=cert.not-a-certificate

# E1
: >f/empty
bad "E1 empty" $no f/empty
printf x >f/one
bad "E1 one byte" $no f/one
echo >f/newline
bad "E1 a newline" $no f/newline
printf '\357\273\277' >f/bom
bad "E1 a byte order mark" $no f/bom

# E2
head -c 4096 "$(command -v openssl)" >f/elf
bad "E2 a program" $no f/elf
openssl enc -aes-128-ctr -K 00 -iv 00 -in f/elf -out f/random 2>/dev/null
bad "E2 random bytes" $no f/random
truncate -s 1G f/large
bad "E2 one gigabyte" cert.too-large f/large
bad "E2 /dev/zero" cert.unreadable /dev/zero
mkfifo f/fifo
bad "E2 a FIFO" cert.unreadable f/fifo
# stranger WORDS BYTES: what people also take for a certificate is called so
stranger()
{
	# shellcheck disable=SC2059
	printf "$2" >f/stranger
	bad "E2 $1" $no f/stranger
	like "E2 $1: is called so" "f/stranger is $1" case.out
}
stranger "a ZIP archive" 'PK\003\004more'
stranger "a Java keystore" '\376\355\376\355\000\000\000\002'
stranger "a key for SSH" 'ssh-rsa AAAA someone'
stranger "a web page" '<html>log in</html>'
mkdir f/dir
bad "E2 a directory" $no f/dir
bad "E2 nothing there" cert.unreadable f/none

# E3: text around, line ends, order: cert-formats.sh; a leaf twice
cat "$leaf" "$chain" >f/twice
bad "E3 the leaf twice" "" f/twice

# E4
head -c 600 "$leaf" >f/cut
bad "E4 PEM cut off" $no f/cut
sed '5s/.*/!!!! no base64 !!!!/' "$leaf" >f/base64
bad "E4 bad base64" $no f/base64
{ echo "-----BEGIN CERTIFICATE-----"; head -c 1000000 /dev/zero |
	tr '\0' A; echo; echo "-----END CERTIFICATE-----"; } >f/line
bad "E4 a line of a million" $no f/line
awk 'BEGIN { for (i = 0; i < 100000; i++)
	print "-----BEGIN X-----\nAAAA\n-----END X-----" }' >f/blocks
bad "E4 100,000 blocks" cert.too-large f/blocks
{ echo "-----BEGIN CERTIFICATE-----"; cat "$chain"; } >f/nested
bad "E4 a BEGIN within" "" f/nested

# E5
openssl x509 -in "$leaf" -outform DER -out f/der
{ cat f/der; echo trailing; } >f/trailing
bad "E5 DER with more behind" "$no" f/trailing \
	--chain "$certs/intermediate.crt"
printf '\060\200\060\200\060\200' >f/indefinite
bad "E5 no length" $no f/indefinite
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "0\200" }' >f/deep
bad "E5 a thousand levels" $no f/deep
printf '\060\204\177\377\377\377\002\001' >f/length
bad "E5 a length of 2^31" $no f/length
head -c 400 f/der >f/cut.der
bad "E5 DER cut off" $no f/cut.der

# E6
keep_key ed25519
keep_key ec
trusted "E6 an RSA key of another" cert.key-mismatch --cert "$chain" \
	--key "$certs/key.ec" $n
trusted "E6 an Ed25519 key" cert.key-mismatch --cert "$chain" \
	--key "$certs/key.ed25519" $n
trusted "E6 swapped" "" --cert "$key" --key "$chain" $n

# E7
locked()
{
	printf '%s' "$2" >f/right
	printf '%s' "$3" >f/given
	cert_tool pkcs8 -topk8 -in "$key" -passout file:f/right -out f/locked
	trusted "E7 $1" "$4" --cert "$chain" --key f/locked $n \
		--passphrase-file f/given
}
locked "right" secret secret ""
locked "wrong" secret other cert.passphrase-wrong
locked "empty" secret "" cert.passphrase-wrong
locked "UTF-8" "Grüße" "Grüße" ""
locked "a thousand characters, wrong" secret "$(printf '%01000d' 0)" \
	cert.passphrase-wrong
printf '%010000d' 0 >f/given
exits "E7 ten thousand characters are refused" 3 \
	"$HTTPS_SETUP" cert show "$chain" --key f/locked --passphrase-file f/given
like "E7 and it is said" 'the passphrase: File too large' err
trusted "E7 none" cert.key-encrypted --cert "$chain" --key f/locked $n
printf 'sec\0ret' >f/nul
"$HTTPS_SETUP" cert show "$chain" --key f/locked --passphrase-file f/nul \
	>out 2>err && fail "E7 a NUL" || ok "E7 a NUL is refused"
like "E7 a NUL: it is said" 'passphrase|NUL' err

# E8, E9: PKCS#12
pfx()
{
	pfx_name=$1 pfx_ids=$2
	shift 2
	# shellcheck disable=SC2086
	trusted "$pfx_name" "$pfx_ids" --cert f/p12 $n "$@"
}
make_it()
{
	cert_tool pkcs12 -export -passout pass:s3cret -inkey "$key" \
		-in "$leaf" -certfile "$certs/intermediate.crt" -out f/p12 "$@"
}
make_it
echo other >f/other
pfx "E8 another passphrase" cert.passphrase-wrong --passphrase-file f/other
pfx "E8 no passphrase" cert.key-encrypted
cert_tool pkcs12 -export -passout pass:s3cret -nokeys -in "$leaf" \
	-certfile "$certs/intermediate.crt" -out f/p12
pfx "E8 no key" cert.no-key $pf
cert_tool pkcs12 -export -passout pass:s3cret -nocerts -inkey "$key" -out f/p12
pfx "E8 no certificate" $no $pf
make_it
head -c 1200 f/p12 >f/cut.p12 && mv f/cut.p12 f/p12
pfx "E8 cut off" cert.pkcs12-mac $pf
# the count of 65536 rounds, where it stands, becomes 2^31-1 or so
make_it -iter 65536 -maciter
LC_ALL=C sed 's/\x02\x03\x01\x00\x00/\x02\x03\x7f\xff\xff/g' f/p12 >f/rounds
cp f/rounds f/p12
pfx "E9 eight million rounds" cert.pkcs12-iterations $pf
cert_tool pkcs8 -topk8 -in "$key" -passout pass:s3cret -iter 65536 \
	-outform DER -out f/p8
LC_ALL=C sed 's/\x02\x03\x01\x00\x00/\x02\x03\x7f\xff\xff/' f/p8 >f/p8.rounds
trusted "E9 of a key" cert.pkcs12-iterations --cert "$chain" \
	--key f/p8.rounds $n $pf

# what takes long, though within bounds, may be cancelled
# interrupted NAME COMMAND ...: Ctrl-C while its child reads
interrupted()
{
	name=$1
	shift
	env --default-signal=INT "$HTTPS_SETUP" "$@" >out 2>err </dev/null &
	slow=$!
	wait_until grep -q . "/proc/$slow/task/$slow/children"
	reader=$(cat "/proc/$slow/task/$slow/children")
	kill -INT "$slow"
	status=0
	wait "$slow" || status=$?
	is "E9 $name: Ctrl-C ends the wait" 130 "$status"
	is "E9 $name: and it is said, in one line" \
		"https-setup: reading the certificate was cancelled; nothing was written" \
		"$(cat err)"
	# shellcheck disable=SC2086
	check "E9 $name: nobody goes on reading" wait_until gone $reader
}
gone()
{
	[ ! -d "/proc/$1" ] || grep -q '^State:.*Z' "/proc/$1/status"
}
cert_tool pkcs12 -export -passout pass:s3cret -inkey "$key" -in "$leaf" \
	-iter 1600000 -out f/slow
if env --default-signal=INT true 2>/dev/null; then
	interrupted "cert show" cert show f/slow $pf
	is "E9 nothing is told of it" "" "$(cat out)"
	interrupted "the plain face" --plain --root tree --server nginx \
		--server-config /nginx.conf --state-dir state --cert f/slow $pf
	interrupted "apply" apply --yes --root tree --server nginx \
		--server-config /nginx.conf --state-dir state --cert f/slow \
		--name example.test $pf
	check "E9 nothing is left behind" test ! -e tree/etc
else
	skip "E9 Ctrl-C ends the wait" "this env cannot let SIGINT in"
fi

# E10: keys nobody makes; written as ASN.1
# rsa_public FILE MODULUS-HEX EXPONENT
rsa_public()
{
	cat >f/asn1 <<-END
	asn1 = SEQUENCE:spki
	[spki]
	algorithm = SEQUENCE:id
	key = BITWRAP,SEQUENCE:rsa
	[id]
	oid = OID:rsaEncryption
	none = NULL
	[rsa]
	n = INTEGER:0x$2
	e = INTEGER:$3
	END
	openssl asn1parse -genconf f/asn1 -noout -out f/spki.der >/dev/null &&
		cert_tool pkey -pubin -inform DER -in f/spki.der -out "$1"
}
modulus=$(openssl rsa -in "$key" -noout -modulus 2>/dev/null | sed 's/.*=//')
weak_exponent()
{
	if rsa_public f/pub "$modulus" "$2" && openssl x509 -new -force_pubkey \
		f/pub -subj /CN=example.test -CA "$certs/root.crt" \
		-CAkey "$certs/root.key" -days 30 -out f/e.crt >/dev/null 2>&1
	then
		"$HTTPS_SETUP" cert show --json f/e.crt >out 2>err || :
		like "E10 $1" cert.weak-key out
	else
		skip "E10 $1" "this openssl makes no such key"
	fi
}
weak_exponent "exponent 1" 1
weak_exponent "an even exponent" 4
weak_exponent "an exponent as long as the modulus" "0x$modulus"
certify -key rsa512 weak 2>/dev/null >/dev/null || :
if [ -e "$certs/weak.chain.crt" ]; then
	# shellcheck disable=SC2046
	trusted "E10 RSA 512" cert.weak-key $(files weak) $n
else
	skip "E10 RSA 512" "this openssl makes no such key"
fi
{
	printf 'asn1 = SEQUENCE:rsa\n[rsa]\nv = INTEGER:0\nn = INTEGER:0x'
	head -c 5000 /dev/zero | tr '\0' f
	printf '\ne = INTEGER:65537\n'
	for part in d p q dp dq qi; do
		echo "$part = INTEGER:3"
	done
} >f/asn1
if openssl asn1parse -genconf f/asn1 -noout -out f/huge.der >/dev/null 2>&1; then
	trusted "E10 20,000 bits" cert.key-too-large --cert "$chain" \
		--key f/huge.der $n
else
	skip "E10 20,000 bits" "this openssl writes no such number"
fi

# E12: a month of 13
LC_ALL=C sed 's/\x17\x0d\([0-9][0-9]\)[01][0-9]/\x17\x0d\113/g' f/der >f/month
"$HTTPS_SETUP" cert show --json f/month >out 2>err || :
like "E12 a month of 13" 'cert.(expired|not-a-certificate)' out

# E15: names in certificates
# san NAME IDS DER: one dNSName of these bytes beside example.test
san()
{
	certify s "subjectAltName=DER:$3"
	# shellcheck disable=SC2046
	trusted "E15 $1" "$2" $(files s) $n
}
# hex TEXT
hex()
{
	printf "$1" | od -An -v -tx1 | tr -d ' \n'
}
# name_der TEXT: SEQUENCE of example.test and that
name_der()
{
	name_hex=$(hex "$1")
	name_good=820c$(hex example.test)
	name_length=$((${#name_hex} / 2))
	printf '30%02x%s82%02x%s' $((14 + 2 + name_length)) "$name_good" \
		$name_length "$name_hex"
}
san "a NUL" cert.hostile-text "$(name_der 'bank.test\000.evil.test')"
san "a space" cert.hostile-text "$(name_der 'a b.test')"
san "a directive" cert.hostile-text "$(name_der 'a;} evil {')"
san "a quote" cert.hostile-text "$(name_der 'a"b.test')"
san "a line end" cert.hostile-text "$(name_der 'a\nb.test')"
san "an escape" cert.hostile-text "$(name_der '\033]52;c;x\007')"
san "a star" "" "$(name_der '*')"
printf '[many]\nsubjectAltName=@names\n[names]\nDNS.0=example.test\n' >f/many
awk 'BEGIN { for (i = 1; i < 10000; i++) printf "DNS.%d=n%d.test\n", i, i }' \
	>>f/many
{ printf '[req]\ndistinguished_name=dn\n[dn]\n'; cat f/many; } >f/many.conf
cert_tool req -x509 -new -config f/many.conf -extensions many -days 90 \
	-subj /CN=example.test -key "$key" -CA "$certs/root.crt" \
	-CAkey "$certs/root.key" -out f/many.crt
bad "E15 10,000 names" "" f/many.crt

# E16, E17: subjects
# subject NAME IDS TEXT
subject()
{
	certify -subject "/CN=$(printf "$3")" s
	# shellcheck disable=SC2046
	trusted "$1" "$2" $(files s) $n
	"$HTTPS_SETUP" cert show "$certs/s.crt" >shown 2>&1 || :
	if LC_ALL=C tr -d '\n' <shown | LC_ALL=C grep -q '[[:cntrl:]]'; then
		fail "$1: shown escaped" "$(cat -v shown)"
	else
		ok "$1: shown escaped"
	fi
}
subject "E16 an escape sequence" cert.hostile-text 'a\033[2Jb'
subject "E16 OSC 52" cert.hostile-text 'a\033]52;c;eA==\007b'
subject "E16 C1" cert.hostile-text 'a\302\233b'
subject "E16 right to left" cert.hostile-text 'a\342\200\256b'
subject "E16 no width" cert.hostile-text 'a\342\200\213b'
subject "E17 a format" "" '%%n%%s%%n%%99999999d'

# E18: fifty of them, signed one by the other
keep_key ec
cp "$certs/key.ec" "$certs/ca0.key"
cp "$certs/root.crt" "$certs/ca0.crt"
cp "$certs/root.key" "$certs/ca0.key"
: >f/fifty
for i in $(seq 1 49); do
	certify -plain -ca "ca$((i - 1))" -subject "/CN=CA $i" "ca$i" \
		basicConstraints=critical,CA:true
	cat "$certs/ca$i.crt" >>f/fifty
done
certify -key rsa -ca ca49 last
cat "$certs/last.crt" f/fifty >f/deep.crt
bad "E18 a chain of 50" \
	"cert.chain-incomplete cert.chain-order cert.chain-untrusted" f/deep.crt
like "E18 it ends" '"chain-complete"' case.out

# E19
cp "$key" f/open.key
chmod 644 f/open.key
trusted "E19 a key everybody may read" cert.key-permissions --cert "$chain" \
	--key f/open.key $n
if [ "$(id -u)" -eq 0 ]; then
	chmod 600 f/open.key
	chown 65534 f/open.key
	trusted "E19 a key of another user" cert.key-permissions \
		--cert "$chain" --key f/open.key $n
else
	skip "E19 a key of another user" "not root"
fi

# E20
cat "$chain" "$key" >f/both
trusted "E20 one file for both" "" --cert f/both --key f/both $n

# E21, E22: what is judged is what is installed: each file is opened once
if strace -o strace.try true 2>/dev/null; then
	ln -s "$chain" f/link
	strace -f -y -e trace=open,openat,openat2 -o opens "$HTTPS_SETUP" check \
		--root "$tmp/tree" --server nginx --server-config /nginx.conf \
		--cert f/link --key "$key" $n >/dev/null 2>&1 || :
	is "E21 the certificate is read once" 1 \
		"$(grep -c '= [0-9]*</[^>]*/c.chain.crt>$' opens)"
	is "E22 and the key" 1 \
		"$(grep -c '= [0-9]*</[^>]*/c.key>$' opens)"
else
	skip "E21 read once" "strace may not be used"
fi

# E23: must staple and critical extensions: cert-cases.sh

# E24: out of memory, at ever more places: an answer or one sentence
odd=
for limit in 12000 14000 16000 18000 20000 22000 24000 28000 32000; do
	status=0
	(ulimit -v $limit; exec "$HTTPS_SETUP" cert show f/both) \
		>out 2>err || status=$?
	case $status in
	0 | 1 | 3 | 127) ;;
	*) odd="$odd $limit:$status" ;;
	esac
done
nothing "E24 no memory: a clean end" "$odd"
