#!/bin/sh
# The plain face on a terminal: what only a terminal does to it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
keeps_state=yes

given=--plain
# Between the blocks of PEM files stands what nobody needs: 100 KB in all, and
# one line is longer than a terminal keeps.
{
	awk 'BEGIN { while (n++ < 1300) print "# text that nobody needs, "\
		"line " n " of the paste, as some programs add it" }'
	cat site.pem
	awk 'BEGIN { while (n++ < 9000) printf "x"; print "" }'
	cat site.key
	echo .
} >pasted

check "the paste is as long as that" test "$(wc -c <pasted)" -gt 102400

to_paste='expect What to do
keys <Enter>
expect Site
keys 1<Enter>
expect Where the certificate
keys paste<Enter>
expect A line with a single dot ends it'
session "a long paste survives, and is not shown" <<-END
$to_paste
file pasted
expect bytes taken
unseen BEGIN
unseen nobody needs
expect Name of the site
keys q<Enter>
exit 3
restored
END
for ending in "signal 15
exit 143" "signal 2
exit 130" "hangup
exit 129"; do
	session "${ending%%
*} in the middle of a paste" <<-END
	$to_paste
	keys -----BEGIN
	$ending
	$(case $ending in hangup*) ;; *) echo restored ;; esac)
	END
done
session "killed: it goes on with what was answered" <<-END
expect What to do
keys <Enter>
expect Site
keys 1<Enter>
expect Where the certificate
keys files<Enter>
expect Certificate file
keys site.pem<Enter>
expect Private key file
signal 9
exit 137
END
given="--plain --resume" session "resumed" <<-END
expect What to do
keys <Enter>
expect Step 2 of 9
expect Certificate file, default
expect site.pem
keys q<Enter>
exit 3
END

# A terminal that cannot be drawn on is asked line by line, whatever its name.
keeps_state=
given=
quits='expect What to do
keys q<Enter>
exit 3
restored'
for term in "-t dumb" "-t unknown" "-e TERM" "-e TERM="; do
	session "a terminal without a picture: $term" $term <<-END
	$quits
	END
done
session "a terminal nobody has heard of: it says so and asks line by line" \
	-t xterm-of-nobody -s 100x24 <<-END
expect xterm-of-nobody
expect asking line by line instead
$quits
END
session "somebody who wants it so" -e ACCESSIBLE=1 <<-END
$quits
END
given=--plain
session "plain characters" -e LC_ALL=C -e LANG=C -t vt100 -o heard <<-END
expect What to do
keys <Enter>
expect Site
keys 1<Enter>
expect Where the certificate
keys 3<Enter>
expect Name of the site
$(for i in 1 2 3 4 5 6; do echo 'keys <Enter>'; done)
expect Apply this
keys q<Enter>
exit 3
END
nothing "and nothing else" "$(LC_ALL=C grep -n '[^ -~	]' heard | tr -d '\r' |
	LC_ALL=C grep '[^ -~	]')"
unlike "no escape sequence" "$(printf '\033')" heard
