#!/bin/sh
# What reading certificates costs beside OpenSSL's own program: ratios of runs
# taken in turn.
. "${srcdir:-.}/tests/lib.sh"
need openssl

measure=$builddir/tests/bench/measure
runs=${RUNS:-25}

# figure WHAT LIMIT VALUE UNIT
figure()
{
	awk -v what="$1" -v limit="$2" -v value="$3" -v unit="$4" 'BEGIN {
		printf "%-58s %8.2f  limit %s %s  %s\n", what, value, limit,
			unit, value <= limit ? "ok" : "OVER" }'
}

field()
{
	sed -n "$1p" "$tmp/figures" | cut -d' ' -f"$2"
}

# megabytes LINE: the peak of a command, in millions of bytes
megabytes()
{
	field "$1" 3 | awk '{ print $1 * 1.024 / 1000 }'
}

issue example.test
cat "$certs/root.crt" >>"$certs/example.test.chain.crt"
cat >floor <<END
openssl x509 -text -noout -in "$certs/example.test.chain.crt"
exec openssl verify -CAfile "$certs/root.crt" \
	-untrusted "$certs/example.test.chain.crt" "$certs/example.test.crt"
END

# a thousand certificates of one CA, and the key of the first
openssl pkey -in "$certs/root.key" -pubout -out root.pub
for i in $(seq 999); do
	openssl x509 -new -set_serial "$i" -subj "/CN=CA $i" -days 30 \
		-force_pubkey root.pub -CA "$certs/root.crt" \
		-CAkey "$certs/root.key" 2>/dev/null
done >others.pem
cat "$certs/example.test.crt" others.pem "$certs/example.test.key" >many.pem
echo "# $(grep -c BEGIN.CERT many.pem) certificates, $(wc -c <many.pem) bytes"

"$measure" "$runs" -- sh floor \
	-- "$HTTPS_SETUP" cert show --ca "$certs/root.crt" \
		"$certs/example.test.chain.crt" \
	-- "$HTTPS_SETUP" cert show many.pem >figures
for line in 1 2 3; do
	status=$(field $line 4)
	[ "$status" = 0 ] || { echo "command $line ended with $status"; exit 1; }
done

figure "cert show, three certificates / openssl x509 + verify" 1.5 \
	"$(echo "$(field 2 1) $(field 1 1)" | awk '{ print $1 / $2 }')" times
figure "cert show, three certificates" 12 "$(megabytes 2)" MB
figure "cert show, a thousand certificates" 1 "$(field 3 1)" s
figure "cert show, a thousand certificates" 12 "$(megabytes 3)" MB
