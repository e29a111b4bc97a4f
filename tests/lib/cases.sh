# Cases of certificates and names: what the program finds about them, as ids.
# Needs tests/lib/cert.sh; everything is in $certs.

json=$builddir/tests/integration/json
mkdir -p "$tmp/tree"
: >"$tmp/tree/nginx.conf"

# case_of NAME IDS OPTION ...: `check` finds exactly these ids about
# certificate and name, sorted; "ID=SEVERITY" where how bad it is matters.
# An offline tree, so that no resolver is asked.
case_of()
{
	case_name=$1 case_ids=$2
	shift 2
	"$HTTPS_SETUP" check --json --root "$tmp/tree" --server nginx \
		--server-config /nginx.conf --state-dir "$tmp/state" \
		"$@" >case.out 2>case.err </dev/null || [ $? -eq 1 ] ||
		echo "status" >>case.err
	"$json" case.out 'findings.*.id' >case.ids 2>/dev/null || :
	"$json" case.out 'findings.*.severity' >case.words 2>/dev/null || :
	case $case_ids in
	*=*) paste -d= case.ids case.words ;;
	*) cat case.ids ;;
	esac >case.found
	case_got=$(grep -E '^(cert|name)\.' case.found | LC_ALL=C sort -u |
		paste -sd' ')
	if grep -q '"schema"' case.out && [ "$case_got" = "$case_ids" ]; then
		ok "$case_name"
	else
		fail "$case_name" "wanted: $case_ids" "got:    $case_got" \
			"$(cat case.err)" "$(grep '"message"' case.out)"
	fi
	if LC_ALL=C grep -q '[[:cntrl:]]' case.out case.err; then
		fail "$case_name: no control byte is printed" \
			"$(cat -v case.out case.err)"
	fi
}

# trusted NAME IDS OPTION ...: the same, and the test's root is trusted.
trusted()
{
	trusted_name=$1 trusted_ids=$2
	shift 2
	case_of "$trusted_name" "$trusted_ids" --ca "$certs/root.crt" "$@"
}

# certify [OPTION ...] NAME [EXTENSION ...]: NAME.crt, NAME.key and
# NAME.chain.crt; each extension as in openssl's configuration, and
# subjectAltName=DNS:example.test where none is given.
#
#	-key TYPE	a kind of key of keep_key, instead of ec
#	-ca NAME	signed by it instead of the intermediate
#	-self		signed by itself
#	-subject TEXT	instead of /CN=example.test
#	-days N		instead of 90
#	-digest NAME	instead of sha256
#	-plain		without basicConstraints and extendedKeyUsage
certify()
{
	certify_key=ec certify_ca=intermediate certify_subject=/CN=example.test
	certify_days=90 certify_digest=sha256 certify_usual=yes
	while :; do
		case $1 in
		-key) certify_key=$2; shift 2 ;;
		-ca) certify_ca=$2; shift 2 ;;
		-self) certify_ca=; shift ;;
		-subject) certify_subject=$2; shift 2 ;;
		-days) certify_days=$2; shift 2 ;;
		-digest) certify_digest=$2; shift 2 ;;
		-plain) certify_usual=; shift ;;
		*) break ;;
		esac
	done
	certify_name=$1
	shift
	[ $# -gt 0 ] || set -- subjectAltName=DNS:example.test
	keep_key "$certify_key"
	cp "$certs/key.$certify_key" "$certs/$certify_name.key"
	{
		printf '[req]\ndistinguished_name = dn\n[dn]\n[leaf]\n'
		[ -z "$certify_usual" ] || printf '%s\n' \
			'basicConstraints = critical, CA:false' \
			'extendedKeyUsage = serverAuth'
		printf '%s\n' "$@"
	} >"$certs/$certify_name.conf"
	set -- -config "$certs/$certify_name.conf" -extensions leaf -utf8 \
		-multivalue-rdn -days "$certify_days" "-$certify_digest" \
		-subj "$certify_subject" -key "$certs/$certify_name.key" \
		-out "$certs/$certify_name.crt"
	[ -z "$certify_ca" ] || set -- "$@" -CA "$certs/$certify_ca.crt" \
		-CAkey "$certs/$certify_ca.key"
	cert_tool req -x509 -new "$@"
	cat "$certs/$certify_name.crt" >"$certs/$certify_name.chain.crt"
	[ "$certify_ca" != intermediate ] ||
		cat "$certs/intermediate.crt" >>"$certs/$certify_name.chain.crt"
}

# keep_key TYPE: $certs/key.TYPE, made once.
keep_key()
{
	[ ! -e "$certs/key.$1" ] || return 0
	case $1 in
	ec) set -- "$1" EC -pkeyopt ec_paramgen_curve:P-256 ;;
	rsa) set -- "$1" RSA -pkeyopt rsa_keygen_bits:2048 ;;
	rsa[0-9]*) set -- "$1" RSA -pkeyopt "rsa_keygen_bits:${1#rsa}" ;;
	pss) set -- "$1" RSA-PSS -pkeyopt rsa_keygen_bits:2048 ;;
	explicit) set -- "$1" EC -pkeyopt ec_paramgen_curve:P-256 \
		-pkeyopt ec_param_enc:explicit ;;
	ed*) set -- "$1" "$(echo "$1" | tr d D)" ;;
	dsa) cert_tool genpkey -genparam -algorithm DSA \
		-pkeyopt dsa_paramgen_bits:2048 -out "$certs/dsa.param"
		(umask 077 && cert_tool genpkey -paramfile "$certs/dsa.param" \
			-out "$certs/key.dsa")
		return ;;
	*) set -- "$1" EC -pkeyopt "ec_paramgen_curve:$1" ;;
	esac
	keep_file=$certs/key.$1
	shift
	(umask 077 && cert_tool genpkey -algorithm "$@" -out "$keep_file")
}

# files NAME: the options that name what certify made.
files()
{
	echo "--cert $certs/$1.chain.crt --key $certs/$1.key"
}

# passphrase TEXT: a file with it, its name in $pass.
passphrase()
{
	pass=$tmp/passphrase
	(umask 077 && printf '%s\n' "$1" >"$pass")
}
