#!/bin/sh
# Every animal of the zoo, started for real: doctor gives the ids that the
# table wants, and no other warning or error.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/zoo.sh"
. "$srcdir/tests/lib/zoo_cert.sh"
need openssl

zoo_certificates
zoo_pages
cd "$srcdir/tests/zoo"
read_zoo certificates.zoo tls.zoo http.zoo healthy.zoo
cd "$tmp"
visit_zoo by_doctor
