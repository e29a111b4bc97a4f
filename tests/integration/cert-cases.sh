#!/bin/sh
# Which findings certificates and names get, as `check --json` tells them: the
# exact set of cert.* and name.* of each.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/cases.sh"
need nginx openssl

issue issued.test DNS:example.test
n='--name example.test'

# judged NAME IDS [CERTIFY-OPTION ...]: a certificate made so, for example.test.
judged()
{
	judged_name=$1 judged_ids=$2
	shift 2
	certify "$@"
	# shellcheck disable=SC2046,SC2086
	trusted "$judged_name" "$judged_ids" $(files "$made") $n
}
made=c

# --- Keys
judged "EC P-256" "" c
judged "EC P-384" "" -key P-384 c
judged "RSA 2048" "" -key rsa c
judged "RSA 3072" "" -key rsa3072 c
judged "RSA 1024" cert.weak-key -key rsa1024 c
judged "RSA 1536" cert.weak-key -key rsa1536 c
judged "EC P-521" cert.key-type -key P-521 c
judged "EC secp256k1" cert.key-type -key secp256k1 c
judged "EC of 192 bits" "cert.key-type cert.weak-key" -key prime192v1 c
judged "Ed25519" cert.key-type -key ed25519 c
judged "Ed448" cert.key-type -key ed448 c
judged "RSA-PSS" cert.key-type -key pss c
judged "DSA" cert.key-type -key dsa c
judged "EC, parameters spelled out" "cert.chain-untrusted cert.key-type" \
	-key explicit c

# --- Signatures
judged "SHA-384" "" -digest sha384 c
judged "SHA-512" "" -digest sha512 c
judged "SHA-1" cert.weak-signature -digest sha1 -key rsa c
if openssl req -x509 -new -md5 -key "$certs/key.rsa" -subj /CN=x \
	-out md5.crt >/dev/null 2>&1; then
	judged "MD5" "cert.self-signed cert.weak-signature" -self \
		-digest md5 -key rsa c
else
	skip "MD5" "this openssl signs nothing with it"
fi

# --- Dates
judged "89 days left" "" -days 89 c
judged "31 days left" "" -days 31 c
judged "29 days left" cert.expires-soon -days 29 c
judged "one day left" cert.expires-soon -days 1 c
judged "398 days" "" -days 398 c
judged "399 days" cert.validity-too-long -days 399 c
judged "ten years" cert.validity-too-long -days 3650 c
dated()
{
	dated_name=$1 dated_ids=$2
	shift 2
	issue -valid "$@" dated.test DNS:example.test
	# shellcheck disable=SC2046,SC2086
	trusted "$dated_name" "$dated_ids" $(files dated.test) $n
}
dated "expired" cert.expired 20250101000000Z 20250301000000Z
dated "expired, and long" "cert.expired cert.validity-too-long" \
	20200101000000Z 20250301000000Z
dated "not yet valid" cert.not-yet-valid 20900101000000Z 20900301000000Z
dated "the year 9999" "cert.validity-too-long" 20260101000000Z 99991231235959Z
dated "it ends before it starts" "cert.expired cert.not-yet-valid" \
	20900101000000Z 20250101000000Z

# --- What it is for
eku=extendedKeyUsage ku=keyUsage san=subjectAltName=DNS:example.test
not_ca=basicConstraints=CA:false
judged "no usage named" "" -plain c "$san"
judged "serverAuth and clientAuth" "" -plain c "$san" \
	"$eku=serverAuth,clientAuth"
judged "any usage" "" -plain c "$san" "$eku=anyExtendedKeyUsage"
judged "for clients" cert.no-server-auth -plain c "$san" "$eku=clientAuth"
judged "for code" cert.no-server-auth -plain c "$san" "$eku=codeSigning"
judged "digitalSignature" "" c "$san" "$ku=critical,digitalSignature"
judged "keyAgreement" "" c "$san" "$ku=keyAgreement"
judged "signs CRLs only" cert.no-server-auth c "$san" "$ku=cRLSign"
judged "a CA" "cert.is-ca cert.self-signed" -self -plain c "$san" \
	basicConstraints=critical,CA:true
judged "must staple" cert.must-staple c "$san" tlsfeature=status_request
judged "another TLS feature" "" c "$san" tlsfeature=17
judged "an unknown critical extension" \
	"cert.chain-untrusted cert.critical-extension" c "$san" \
	1.2.3.4.5=critical,DER:0500
judged "a precertificate" "cert.chain-untrusted cert.critical-extension" \
	c "$san" 	1.3.6.1.4.1.11129.2.4.3=critical,DER:0500
judged "an unknown extension" "" c "$san" 1.2.3.4.5=DER:0500

# --- The chain
judged "self-signed" cert.self-signed -self c
certify c
trusted "no intermediate" "cert.chain-incomplete cert.chain-untrusted" \
	--cert "$certs/c.crt" --key "$certs/c.key" $n
trusted "the intermediate as chain" "" --cert "$certs/c.crt" \
	--key "$certs/c.key" --chain "$certs/intermediate.crt" $n
trusted "the intermediate as anchor" "" --cert "$certs/c.crt" \
	--key "$certs/c.key" --ca "$certs/intermediate.crt" $n
cat "$certs/c.chain.crt" "$certs/root.crt" >rooted.crt
trusted "the root as well" cert.root-included --cert rooted.crt \
	--key "$certs/c.key" $n
cat "$certs/intermediate.crt" "$certs/c.crt" >turned.crt
trusted "the other way round" cert.chain-order --cert turned.crt \
	--key "$certs/c.key" $n
cat "$certs/root.crt" "$certs/intermediate.crt" "$certs/c.crt" >turned.crt
trusted "the other way round, with the root" \
	"cert.chain-order cert.root-included" --cert turned.crt \
	--key "$certs/c.key" $n
cat "$certs/c.chain.crt" "$certs/c.crt" "$certs/intermediate.crt" >twice.crt
trusted "everything twice" "" --cert twice.crt --key "$certs/c.key" $n
certify -self -plain -key P-384 stranger "basicConstraints=critical,CA:true"
cat "$certs/c.chain.crt" "$certs/stranger.crt" >strange.crt
trusted "a stranger among them" cert.chain-order --cert strange.crt \
	--key "$certs/c.key" $n
case_of "an issuer nobody trusts" cert.chain-untrusted \
	--cert "$certs/c.chain.crt" --key "$certs/c.key" $n
case_of "another anchor" "cert.chain-incomplete cert.chain-untrusted" \
	--cert "$certs/c.chain.crt" --key "$certs/c.key" \
	--ca "$certs/stranger.crt" $n
judged "straight from the root" "" -ca root c
certify c "$san" "authorityInfoAccess=caIssuers;URI:http://ca.test/i.cer"
trusted "an intermediate to be fetched" \
	"cert.chain-incomplete cert.chain-untrusted" --cert "$certs/c.crt" \
	--key "$certs/c.key" $n
like "it is said where" 'http://ca.test/i.cer' case.out

# --- Which certificate, which key
certify other subjectAltName=DNS:other.test
certify -key rsa rsa subjectAltName=DNS:rsa.test
certify -key P-384 p384
trusted "no key" cert.no-key --cert "$certs/c.chain.crt" $n
trusted "the key of another" cert.key-mismatch --cert "$certs/c.chain.crt" \
	--key "$certs/p384.key" $n
trusted "an RSA key for EC" cert.key-mismatch --cert "$certs/c.chain.crt" \
	--key "$certs/rsa.key" $n
trusted "certificate and key mixed up" "" --cert "$certs/c.key" \
	--key "$certs/c.chain.crt" $n
cat "$certs/rsa.crt" "$certs/c.chain.crt" >two.crt
trusted "the key says which of two" cert.chain-order --cert two.crt \
	--key "$certs/c.key" $n
trusted "nothing says which of two" \
	"cert.several-leaves" --cert two.crt $n
cat "$certs/c.crt" "$certs/other.crt" >two.crt
trusted "two for one key" cert.several-leaves --cert two.crt \
	--key "$certs/c.key" $n

# --- Names
# named NAME IDS HOST SAN [SUBJECT]: a certificate with this SAN for that host.
named()
{
	certify -subject "${5:-/CN=example.test}" c ${4:+"subjectAltName=$4"}
	# shellcheck disable=SC2046
	trusted "$1" "$2" $(files c) --name "$3"
}
named "the name" "" example.test DNS:example.test
named "the second name" "" b.test DNS:a.test,DNS:b.test
named "in capitals" "" Example.TEST DNS:example.test
named "capitals in the certificate" "" example.test DNS:EXAMPLE.Test
named "a dot behind it" "" example.test. DNS:example.test
named "blanks around it" name.whitespace " example.test " DNS:example.test
named "another name" name.not-in-certificate a.test DNS:b.test
named "a name below" name.not-in-certificate www.a.test DNS:a.test
named "a name above" name.not-in-certificate a.test DNS:www.a.test
named "the common name, beside others" name.not-in-certificate cn.test \
	DNS:a.test /CN=cn.test
named "the common name, beside an address" name.cn-only cn.test \
	IP:192.0.2.1 /CN=cn.test
certify c keyUsage=digitalSignature
# shellcheck disable=SC2046
trusted "the common name alone" "cert.no-san name.cn-only" $(files c) $n
# shellcheck disable=SC2046
trusted "no name at all, another asked" \
	"cert.no-san name.not-in-certificate" $(files c) --name a.test
named "a wildcard" name.wildcard-certificate a.wild.test DNS:*.wild.test
named "a wildcard and the name" "" a.wild.test DNS:*.wild.test,DNS:a.wild.test
named "two labels for a wildcard" name.not-in-certificate a.b.wild.test \
	DNS:*.wild.test
named "no label for a wildcard" name.not-in-certificate wild.test \
	DNS:*.wild.test
named "a wildcard for a part" name.not-in-certificate foo.wild.test \
	DNS:f*.wild.test
named "a wildcard in the middle" name.not-in-certificate a.b.wild.test \
	DNS:a.*.wild.test
named "a wildcard for a country's shops" name.wildcard-public-suffix a.co.uk \
	DNS:*.co.uk
named "a wildcard for a country's shops, and the name" "" a.co.uk \
	DNS:*.co.uk,DNS:a.co.uk
named "a wildcard for a top level" name.not-in-certificate a.com DNS:*.com
named "a wildcard of a provider" name.wildcard-certificate a.github.io \
	DNS:*.github.io
named "a wildcard as name" name.wildcard-literal '*.wild.test' DNS:*.wild.test
named "an IPv4 address" "" 192.0.2.1 IP:192.0.2.1
named "an IPv6 address" "" 2001:db8::1 IP:2001:db8::1
named "an IPv6 address, written otherwise" "" '[2001:DB8:0::1]' IP:2001:db8::1
named "another address" name.ip-not-in-certificate 192.0.2.2 IP:192.0.2.1
named "an address as DNS name" name.ip-not-in-certificate 192.0.2.1 \
	DNS:192.0.2.1
named "a name for an address" name.not-in-certificate example.test \
	IP:192.0.2.1 /CN=other.test
named "no domain" name.not-fqdn web01 DNS:web01
named "an international name" name.idn xn--bcher-kva.test \
	DNS:xn--bcher-kva.test
named "an international name, as people write it" name.idn bücher.test \
	DNS:xn--bcher-kva.test
like "it is shown decoded" 'bücher.test' case.out
like "and as the DNS has it" 'xn--bcher-kva.test' case.out
named "scripts mixed" "name.idn name.mixed-script" xn--pple-43d.com \
	DNS:xn--pple-43d.com
named "one script that looks like another" name.idn xn--80ak6aa92e.com \
	DNS:xn--80ak6aa92e.com
named "what does not decode" name.invalid xn--99999999999.test DNS:a.test
named "an underscore" name.invalid a_b.test DNS:a_b.test
named "a space" name.invalid 'a b.test' DNS:a.test
named "an address of a page" name.invalid https://a.test/ DNS:a.test
named "two dots" name.invalid a..test DNS:a.test
named "a hyphen in front" name.invalid -a.test DNS:a.test
named "64 characters" name.invalid "$(printf '%064d.test' 0)" DNS:a.test
named "63 characters" "" "$(printf '%063d.test' 0)" \
	"DNS:$(printf '%063d.test' 0)"
named "254 characters" name.invalid \
	"$(printf '%050d.%050d.%050d.%050d.%045d.test' 0 0 0 0 0)" DNS:a.test
named "a number behind the last dot" name.invalid 1.2.3 DNS:a.test
named "an address that is none" name.invalid 300.1.1.1 DNS:a.test
certify c "subjectAltName=DNS:first.test,DNS:example.test"
# shellcheck disable=SC2046
trusted "no name given: the certificate's first" "" $(files c)

# --- Whom it is for: a product's policy weighs the same facts
# policy NAME PRODUCT IDS
policy()
{
	# shellcheck disable=SC2046,SC2086
	trusted "$2: $1" "$3" $(files "$made") --product "$2" $n
}
certify -key ec -days 20 c
policy "EC, 20 days left" generic cert.expires-soon=warning
policy "EC, 20 days left" itms "cert.expires-soon=error cert.key-type=error"
policy "EC, 20 days left" dataminer cert.expires-soon=warning
policy "EC, 20 days left" service-manager cert.expires-soon=warning
certify -key rsa c
policy "RSA" itms ""
certify -key rsa -digest sha1 c
policy "SHA-1" itms cert.weak-signature=warning
certify -key ed25519 c
policy "Ed25519" itms cert.key-type=error
policy "Ed25519" generic cert.key-type=warning
certify -key rsa c
# shellcheck disable=SC2046
case_of "itms: an issuer nobody trusts" cert.chain-untrusted=error \
	$(files c) $n --product itms
case_of "service-manager: no intermediate" \
	"cert.chain-incomplete=error cert.chain-untrusted=warning" \
	--cert "$certs/c.crt" --key "$certs/c.key" --product service-manager $n
certify -key rsa c keyUsage=digitalSignature
policy "no alternative names" dataminer "cert.no-san=error name.cn-only=error"
policy "no alternative names" generic \
	"cert.no-san=warning name.cn-only=warning"
certify -key rsa c subjectAltName=DNS:web01
n='--name web01'
policy "a short name" itms name.not-fqdn=error
policy "a short name" certero name.not-fqdn=error
policy "a short name" generic name.not-fqdn=warning
n='--name example.test'

# --- Without a certificate
case_of "nothing named" "cert.missing name.missing" --bindings both
case_of "a name alone" cert.missing $n
