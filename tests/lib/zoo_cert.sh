# The certificates of the zoo: NAME.served is what a server sends, NAME.key
# what it signs with.

# zoo_certificates: all of them; www is the good one.
zoo_certificates()
{
	zoo_www="DNS:www.example.test DNS:example.test"
	zoo_tomorrow=$(date -u -d @$(($(date +%s) + 86400)) +%Y%m%d%H%M%SZ)
	zoo_next_year=$(date -u -d @$(($(date +%s) + 31536000)) +%Y%m%d%H%M%SZ)
	zoo_next_week=$(date -u -d @$(($(date +%s) + 604800)) +%Y%m%d%H%M%SZ)
	zoo_last_week=$(date -u -d @$(($(date +%s) - 604800)) +%Y%m%d%H%M%SZ)

	leaf www
	leaf rsa -key rsa:2048
	leaf expired -expired
	leaf early -valid "$zoo_tomorrow" "$zoo_next_year"
	leaf soon -valid "$zoo_last_week" "$zoo_next_week"
	leaf weak-key -key rsa:1024
	leaf sha1 -key rsa:2048 -md sha1
	# no elliptic curve signs with MD5
	make_key "$certs/rsa-ca.key" rsa:2048
	cert_sign rsa-ca "Test RSA" root "$certs/ca.conf" intermediate -days 99
	leaf md5 -key rsa:2048 -ca rsa-ca -md md5
	leaf client -eku clientAuth
	leaf staple -ext "tlsfeature = status_request"
	leaf old -valid "$zoo_last_week" "$zoo_next_year"
	leaf renewed
	zoo_www=DNS:other.example.test leaf other
	zoo_www="DNS:*.example.test" leaf wildcard
	zoo_www="DNS:localhost IP:127.0.0.1" leaf address

	# the file's name is the common name
	leaf www.example.test -cn-only
	mv "$certs/www.example.test.served" "$certs/cn-only.served"
	mv "$certs/www.example.test.key" "$certs/cn-only.key"
	self_signed www.example.test
	mv "$certs/www.example.test.crt" "$certs/self-signed.served"
	mv "$certs/www.example.test.key" "$certs/self-signed.key"
	stranger
	chains
	staples
}

# leaf FILE-NAME OPTION ...: issued for the names in $zoo_www.
leaf()
{
	leaf_name=$1
	shift
	# the names are words
	issue "$@" "$leaf_name" $zoo_www
	cp "$certs/$leaf_name.chain.crt" "$certs/$leaf_name.served"
}

# stranger: by an authority that nobody here knows.
stranger()
{
	(
		certs=$tmp/stranger
		make_ca
		leaf stranger
	)
	cp "$tmp/stranger/stranger.key" "$tmp/stranger/stranger.served" "$certs"
}

# chains: the good leaf in bad company.
chains()
{
	for chain in alone disorder with-root extra twice; do
		cp "$certs/www.key" "$certs/$chain.key"
	done
	cp "$certs/www.crt" "$certs/alone.served"
	# an old one in between: the leaf is first, but what follows is not
	# its issuer
	cat "$certs/www.crt" "$certs/root.crt" "$certs/intermediate.crt" \
		>"$certs/disorder.served"
	cat "$certs/www.chain.crt" "$certs/root.crt" >"$certs/with-root.served"
	cat "$certs/www.chain.crt" "$certs/other.crt" >"$certs/extra.served"
	cat "$certs/www.chain.crt" "$certs/intermediate.crt" \
		>"$certs/twice.served"
}

# staples: OCSP responses, NAME.ocsp, good and bad.
staples()
{
	zoo_serial=$(openssl x509 -noout -serial -in "$certs/staple.crt")
	zoo_serial=${zoo_serial#serial=}
	printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=staple\n' \
		"$zoo_serial" >"$certs/valid.txt"
	printf 'R\t491231235959Z\t%s\t%s\tunknown\t/CN=staple\n' \
		"$(date -u +%y%m%d%H%M%SZ)" "$zoo_serial" \
		>"$certs/revoked.txt"
	leaf responder -eku OCSPSigning
	response good valid intermediate staple
	response appointed valid responder staple
	response revoked revoked intermediate staple
	response unknown valid intermediate www
	response foreign valid www staple
	printf '\060\003\012\001\003' >"$certs/try-later.ocsp"
}

# response NAME INDEX SIGNER ABOUT: NAME.ocsp about the certificate ABOUT, from
# what INDEX.txt knows.
response()
{
	cert_tool ocsp -index "$certs/$2.txt" \
		-CA "$certs/intermediate.crt" -issuer "$certs/intermediate.crt" \
		-cert "$certs/$4.crt" -rsigner "$certs/$3.crt" \
		-rkey "$certs/$3.key" -noverify \
		-respout "$certs/$1.ocsp" -ndays 7
}

# zoo_pages: what the healthy serve.
zoo_pages()
{
	mkdir -p "$tmp/www/sub"
	echo page >"$tmp/www/index.html"
	echo inner >"$tmp/www/sub/index.html"
}

# --- What comes behind the start of some ----------------------------------

# renew_on_disk: the files are newer than what the server has read.
renew_on_disk()
{
	cp "$certs/renewed.served" "$certs/old.served"
	cp "$certs/renewed.key" "$certs/old.key"
}

# start_neighbour: the name once more, with another certificate and on another
# port, in the server that the program looks at.
start_neighbour()
{
	nginx_conf "$zoo_dir/neighbour.conf" <<-END
	server {
	    listen 127.0.0.1:$other ssl http2;
	    server_name www.example.test;
	    ssl_certificate $certs/renewed.served;
	    ssl_certificate_key $certs/renewed.key;
	    root $tmp/www;
	}
	END
	zoo_options="--server nginx --server-config $zoo_dir/neighbour.conf"
	start_nginx "$zoo_dir/neighbour.conf"
}
