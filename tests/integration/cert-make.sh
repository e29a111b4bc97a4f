#!/bin/sh
# Certificates made here, judged by other programs: a request that the openssl
# program signs as a CA, its reply installed and served; self-signed ones, a
# small CA, and every form they are exported in.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

json=$builddir/tests/integration/json

# cert COMMAND OPTION ...: without anybody to ask.
cert()
{
	"$HTTPS_SETUP" cert "$@" </dev/null
}

# text FILE [OPTION ...]: what openssl makes of a certificate.
text()
{
	text_file=$1
	shift
	openssl x509 -in "$text_file" -noout "$@" 2>&1
}

# --- a request, signed by another CA, installed and served
make_ca
exits "request" 0 cert request --name example.test --name www.example.test \
	--name 127.0.0.1 --out www
is "the key is for its owner alone" 600 "$(stat -c %a www/privkey.pem)"
like "it says what comes next" 'install-reply REPLY --key .*/www/privkey.pem' \
	out
check "it is signed with its key" openssl req -in www/request.pem -noout -verify
openssl req -in www/request.pem -noout -text >text
like "it asks for the names" \
	'DNS:example.test, DNS:www.example.test, IP Address:127.0.0.1' text
like "for a server" 'TLS Web Server Authentication' text
like "that is no CA" 'CA:FALSE' text

printf '%s\n' 'copy_extensions = copy' >copy
sed '/^\[test\]/r copy' "$certs/ca.conf" >copying.conf
cert_tool ca -batch -notext -config copying.conf -days 90 \
	-cert "$certs/intermediate.crt" -keyfile "$certs/intermediate.key" \
	-in www/request.pem -out leaf.crt
cat "$certs/root.crt" "$certs/intermediate.crt" leaf.crt >reply.pem
openssl crl2pkcs7 -nocrl -certfile reply.pem -out reply.p7b
openssl pkcs7 -in reply.p7b -outform DER -out reply.p7
openssl x509 -in leaf.crt -outform DER -out reply.cer
cat leaf.crt "$certs/intermediate.crt" >wanted.pem

for reply in reply.pem reply.p7b reply.p7; do
	rm -f www/fullchain.pem
	exits "$reply: install" 0 cert install-reply $reply \
		--key www/privkey.pem --ca "$certs/root.crt"
	same "$reply: leaf first, no root" wanted.pem www/fullchain.pem
done
exits "the chain may come by itself" 0 cert install-reply reply.cer \
	--key www/privkey.pem --chain "$certs/intermediate.crt" \
	--ca "$certs/root.crt" --out apart.pem --json
same "and is put behind it" wanted.pem apart.pem
like "JSON: what comes next" 'apply --cert .*apart.pem --key .*privkey.pem' out
is "JSON: where it is" "$tmp/apart.pem" "$("$json" out 'files.*.path')"

exits "it is not replaced unasked" 3 cert install-reply reply.pem \
	--key www/privkey.pem
like "and says how" '/www/fullchain.pem is there already; .*--force' err
exits "with --force it is" 0 cert install-reply reply.pem --force \
	--key www/privkey.pem
unlike "it has every name that was asked for" 'left it out' out
cert_tool x509 -req -in www/request.pem -CA "$certs/root.crt" -days 9 \
	-CAkey "$certs/root.key" -out less.crt
exits "names that the CA forgot" 0 cert install-reply less.crt \
	--key www/privkey.pem --out less.pem
like "are named" 'asks for www.example.test, and the CA has left it out' out
issue other.test
exits "the reply to another request" 1 cert install-reply \
	"$certs/other.test.crt" --key www/privkey.pem --out no.pem --json
like "is found out" 'cert.key-mismatch' out
exits "an answer that is none" 1 cert install-reply www/request.pem \
	--key www/privkey.pem --out no.pem
issue -ca root -eku clientAuth client.test
exits "one that is not for servers" 1 cert install-reply \
	"$certs/client.test.crt" --key "$certs/client.test.key" --out no.pem
like "is refused as such" 'cert.no-server-auth' err
check "nothing was written by these" test ! -e no.pem

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test www.example.test;
    root @WWW@;
}
END
start_nginx "$conf"
exits "apply it" 0 apply --name example.test --cert www/fullchain.pem \
	--key www/privkey.pem
is "it is served" "$(of_file leaf.crt)" "$(served example.test)"
is "and trusted" 200 "$(visit "https://www.example.test:$https/")"

# --- self-signed
exits "self-sign" 0 cert self-sign --name example.test --name 'Bücher.Example' \
	--name ::1 --key-type rsa-2048 --days 90 --out own
text own/fullchain.pem -text >text
like "names, A-labels, addresses" \
	'DNS:example.test, DNS:xn--bcher-kva.example, IP Address:0:0:' text
like "RSA 2048" '2048 bit' text
like "for a server" 'TLS Web Server Authentication' text
like "no CA" 'CA:FALSE' text
check "it ends in 90 days" text own/fullchain.pem -checkend 7770000
exits "and not later" 1 text own/fullchain.pem -checkend 7780000
is "the key is for its owner alone" 600 "$(stat -c %a own/privkey.pem)"
is "it fits" "$(openssl pkey -in own/privkey.pem -pubout)" \
	"$(text own/fullchain.pem -pubkey)"
exits "apply it" 0 apply --name example.test --cert own/fullchain.pem \
	--key own/privkey.pem --ca own/fullchain.pem
is "it is served" "$(of_file own/fullchain.pem)" "$(served example.test)"
for type in rsa-3072 p-256 p-384; do
	exits "$type" 0 cert self-sign --name a.test --key-type $type --out $type
	check "$type: a certificate" openssl verify -CAfile $type/fullchain.pem \
		$type/fullchain.pem
done
cp own/privkey.pem kept
exits "no file is overwritten" 3 cert self-sign --name a.test --out own
same "neither the key" kept own/privkey.pem
rm own/fullchain.pem
exits "half of them there" 3 cert self-sign --name a.test --out own
check "none is written" test ! -e own/fullchain.pem
exits "a directory that cannot be made" 3 cert self-sign --name a.test \
	--out none/deeper
like "says which" 'cannot make directory .*/none/deeper' err

# --- a small CA
(umask 077 && echo 'ca secret' >ca-pass && echo 'p12 secret' >p12-pass)
exits "an empty passphrase" 2 cert issue --ca-dir ca --init \
	--passphrase-file /dev/null
exits "a CA" 0 cert issue --ca-dir ca --init --name "Lab Root" \
	--passphrase-file ca-pass
text ca/root.pem -text >text
like "it is one" 'CA:TRUE' text
like "and may sign" 'Certificate Sign' text
like "called so" 'Subject: CN = Lab Root' text
like "its key is encrypted" 'BEGIN ENCRYPTED PRIVATE KEY' ca/root.key
check "under that passphrase" openssl pkey -in ca/root.key \
	-passin file:ca-pass -noout
is "and for its owner alone" 600 "$(stat -c %a ca/root.key)"
exits "without the passphrase" 3 cert issue --ca-dir ca --name a.test --out no
like "it says what is missing" 'encrypted.*--passphrase-file' err
exits "with another one" 3 cert issue --ca-dir ca --name a.test --out no \
	--passphrase-file p12-pass
check "nothing was written" test ! -e no
exits "a server" 0 cert issue --ca-dir ca --name app.lab.test --out app \
	--days 36500 --passphrase-file ca-pass
check "is trusted as a server" openssl verify -purpose sslserver \
	-verify_hostname app.lab.test -CAfile ca/root.pem app/fullchain.pem
is "and ends with its CA" "$(text ca/root.pem -enddate)" \
	"$(text app/fullchain.pem -enddate)"
exits "a client" 0 cert issue --ca-dir ca --client --name "Jane Doe" \
	--name pc1.lab.test --out client --passphrase-file ca-pass
check "is trusted as a client" openssl verify -purpose sslclient \
	-CAfile ca/root.pem client/fullchain.pem
exits "not as a server" 2 openssl verify -purpose sslserver \
	-CAfile ca/root.pem client/fullchain.pem
text client/fullchain.pem -text >text
like "called so" 'Subject: CN = Jane Doe' text
like "its host is an alternative name" 'DNS:pc1.lab.test' text

# --- a request of somebody else, signed by it
(umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out iis.key)
ask_key=iis.key
# asks NAME SUBJECT [EXTENSION ...]: NAME.csr, with the key $ask_key
asks()
{
	{
		printf '[req]\ndistinguished_name=dn\nreq_extensions=ext\n'
		printf '[dn]\n[ext]\nnsComment=foreign\n'
		csr=$1 subject=$2
		shift 2
		printf '%s\n' "$@"
	} >csr.conf
	cert_tool req -new -config csr.conf -key "$ask_key" -subj "$subject" \
		-out "$csr.csr"
}
issue_for()
{
	cert issue --ca-dir ca --passphrase-file ca-pass --request "$1.csr" \
		--out "$1"
}
asks iis /O=Evil/CN=iis.lab.test basicConstraints=critical,CA:TRUE \
	keyUsage=keyCertSign subjectAltName=DNS:Www.Lab.Test,IP:192.0.2.7
exits "a request from elsewhere" 0 issue_for iis
like "its names are shown" 'Www.Lab.Test, 192.0.2.7' out
like "and that it becomes no CA" 'asks to be a CA; it becomes none' out
like "and what comes next" 'install-reply' out
check "there is no key" test ! -e iis/privkey.pem
check "it is trusted as a server" openssl verify -purpose sslserver \
	-verify_hostname www.lab.test -CAfile ca/root.pem iis/fullchain.pem
is "for that key" "$(openssl pkey -in iis.key -pubout)" \
	"$(text iis/fullchain.pem -pubkey)"
text iis/fullchain.pem -text >text
like "no CA" 'CA:FALSE' text
unlike "nothing else was taken over" 'CA:TRUE|Certificate Sign|foreign|Evil' \
	text
like "the common name is a name, too" \
	'DNS:www.lab.test, IP Address:192.0.2.7, DNS:iis.lab.test' text
asks bare /CN=old.lab.test
exits "one with a common name alone, as IIS writes it" 0 issue_for bare
text bare/fullchain.pem -text >text
like "has its name" 'DNS:old.lab.test' text
asks hostile /CN=a.test "subjectAltName=DNS:a b;}"
exits "one with a name that is none" 1 issue_for hostile
like "is refused" 'hostile.csr.*cannot be granted' err
# weak TYPE OPTION ...: a request of such a key, refused with its type and size
weak()
{
	weak_type=$1
	shift
	cert_tool genpkey "$@" -out weak.key
	ask_key=weak.key
	asks weak /CN=weak.lab.test
	ask_key=iis.key
	exits "one with a weak key: $weak_type" 1 issue_for weak
	like "is refused: $weak_type" \
		"weak.csr: its key is too weak: $weak_type" err
	check "and nothing is written: $weak_type" test ! -e weak
}
weak "RSA, 1024 bits" -algorithm RSA -pkeyopt rsa_keygen_bits:1024
weak "EC, 224 bits" -algorithm EC -pkeyopt ec_paramgen_curve:P-224
cert_tool genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 \
	-out dsa.param
weak "DSA, 1024 bits" -paramfile dsa.param
cert_tool genpkey -algorithm ED25519 -out ed.key
ask_key=ed.key
asks ed /CN=ed.lab.test
ask_key=iis.key
exits "one with a key that has few bits and is strong" 0 issue_for ed
LC_ALL=C sed '3s/./A/5' iis.csr >broken.csr
exits "one that was changed" 1 issue_for broken
exits "no request at all" 1 cert issue --ca-dir ca --request ca-pass --out no \
	--passphrase-file ca-pass
exits "names beside it" 2 cert issue --ca-dir ca --request iis.csr \
	--name other.test
exits "there is no second CA in one place" 3 cert issue --ca-dir ca --init
exits "no CA" 3 cert issue --ca-dir app --name a.test --out no

# --- export
# export_as FORMAT [OPTION ...]: to x.FORMAT.
export_as()
{
	export_format=$1
	shift
	exits "export: $export_format" 0 cert export app/fullchain.pem \
		--key app/privkey.pem --chain ca/root.pem \
		--format "$export_format" --out "x.$export_format" "$@"
}
leaf=$(text app/fullchain.pem -fingerprint -sha256)
for format in pem pem-with-key key der roots; do
	export_as $format
done
for format in pkcs12 pkcs12-old; do
	export_as $format --out-passphrase-file p12-pass
	openssl pkcs12 -in x.$format -passin file:p12-pass -nodes >$format.pem
	is "$format: the certificate" "$leaf" \
		"$(text $format.pem -fingerprint -sha256)"
	is "$format: its key" "$(openssl pkey -in app/privkey.pem)" \
		"$(openssl pkey -in $format.pem)"
	openssl pkcs12 -in x.$format -passin file:p12-pass -noout -info \
		>$format.info 2>&1
done
is "pem" "$(of_file app/fullchain.pem)" "$(of_file x.pem)"
is "pem-with-key: the key" "$(openssl pkey -in app/privkey.pem)" \
	"$(openssl pkey -in x.pem-with-key)"
is "key" "$(openssl pkey -in app/privkey.pem)" "$(openssl pkey -in x.key)"
is "der" "$leaf" "$(text x.der -inform der -fingerprint -sha256)"
is "roots" "$(of_file ca/root.pem)" "$(of_file x.roots)"
is "what holds a key is for its owner alone" "600 600 600 600" "$(
	stat -c %a x.key x.pem-with-key x.pkcs12 x.pkcs12-old | paste -sd' ')"
like "pkcs12: AES" 'AES-256-CBC' pkcs12.info
like "pkcs12: SHA-256" 'MAC: sha256' pkcs12.info
like "pkcs12-old: 3DES" 'TripleDES' pkcs12-old.info
unlike "pkcs12-old: nothing newer" 'AES|sha256' pkcs12-old.info
like "pkcs12-old: SHA-1" 'MAC: sha1' pkcs12-old.info
exits "back from PKCS#12" 0 cert export x.pkcs12-old \
	--passphrase-file p12-pass --format pem-with-key --out back.pem
same "nothing was lost" x.pem-with-key back.pem
exits "a key that is not there" 1 cert export app/fullchain.pem \
	--format key --out no
exits "a root nobody knows" 1 cert export app/fullchain.pem --format roots \
	--out no
check "nothing was written by these" test ! -e no

# --- show
exits "show: one" 0 cert show app/fullchain.pem --key app/privkey.pem \
	--ca ca/root.pem
like "show: the chain as a tree" '^  Lab Root \(known here\)$' out
like "show: its leaf" '^  \+- app.lab.test$' out
like "show: a bar of its time" '\[#*-+\] [0-9]+ days left$' out
like "show: SHA-1" "SHA-1 *$(text app/fullchain.pem -fingerprint -sha1 |
	sed 's/.*=//; s/://g' | tr A-F a-f)\$" out
exits "show: a request" 0 cert show www/request.pem --json
is "show: what it asks for" "example.test www.example.test" \
	"$("$json" out 'requests.*.names.*' | paste -sd' ')"
is "show: signed with its key" true "$("$json" out 'requests.*.verified')"
openssl req -in www/request.pem -outform DER -out request.der
exits "show: in DER" 0 cert show request.der
like "show: the same" 'names *example.test, www.example.test, 127.0.0.1' out
exits "show: several" 1 cert show x.pkcs12 ca/root.key app/privkey.pem none \
	--passphrase-file p12-pass --json
is "show: each" "x.pkcs12 ca/root.key app/privkey.pem none" \
	"$("$json" out 'files.*.file' | paste -sd' ')"
is "show: the keys that could be opened" "EC EC" \
	"$("$json" out 'files.*.keys.*.key-type' | paste -sd' ')"
unlike "show: no secret" "$(sed -n 2p x.key | cut -c 1-30)" out

# --- no secret in what others see
for file in out err; do
	unlike "no passphrase in $file" 'secret' $file
done
