#!/bin/sh
# The doctor at servers that behave badly: it ends in time, in little memory,
# with a finding, and nothing that could steer a terminal reaches one.
. "${srcdir:-.}/tests/lib.sh"

need nginx openssl

json=$builddir/tests/integration/json

# hostile WAY: such a server; its port is in $port.
hostile()
{
	rm -f "$tmp/port"
	start "$builddir/tests/integration/hostile" "$1" "$tmp/port"
	wait_until test -s "$tmp/port"
	port=$(cat "$tmp/port")
}

# doctor OPTION ...: looks at example.test there; $took is how many ms.
doctor()
{
	doctor_start=$(date +%s%3N)
	status=0
	"$HTTPS_SETUP" doctor "https://example.test:$port/" --timeout 1 \
		--address 127.0.0.1 "$@" >out 2>err || status=$?
	took=$(($(date +%s%3N) - doctor_start))
	case " $* " in
	*" --json "*) "$json" out 'findings.*.id' >ids ;;
	esac
}

# harmless NAME: is there no control character in what was said?
harmless()
{
	is "$1: no control characters" "" "$(tr -d '\n' <out | tr -dc '[:cntrl:]')"
}

# finds WAY ID [OPTION ...]: this server, this finding, exit 1, in time, and no
# control character.
finds()
{
	finds_way=$1 finds_id=$2
	shift 2
	hostile "$finds_way"
	doctor --json "$@"
	is "$finds_way: exit status" 1 "$status"
	like "$finds_way: $finds_id" "^live\\.$finds_id\$" ids
	check "$finds_way: in time ($took ms)" test "$took" -lt 4000
	doctor "$@"
	harmless "$finds_way"
}

finds silent timeout
finds slow timeout
finds headers connect
finds headers plain-http
finds garbage connect
finds alert connect
finds reset connect
finds http plain-http
finds ssl3 legacy-protocol
finds ssl3 no-modern-tls

# what an HTTP port may do
hostile silent
silent=$port
for way in silent slow headers garbage escapes reset; do
	hostile $way
	http=$port
	port=$silent
	doctor --json --http-port "$http"
	is "HTTP, $way: exit status" 1 "$status"
	check "HTTP, $way: in time ($took ms)" test "$took" -lt 5000
	doctor --http-port "$http"
	harmless "HTTP, $way"
done
hostile escapes
http=$port
port=$silent
doctor --json --http-port "$http"
like "escapes are told of" '^live\.hostile-text$' ids

# 15 seconds is the end, whatever was asked for
hostile silent
doctor_start=$(date +%s)
"$HTTPS_SETUP" doctor "https://example.test:$port/" --timeout 100 \
	--address 127.0.0.1 >out 2>err || :
took=$(($(date +%s) - doctor_start))
check "it ends after 15 s at the latest ($took s)" test $took -le 16

# memory: 10 MB of headers are not kept
hostile headers
http=$port
(
	ulimit -v 400000
	"$HTTPS_SETUP" doctor "https://example.test:$port/" --timeout 2 \
		--http-port "$http" --address 127.0.0.1 --json >out 2>err
) || :
"$json" out 'findings.*.id' >ids
like "floods fit into little memory" '^live\.' ids

# a certificate with 64 KB of names
issue example.test $(awk 'BEGIN { for (i = 0; i < 1800; i++)
	printf "DNS:name-%04d.of-a-long-list.example.test ", i }')
free_port port
nginx_conf many.conf <<END
server {
    listen 127.0.0.1:$port ssl;
    server_name example.test;
    ssl_certificate $certs/example.test.chain.crt;
    ssl_certificate_key $certs/example.test.key;
    location / { return 200 page; }
}
END
start_nginx many.conf
doctor --json --ca "$certs/root.crt"
is "64 KB of names: exit status" 1 $status
like "64 KB of names: a finding" '^live\.name$' ids
check "64 KB of names: in time ($took ms)" test "$took" -lt 4000
