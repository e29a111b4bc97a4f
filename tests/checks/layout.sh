#!/bin/sh
# Each folder says what lives there; files end and lines look as .editorconfig
# says; scripts can be run.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"
cd "$srcdir"

nothing "every folder of the house has a README.md" "$(
	{
		find core tui screens cli -type d ! -name '.*'
		ls -d share tests tests/*/
	} | grep -vx tests/lib/ | while read -r folder; do
		[ -s "$folder/README.md" ] || echo "$folder"
	done)"

nothing "no line ends in white space" "$(texts |
	xargs grep -n "[[:space:]]\$" /dev/null || :)"

nothing "every file ends with a newline" "$(texts | while read -r file; do
		[ -z "$(tail -c 1 "$file")" ] || echo "$file"
	done)"

# UTF-8: what is not the first byte of a character takes no column
nothing "no line of C is wider than 80 columns" "$(sources |
	LC_ALL=C xargs awk '
	{
		gsub(/[\200-\277]/, "")
		width = 0
		n = split($0, piece, "\t")
		for (i = 1; i <= n; i++) {
			width += length(piece[i])
			if (i < n)
				width += 8 - width % 8
		}
		if (width > 80)
			print FILENAME ":" FNR ": " width " columns"
	}' /dev/null)"

nothing "every script is one for its shell" "$(scripts | while read -r file; do
		read -r first <"$file"
		case $first in
		'#!'*bash*) bash -n "$file" 2>&1 ;;
		*) sh -n "$file" 2>&1 ;;
		esac
	done)"

nothing "what is started by hand has its run bit" "$(
	for file in autogen.sh quickstart .ci/run; do
		[ ! -e "$file" ] || [ -x "$file" ] || echo "$file"
	done)"
