#!/bin/sh
# The table of the vendors' guides names tests that are there.
. "${srcdir:-.}/tests/lib.sh"
table=$srcdir/tests/golden/GUIDES.md

sed -n 's/^|.*| `\([^`]*\)` | `\(.*\)` |$/\1	\2/p' "$table" >"$tmp/rows"
check "the table has rows" [ "$(wc -l <"$tmp/rows")" -gt 50 ]
is "every row names a test" "$(grep -c '^| [^-]' "$table")" \
	"$(($(wc -l <"$tmp/rows") + $(grep -c '^| the guide' "$table")))"
nothing "whose words stand there" "$(while IFS='	' read -r file words; do
		grep -qF -e "$words" "$srcdir/tests/$file" 2>/dev/null ||
			echo "$file: $words"
	done <"$tmp/rows")"
