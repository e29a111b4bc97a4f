#!/bin/sh
# The plain face on a terminal: what only a terminal does to it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
keeps_state=yes

given=--plain
# Between the blocks of PEM files stands what nobody needs: one line is longer
# than a terminal keeps.
{
	awk 'BEGIN { while (n++ < 50) print "# text that nobody needs, "\
		"line " n " of the paste, as some programs add it" }'
	cat site.pem
	awk 'BEGIN { while (n++ < 9000) printf "x"; print "" }'
	cat site.key
	echo .
} >pasted

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
