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

lines 400 | sed 's/^/# long: /'
awk '
	{ n[NR] = $1; within += $1 <= 40 }
	END { if (NR) printf "# %d functions, median %d lines, %d %% within 40\n",
		NR, n[int((NR + 1) / 2)], 100 * within / NR }' "$tmp/functions"
