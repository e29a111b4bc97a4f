#!/bin/sh
# Every animal of the zoo, started for real: doctor gives the ids that the
# table wants, and no other warning or error.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/zoo.sh"
. "$srcdir/tests/lib/zoo_cert.sh"
need openssl

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

zoo_certificates
zoo_pages
cd "$srcdir/tests/zoo"
read_zoo certificates.zoo tls.zoo http.zoo healthy.zoo
cd "$tmp"
visit_zoo by_doctor
