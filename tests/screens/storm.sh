#!/bin/sh
# Nothing anybody means: it never quits, never applies, never shows a secret,
# and what was typed is still there.  `make check-long` has a hundred thousand
# events instead of some thousand.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
: "${STORM:=2000}"

# calm NAME: has nothing happened?
calm()
{
	nothing "$1: nothing was written below the root" \
		"$(find root -newer session ! -type d)"
	nothing "$1: nothing was applied" \
		"$(find state -path '*transaction*' -type f 2>/dev/null || :)"
}

session "noise changes nothing, anywhere" <<END
expect Site
noise 1 $STORM
words server-80x24
keys <C-n>
expect no certificate
keys site.pem<Tab>s3cr3t-passphrase
expect *****************
cursor Passphrase
noise 2 $STORM
expect *****************____
expect site.pem____
cursor Passphrase
keys <BS>
expect ****************_
keys <Tab>site.key<Tab>
expect trusted
keys <C-n>
expect Name of the site
keys <C-u>www.example.test
noise 3 $STORM
expect www.example.test____
keys <C-n>
expect HTTP and HTTPS
noise 4 $STORM
words bindings-80x24
signal 15
exit 143
restored
END
calm "after noise"

for term in xterm-256color linux vt100; do
	session "a storm of keys: $term" -t $term -o record <<-END
	expect Site
	keys <C-n>
	expect Passphrase
	keys site.pem<Tab>s3cr3t-passphrase
	expect *****
	storm 5 $STORM
	storm 6 $STORM
	signal 15
	exit 143
	restored
	END
	calm "after a storm: $term"
	unlike "the passphrase was never shown: $term" s3cr3t record
	unlike "nor a line of the key: $term" \
		"$(sed -n 2p site.key | cut -c 1-20 | sed 's/[+]/[+]/g')" record
done
