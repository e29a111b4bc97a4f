#!/bin/sh
# What certificates, configuration files and folders hold reaches no terminal
# as it stands: looked for in the bytes that were written to it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

# a title, a cleared screen, an introducer in one byte, a turned direction
title=$(printf '\033]0;owned\007')
clear=$(printf '\033[2Jowned')
single=$(printf '\302\233owned')
turned=$(printf '\342\200\256owned')

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 \
	-keyout evil.key -out evil.pem -days 90 -subj "/O=$turned/CN=$title" \
	-addext "subjectAltName=DNS:www.example.test" \
	-addext "basicConstraints=critical,CA:FALSE" 2>/dev/null
chmod 600 evil.key
mkdir "folder$clear"
cp evil.pem "folder$clear/file$title.pem"
sed "s/server {/&\n\t# note: $single $turned $title $clear/" \
	root/etc/nginx/sites-enabled/shop >shop
cp shop root/etc/nginx/sites-enabled/shop

session "hostile names, files and comments" -s 80x50 -o record <<END
expect Site
keys <C-n>
expect Certificate file
keys evil.pem<Tab><Tab>evil.key<Tab>
expect www.example.test
expect owned
keys <F4>
expect owned
keys <PgDn><PgDn><PgDn><Esc>
keys <F2>
expect owned
keys <Esc><C-f>
expect self-signed
keys <Esc><C-n>
expect Name of the site
keys <C-n>
expect HTTP and HTTPS
keys <C-n>
expect Send visitors
keys <C-n>
expect Firewall
keys <C-n>
expect [ Apply ]
expect # note
expect owned
END
# found TEXT: is it in the record, byte for byte?
found()
{
	LC_ALL=C grep -aFq -- "$1" record
}
for what in title clear single turned; do
	eval "bytes=\$$what"
	check "not one of these bytes: $what" eval '! found "$bytes"'
done
check "and the record is there" found owned
