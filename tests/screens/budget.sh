#!/bin/sh
# How many bytes the screens cost a slow line: every place the focus can come
# to, on every step.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

for term in xterm-256color linux vt100; do
	session "the first picture: $term" -t $term <<-END
	expect Site
	bytes 1000
	reset
	bytes 0
	END
done
# The worst of first pages: everything is wrong with it.
mv root whole
mkdir root
session "the first picture with warnings" <<END
expect stop
bytes 1000
END
rm -r root
mv whole root

session "from field to field" <<END
expect Site
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect no certificate
walk <Tab> 80
walk <S-Tab> 80
keys site.pem<Tab><Tab>site.key<Tab>
expect trusted here
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect Choose from
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect HTTP and HTTPS
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect Send visitors to HTTPS
keys <Space>
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect Firewall
walk <Tab> 80
walk <S-Tab> 80
keys <C-n>
expect [ Apply ]
walk <Tab> 80
walk <S-Tab> 80
END
