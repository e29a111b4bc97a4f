#!/bin/sh
# Nothing too long to be read at one sitting: files and functions.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"

lines()
{
	{ sources; scripts; } | (cd "$srcdir" && xargs awk -v over="$1" '
		function close_file() {
			if (n > over)
				print file ": " n " lines"
		}
		FNR == 1 { close_file(); file = FILENAME }
		{ n = FNR }
		END { close_file() }' /dev/null)
}

# A function is what stands between a { and a } in column 0.
in_sources '
	/^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^{/ { start = FNR }
	/^}/ && start {
		print FNR - start - 1, FILENAME ":" start, name
		start = 0
	}' | sort -n >"$tmp/functions"

nothing "no file has more than 600 lines" "$(lines 600)"
nothing "no function has more than 70 lines" "$(awk '
	$1 > 70 { print $2 ": " $3 "() has " $1 " lines" }' "$tmp/functions")"

# full: folders with more pairs than about ten
pairs()
{
	sources core tui screens cli | sed 's/\.[ch]$//' | sort -u |
		sed 's,/[^/]*$,,' | uniq -c |
		awk -v over="$1" '$1 > over { print $2 ": " $1 " pairs" }'
}
nothing "no folder has more than 24 pairs of files" "$(pairs 24)"

pairs 12 | sed 's/^/# full: /'
lines 400 | sed 's/^/# long: /'
awk '
	{ n[NR] = $1; within += $1 <= 40 }
	END { if (NR) printf "# %d functions, median %d lines, %d %% within 40\n",
		NR, n[int((NR + 1) / 2)], 100 * within / NR }' "$tmp/functions"
