#!/bin/sh
# Every format an operator may hold in hand, from files that OpenSSL, GnuTLS
# (certtool), NSS (pk12util), Java (keytool) and OpenSSH (ssh-keygen) wrote; the
# name of each case says which.  Text forms are bent as mail programs and editors bend them.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/cases.sh"
need nginx openssl
umask 077

issue issued.test DNS:example.test
certify -key rsa c
certify -key ec e
leaf=$certs/c.crt key=$certs/c.key chain=$certs/c.chain.crt
above=$certs/intermediate.crt
passphrase s3cret
n="--name example.test"
pf="--passphrase-file $pass"
mkdir f
old=cert.legacy-encryption

# whole NAME FILE ...: a file with all in it, and nothing to say about it.
whole()
{
	whole_name=$1 whole_file=$2
	shift 2
	trusted "$whole_name" "" --cert "$whole_file" $n "$@"
}

# --- PEM: OpenSSL
cat "$chain" "$key" >f/all.pem
whole "OpenSSL: PEM with the key behind" f/all.pem
cat "$key" "$chain" >f/front.pem
whole "OpenSSL: PEM with the key in front" f/front.pem
openssl x509 -in "$leaf" -text >f/text.pem 2>/dev/null
cat "$above" "$key" >>f/text.pem
whole "OpenSSL: PEM with x509 -text around" f/text.pem
{
	echo "Subject: Your certificate"
	cat "$leaf"
	echo "and the chain:"
	cat "$above"
	echo "Regards, your CA"
	cat "$key"
} >f/mail.pem
whole "text before, between and behind" f/mail.pem
sed 's/$/\r/' f/all.pem >f/crlf.pem
whole "lines of Windows" f/crlf.pem
tr '\n' '\r' <f/all.pem >f/cr.pem
whole "lines of old Macs" f/cr.pem
{ printf '\357\273\277'; cat f/all.pem; } >f/bom.pem
whole "a byte order mark" f/bom.pem
if command -v iconv >/dev/null; then
	iconv -f UTF-8 -t UTF-16 f/all.pem >f/utf16.pem
	whole "UTF-16, as iconv writes it" f/utf16.pem
	{ printf '\376\377'; iconv -f UTF-8 -t UTF-16BE f/all.pem; } >f/be.pem
	whole "UTF-16, high byte first" f/be.pem
	iconv -f UTF-8 -t UTF-16LE f/all.pem >f/le.pem
	whole "UTF-16 without a mark" f/le.pem
	iconv -f UTF-8 -t UTF-16BE f/all.pem >f/be.pem
	whole "UTF-16 without a mark, high byte first" f/be.pem
else
	skip "UTF-16" "no iconv"
fi
sed 's/^/\t /; s/$/  /' f/all.pem >f/tabs.pem
whole "tabs and blanks around the lines" f/tabs.pem
cert_tool x509 -in "$leaf" -trustout -addtrust serverAuth -out f/trusted.pem
cat "$above" "$key" >>f/trusted.pem
whole "OpenSSL: TRUSTED CERTIFICATE" f/trusted.pem

# --- DER and PKCS#7: OpenSSL
cert_tool x509 -in "$leaf" -outform DER -out f/leaf.der
whole "OpenSSL: DER" f/leaf.der --key "$key" --chain "$above"
base64 f/leaf.der >f/leaf.b64
whole "DER as base64 and nothing else" f/leaf.b64 --key "$key" --chain "$above"
cert_tool crl2pkcs7 -nocrl -certfile "$chain" -out f/chain.p7b
cert_tool crl2pkcs7 -nocrl -certfile "$chain" -outform DER -out f/chain.p7c
whole "OpenSSL: PKCS#7, PEM" f/chain.p7b --key "$key"
whole "OpenSSL: PKCS#7, DER" f/chain.p7c --key "$key"
whole "OpenSSL: PKCS#7 as chain" "$leaf" --key "$key" --chain f/chain.p7b

# --- Keys: OpenSSL
# a_key NAME IDS FILE [CERTIFICATE]
a_key()
{
	# shellcheck disable=SC2086
	trusted "$1" "$2" --cert "$certs/${4:-c}.chain.crt" --key "$3" $n $pf
}
cert_tool pkey -in "$key" -traditional -out f/rsa.key
cert_tool pkey -in "$certs/e.key" -traditional -out f/ec.key
{ openssl ecparam -name prime256v1; cat f/ec.key; } >f/ecp.key 2>/dev/null
a_key "OpenSSL: RSA, traditional" "" f/rsa.key
a_key "OpenSSL: EC, traditional" "" f/ec.key e
a_key "OpenSSL: EC with its parameters in front" "" f/ecp.key e
for form in c e; do
	cert_tool pkcs8 -topk8 -nocrypt -in "$certs/$form.key" -outform DER \
		-out f/p8.der
	a_key "OpenSSL: PKCS#8, DER ($form)" "" f/p8.der $form
	cert_tool pkey -in "$certs/$form.key" -traditional -outform DER \
		-out f/old.der
	a_key "OpenSSL: traditional, DER ($form)" "" f/old.der $form
done
locked()
{
	locked_name=$1 locked_ids=$2
	shift 2
	cert_tool pkcs8 -topk8 -in "$key" -passout pass:s3cret "$@" \
		-out f/locked.key
	a_key "OpenSSL: $locked_name" "$locked_ids" f/locked.key
}
locked "PKCS#8, AES" "" -v2 aes-256-cbc
locked "PKCS#8, AES, DER" "" -v2 aes-256-cbc -outform DER
locked "PKCS#8, scrypt" "" -scrypt
locked "PKCS#8, PBES2 with 3DES" "" -v2 des3
locked "PKCS#8, 3DES of PKCS#12" $old -v1 PBE-SHA1-3DES
legacy=
if openssl list -providers -provider legacy >/dev/null 2>&1; then
	legacy="-provider legacy -provider default"
	# shellcheck disable=SC2086
	locked "PKCS#8, RC2" $old -v1 PBE-SHA1-RC2-40 $legacy
	like "the legacy provider is named" "legacy provider" case.out
else
	skip "PKCS#8, RC2" "no legacy provider"
fi
cert_tool rsa -in "$key" -aes128 -traditional -passout pass:s3cret \
	-out f/dek.key
a_key "OpenSSL: RSA, traditional, encrypted" "" f/dek.key

# --- PKCS#12
# pfx NAME IDS FILE [OPTION ...]
pfx()
{
	pfx_name=$1 pfx_ids=$2 pfx_file=$3
	shift 3
	# shellcheck disable=SC2086
	trusted "$pfx_name" "$pfx_ids" --cert "$pfx_file" $n "$@"
}
# export IDS NAME OPTION ...: as openssl writes it with these options
export_pfx()
{
	export_ids=$1 export_name=$2
	shift 2
	cert_tool pkcs12 -export -passout pass:s3cret -inkey "$key" \
		-in "$leaf" -certfile "$above" "$@" -out f/out.p12
	# shellcheck disable=SC2086
	pfx "OpenSSL: PKCS#12, $export_name" "$export_ids" f/out.p12 $pf
}
export_pfx "" "AES"
export_pfx "" "with the marks of Windows" -name te-0815 -keyex -LMK \
	-CSP "Microsoft RSA SChannel Cryptographic Provider" -iter 2000
export_pfx "" "without a MAC" -nomac
export_pfx "" "certificates in the clear" -certpbe NONE
export_pfx "" "all in the clear" -certpbe NONE -keypbe NONE
export_pfx $old "3DES" -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES \
	-macalg sha1
[ -z "$legacy" ] || export_pfx $old "RC2 and 3DES (-legacy)" -legacy
cert_tool pkcs12 -export -passout pass: -inkey "$key" -in "$leaf" \
	-certfile "$above" -out f/empty.p12
pfx "OpenSSL: PKCS#12, empty passphrase, none given" "" f/empty.p12
passphrase ""
pfx "OpenSSL: PKCS#12, empty passphrase" "" f/empty.p12 \
	--passphrase-file "$pass"
passphrase s3cret
cat "$above" "$certs/root.crt" >f/with-root.pem
cert_tool pkcs12 -export -passout pass:s3cret -inkey "$key" -in "$leaf" \
	-certfile f/with-root.pem -out f/rooted.p12
# shellcheck disable=SC2086
pfx "OpenSSL: PKCS#12, with the root" cert.root-included f/rooted.p12 $pf

# --- GnuTLS
gnutls()
{
	certtool "$@" >gnutls.out 2>&1 </dev/null || note <gnutls.out
}
# gnutls_pfx NAME IDS PASSPHRASE-OPTION OPTION ...
gnutls_pfx()
{
	gnutls_name=$1 gnutls_ids=$2
	shift 2
	gnutls --to-p12 --load-privkey "$key" --load-certificate "$chain" \
		--p12-name site --outder --outfile f/gnutls.p12 "$@"
	# shellcheck disable=SC2086
	pfx "GnuTLS: PKCS#12, $gnutls_name" "$gnutls_ids" f/gnutls.p12 $pf
}
# gnutls_key NAME IDS OPTION ...
gnutls_key()
{
	gnutls_name=$1 gnutls_ids=$2
	shift 2
	gnutls --to-p8 --load-privkey "$key" --outfile f/gnutls.key "$@"
	a_key "GnuTLS: PKCS#8, $gnutls_name" "$gnutls_ids" f/gnutls.key
}
if command -v certtool >/dev/null; then
	gnutls_pfx "AES" "" --password s3cret --pkcs-cipher aes-256
	gnutls_pfx "3DES" $old --password s3cret --pkcs-cipher 3des-pkcs12
	[ -z "$legacy" ] || gnutls_pfx "RC2" $old --password s3cret \
		--pkcs-cipher rc2-40
	passphrase ""
	gnutls_pfx "empty passphrase" "" --empty-password
	gnutls_pfx "null passphrase" "" --null-password
	passphrase s3cret
	certtool --load-privkey "$key" --key-info --no-text \
		--outfile f/gnutls.p8 >gnutls.out 2>&1 || note <gnutls.out
	a_key "GnuTLS: key as it writes it" "" f/gnutls.p8
	gnutls_key "AES" "" --password s3cret --pkcs-cipher aes-128
	gnutls_key "3DES" $old --password s3cret --pkcs-cipher 3des-pkcs12
	gnutls --to-rsa --load-privkey "$key" --outfile f/gnutls.rsa
	a_key "GnuTLS: RSA, traditional" "" f/gnutls.rsa
	gnutls --load-privkey f/ec.key --key-info --no-text \
		--outfile f/gnutls.ec
	like "GnuTLS writes EC so" 'BEGIN EC PRIVATE KEY' f/gnutls.ec
	a_key "GnuTLS: EC, traditional" "" f/gnutls.ec e
	gnutls --load-privkey f/ec.key --key-info --no-text --outder \
		--outfile f/gnutls.ec
	a_key "GnuTLS: EC, traditional, DER" "" f/gnutls.ec e
	gnutls_key "plain" "" --password ""
	like "GnuTLS writes it so" 'BEGIN PRIVATE KEY' f/gnutls.key
	gnutls_key "plain, DER" "" --password "" --outder
	gnutls_key "AES, DER" "" --password s3cret --outder
	gnutls --certificate-info --load-certificate "$leaf" --outfile f/info.pem
	whole "GnuTLS: PEM with its description" f/info.pem --key "$key" \
		--chain "$above"
	gnutls --certificate-info --outder --load-certificate "$leaf" \
		--outfile f/gnutls.der
	whole "GnuTLS: DER" f/gnutls.der --key "$key" --chain "$above"
	gnutls --p7-generate --load-certificate "$chain" --outfile f/gnutls.p7b
	whole "GnuTLS: PKCS#7, PEM" f/gnutls.p7b --key "$key" --chain "$above"
	gnutls --p7-generate --load-certificate "$chain" --outder \
		--outfile f/gnutls.p7c
	whole "GnuTLS: PKCS#7, DER" f/gnutls.p7c --key "$key" --chain "$above"
else
	skip "GnuTLS" "no certtool"
fi

# --- OpenSSH
if command -v ssh-keygen >/dev/null; then
	for form in c e; do
		cert_tool pkey -in "$certs/$form.key" -traditional -out f/ssh.key
		ssh-keygen -q -p -m PEM -P '' -N s3cret -f f/ssh.key >/dev/null
		like "OpenSSH encrypts it ($form)" DEK-Info f/ssh.key
		a_key "OpenSSH: traditional, encrypted ($form)" "" f/ssh.key $form
	done
else
	skip "OpenSSH" "no ssh-keygen"
fi

# --- NSS
# nss NAME IDS OPTION ...: exported again by pk12util
nss()
{
	nss_name=$1 nss_ids=$2
	shift 2
	pk12util -o f/nss.p12 -n site -d sql:nss -W s3cret "$@" >nss.out 2>&1 ||
		note <nss.out
	# shellcheck disable=SC2086
	pfx "NSS: PKCS#12, $nss_name" "$nss_ids" f/nss.p12 $pf
}
if command -v pk12util >/dev/null && command -v certutil >/dev/null; then
	mkdir nss
	certutil -N -d sql:nss --empty-password >nss.out 2>&1
	cert_tool pkcs12 -export -passout pass:s3cret -name site \
		-inkey "$key" -in "$leaf" -certfile "$above" -out f/in.p12
	pk12util -i f/in.p12 -d sql:nss -W s3cret >nss.out 2>&1 || note <nss.out
	nss "as it writes by itself" ""
	nss "3DES" $old -c "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC" \
		-C "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC"
	[ -z "$legacy" ] ||
		nss "RC2" $old -C "PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC"
	certutil -L -d sql:nss -n site -a >f/nss.pem 2>/dev/null
	whole "NSS: PEM" f/nss.pem --key "$key" --chain "$above"
	certutil -L -d sql:nss -n site -r >f/nss.der 2>/dev/null
	whole "NSS: DER" f/nss.der --key "$key" --chain "$above"
else
	skip "NSS" "no pk12util"
fi

# --- Java
java()
{
	keytool -J-Xshare:auto -J-XX:TieredStopAtLevel=1 "$@" >java.out 2>&1 \
		</dev/null || note <java.out
}
if command -v keytool >/dev/null && keytool -help >/dev/null 2>&1; then
	cert_tool pkcs12 -export -passout pass:s3cret -name site \
		-inkey "$key" -in "$leaf" -certfile "$above" -out f/in.p12
	for kind in modern legacy; do
		option= ids=
		[ $kind = modern ] || option=-J-Dkeystore.pkcs12.legacy ids=$old
		[ $kind = modern ] || [ -n "$legacy" ] || continue
		# shellcheck disable=SC2086
		java $option -importkeystore -noprompt -srckeystore f/in.p12 \
			-srcstoretype PKCS12 -srcstorepass s3cret \
			-destkeystore f/java.p12 -deststoretype PKCS12 \
			-deststorepass s3cret
		# shellcheck disable=SC2086
		pfx "Java: PKCS#12, $kind" "$ids" f/java.p12 $pf
		rm -f f/java.p12
	done
	java -importkeystore -noprompt -srckeystore f/in.p12 \
		-srcstoretype PKCS12 -srcstorepass s3cret \
		-destkeystore f/two.p12 -deststoretype PKCS12 \
		-deststorepass s3cret
	java -genkeypair -alias other -dname CN=other.test -keyalg RSA \
		-keystore f/two.p12 -storetype PKCS12 -storepass s3cret
	# shellcheck disable=SC2086
	pfx "Java: PKCS#12, two keys" cert.several-leaves f/two.p12 $pf
	for file in "$leaf" "$above"; do
		java -importcert -noprompt -alias "$file" -file "$file" \
			-keystore f/java.p12 -storetype PKCS12 -storepass s3cret
	done
	# shellcheck disable=SC2086
	pfx "Java: PKCS#12, certificates alone" cert.no-key f/java.p12 $pf
	for form in -rfc ""; do
		# shellcheck disable=SC2086
		java -exportcert $form -keystore f/in.p12 -storetype PKCS12 \
			-storepass s3cret -alias site -file f/java.crt
		whole "Java: certificate ${form:-DER}" f/java.crt --key "$key" \
			--chain "$above"
	done
else
	skip "Java" "no keytool"
fi

# --- Several files: a directory, a pattern, certbot's
mkdir zip
cp "$leaf" zip/1234.crt
cp "$above" zip/AnIntermediate.crt
cp "$certs/root.crt" zip/ARoot.crt
echo "install these" >zip/README.txt
trusted "a CA's files, unpacked" cert.root-included --cert zip \
	--key "$key" $n
cp "$key" zip/site.key
trusted "with the key among them" cert.root-included --cert zip $n
cp "$certs/e.key" zip/another.key
trusted "with another key as well" cert.root-included --cert zip $n
trusted "a pattern" "" --cert 'zip/[1As][2ni]*' $n
rm zip/*.key
trusted "without a key" "cert.no-key cert.root-included" --cert zip $n
mkdir live
cp "$leaf" live/cert.pem
cp "$above" live/chain.pem
cp "$chain" live/fullchain.pem
cp "$key" live/privkey.pem
trusted "certbot's directory" "" --cert live $n
cp "$certs/e.crt" "$certs/e.key" live
trusted "two sites in one directory" "cert.several-leaves" --cert live $n || :
mkdir none
trusted "a directory with nothing in it" cert.not-a-certificate --cert none $n
