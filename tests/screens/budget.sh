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

# A picture is one packet on a network, never half of one.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	cat >session <<-END
	expect Site
	keys <Down>
	keys <C-n>
	expect no certificate
	keys <Tab>
	keys x
	unseen none
	END
	rm -rf state
	check "each picture is there at once" strace -f -e trace=write \
		-e signal=none -s 4 -o writes "$builddir/tests/screens/play" \
		session "$HTTPS_SETUP" --root root --state-dir "$tmp/state" \
		--firewall none
	# the frame, what is in it, four keys, and what typing led to
	check "with one write" test "$(grep -c 'write(1, "' writes)" -le 7
fi
