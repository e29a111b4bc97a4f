# A test CA: a root, an intermediate, and leaves for whatever names.  All files
# are in $certs; nothing lasts longer than the test.

certs=$tmp/certs

# make_ca: the root (root.crt, root.key) and an intermediate under it.  Called
# by the first issue.
make_ca()
{
	mkdir -p "$certs"
	: >"$certs/index.txt"
	cat >"$certs/ca.conf" <<-END
	[ca]
	default_ca = test
	[test]
	database = $certs/index.txt
	new_certs_dir = $certs
	rand_serial = yes
	unique_subject = no
	default_md = sha256
	policy = any
	[any]
	commonName = supplied
	[req]
	distinguished_name = dn
	[dn]
	[root]
	basicConstraints = critical, CA:true
	keyUsage = critical, keyCertSign, cRLSign
	subjectKeyIdentifier = hash
	[intermediate]
	basicConstraints = critical, CA:true, pathlen:0
	keyUsage = critical, keyCertSign, cRLSign
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	END
	make_key "$certs/root.key"
	cert_tool req -config "$certs/ca.conf" -x509 -days 3650 \
		-subj "/CN=Test Root" -extensions root \
		-key "$certs/root.key" -out "$certs/root.crt"
	cert_sign intermediate "Test Intermediate" root "$certs/ca.conf" \
		intermediate -days 1825
}

# issue [OPTION ...] NAME [SAN ...]: NAME.crt, NAME.key and NAME.chain.crt (the
# leaf and its intermediate), for NAME or the alternative names given, each
# like DNS:www.example.com or IP:127.0.0.1.
#
#	-valid FROM TO	instead of 90 days from now, as YYYYMMDDHHMMSSZ
#	-expired	-valid in early 2020
#	-key TYPE	ec (the default) or rsa:BITS
#	-eku USAGE	instead of serverAuth
#	-ca NAME	issued by this one instead of the intermediate
#	-md DIGEST	signed with another one than SHA-256
#	-cn-only	no alternative names
#	-ext LINE	one more extension
issue()
{
	[ -e "$certs/root.crt" ] || make_ca
	issue_key=ec issue_eku=serverAuth issue_ca=intermediate
	issue_from= issue_to= issue_md=sha256 issue_ext= issue_san=yes
	while :; do
		case $1 in
		-valid) issue_from=$2 issue_to=$3; shift 3 ;;
		-expired) issue_from=20200101000000Z issue_to=20200401000000Z
			shift ;;
		-key) issue_key=$2; shift 2 ;;
		-eku) issue_eku=$2; shift 2 ;;
		-ca) issue_ca=$2; shift 2 ;;
		-md) issue_md=$2; shift 2 ;;
		-ext) issue_ext=$2; shift 2 ;;
		-cn-only) issue_san=; shift ;;
		*) break ;;
		esac
	done
	issue_name=$1
	shift
	[ $# -gt 0 ] || set -- "DNS:$issue_name"
	make_key "$certs/$issue_name.key" "$issue_key"
	cat >"$certs/$issue_name.ext" <<-END
	[leaf]
	basicConstraints = critical, CA:false
	keyUsage = critical, digitalSignature, keyEncipherment
	extendedKeyUsage = $issue_eku
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	$issue_ext
	${issue_san:+subjectAltName = $(printf '%s\n' "$@" | paste -sd,)}
	END
	if [ -n "$issue_from" ]; then
		set -- -startdate "$issue_from" -enddate "$issue_to"
	else
		set -- -days 90
	fi
	set -- "$@" -md "$issue_md"
	cert_sign "$issue_name" "$issue_name" "$issue_ca" \
		"$certs/$issue_name.ext" leaf "$@"
	cat "$certs/$issue_name.crt" >"$certs/$issue_name.chain.crt"
	[ "$issue_ca" = root ] ||
		cat "$certs/$issue_ca.crt" >>"$certs/$issue_name.chain.crt"
}

# self_signed NAME: NAME.crt and NAME.key, signed by itself.
self_signed()
{
	mkdir -p "$certs"
	make_key "$certs/$1.key"
	cert_tool req -x509 -days 90 -subj "/CN=$1" \
		-addext "subjectAltName=DNS:$1" \
		-key "$certs/$1.key" -out "$certs/$1.crt"
}

# make_p12 NAME PASSPHRASE: NAME.p12 of what issue made, with its chain.
make_p12()
{
	cert_tool pkcs12 -export -name "$1" -passout "pass:$2" \
		-inkey "$certs/$1.key" -in "$certs/$1.crt" \
		-certfile "$certs/intermediate.crt" -out "$certs/$1.p12"
}

# make_key FILE [TYPE]: a private key, PKCS#8, 0600.
make_key()
{
	case ${2:-ec} in
	ec) set -- "$1" -algorithm EC -pkeyopt ec_paramgen_curve:P-256 ;;
	rsa:*) set -- "$1" -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa:}" ;;
	*) echo "# make_key: no such type: $2"; return 1 ;;
	esac
	make_key_file=$1
	shift
	(umask 077 && cert_tool genpkey "$@" -out "$make_key_file")
}

# cert_sign FILE-NAME COMMON-NAME ISSUER EXTENSIONS-FILE SECTION OPTION ...:
# FILE-NAME.crt for FILE-NAME.key, which is made where there is none.
cert_sign()
{
	sign_name=$1 sign_cn=$2 sign_ca=$3 sign_file=$4 sign_section=$5
	shift 5
	[ -e "$certs/$sign_name.key" ] || make_key "$certs/$sign_name.key"
	cert_tool req -new -config "$certs/ca.conf" -subj "/CN=$sign_cn" \
		-key "$certs/$sign_name.key" -out "$certs/$sign_name.csr"
	cert_tool ca -batch -notext -config "$certs/ca.conf" \
		-cert "$certs/$sign_ca.crt" -keyfile "$certs/$sign_ca.key" \
		-extfile "$sign_file" -extensions "$sign_section" "$@" \
		-in "$certs/$sign_name.csr" -out "$certs/$sign_name.crt"
}

# cert_tool COMMAND ...: openssl, heard only when it fails.
cert_tool()
{
	openssl "$@" >"$tmp/openssl.out" 2>&1 </dev/null || {
		echo "# openssl $*"
		note <"$tmp/openssl.out"
		return 1
	}
}
