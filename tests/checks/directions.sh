#!/bin/sh
# Who may include whom.  This table is the house; what it does not allow fails.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"

cat >"$tmp/may" <<'END'
core/base	core/base
core/cert	core/cert core/base
core/conf	core/conf core/base
core/probe	core/probe core/base
core/settings	core/settings core/probe core/conf core/cert core/base
core/plan	core/plan core/settings core/probe core/conf core/cert core/base
core/server	core/server core/plan core/settings core/probe core/conf core/cert core/base
core/product	core/product core/server core/plan core/settings core/probe core/conf core/cert core/base
core/firewall	core/firewall core/plan core/settings core/probe core/conf core/cert core/base
core/apply	core/apply core/firewall core/product core/server core/plan core/settings core/probe core/conf core/cert core/base
tui		tui
screens		screens tui core
cli		cli screens core
tests		tests cli screens tui core
END

# includes [DIR ...]: FILE:LINE ROOM INCLUDED, one a line; a quoted include
# keeps its first quote.
includes()
{
	in_sources '
	match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*/) {
		file = substr($0, RSTART, RLENGTH)
		sub(/^[ \t]*#[ \t]*include[ \t]*<?/, "", file)
		parts = split(FILENAME, part, "/")
		room = part[1]
		if (room == "core" && parts > 2)
			room = room "/" part[2]
		print FILENAME ":" FNR, room, file
	}' "$@"
}
includes >"$tmp/includes"

nothing "includes follow the order of the house" "$(awk '
	FNR == NR {
		for (i = 2; i <= NF; i++)
			may[$1, $i] = 1
		next
	}
	$3 ~ /^"(core|tui|screens|cli|tests)\// {
		path = substr($3, 2)
		split(path, part, "/")
		if (!may[$2, part[1]] && !may[$2, part[1] "/" part[2]])
			print $1 ": " $2 " may not include " path
	}' "$tmp/may" "$tmp/includes")"

# Inside the room that writes: its own files, then these, each on those before.
nothing "inside core/apply, too" "$(awk '
	BEGIN {
		floor["journal"] = 1
		floor["transaction"] = 2
		floor["job"] = 3
	}
	function of(path, part) {
		split(path, part, "/")
		return floor[part[3]] + 0
	}
	$2 == "core/apply" && $3 ~ /^"core\/apply\// &&
	of(substr($3, 2)) > of($1) {
		print $1 ": may not include " substr($3, 2)
	}' "$tmp/includes")"

nothing "our includes are written from the top" "$(awk '
	$3 ~ /^"/ && $3 !~ /^"(core|tui|screens|cli|tests)\// {
		print $1 ": " substr($3, 2)
	}' "$tmp/includes")"

nothing "only tui knows curses" "$(awk '
	$2 !~ /^(tui|tests)$/ &&
	$3 ~ /^"?(ncursesw?\/)?(n?curses|panel|menu|form|term)\.h/ {
		print $1 ": " $3
	}' "$tmp/includes")"
