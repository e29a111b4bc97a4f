#!/bin/sh
# A check that cannot fail is worth nothing: each rule of the other checks is
# broken here in a small house of its own, and the check must say so by name.
. "${srcdir:-.}/tests/lib.sh"

# house: a tidy one, in $tmp/house.
house()
{
	rm -rf "$tmp/house"
	for room in base cert conf probe settings plan server product \
		firewall apply; do
		mkdir -p "$tmp/house/core/$room"
	done
	mkdir -p "$tmp/house/tui" "$tmp/house/screens" "$tmp/house/cli" \
		"$tmp/house/share" "$tmp/house/tests/unit"
	for folder in "$tmp/house" "$tmp"/house/*/ "$tmp"/house/*/*/; do
		echo "# here" >"$folder/README.md"
	done
	cp -R "$srcdir/tests/lib" "$srcdir/tests/lib.sh" "$tmp/house/tests"
	cp "$srcdir/.clang-format" "$tmp/house"
	chmod -R u+w "$tmp/house"
	cat >"$tmp/house/core/cert/tidy.c" <<'END'
#include "core/base/error.h"

/* strcpy(a, b), printf() and exit(1) are but words here */
const char *tidy_words = "system(\"true\"); // sprintf(";

int tidy_exit(int n)
{
	return n + 'x'; /* " */
}
END
}

# run_check CHECK: looks at that house.
run_check()
{
	(cd "$tmp/house" && HTTPS_SETUP=none builddir=. srcdir=. \
		sh "$checks/$1.sh") >"$tmp/said" 2>&1 || :
}
checks=$srcdir/tests/checks

# tidy CHECK: has nothing to say about the tidy house.
tidy()
{
	house
	run_check "$1"
	if grep -q '^1\.\.' "$tmp/said" && ! grep -q '^not ok' "$tmp/said"; then
		ok "$1: content with a tidy house"
	else
		fail "$1: content with a tidy house" "$(cat "$tmp/said")"
	fi
}

# broken CHECK RULE FILE TEXT: this text, added to FILE of the tidy house (with
# printf, for its \n and \t), breaks this rule and no other.
broken()
{
	house
	printf "$4" >>"$tmp/house/$3"
	run_check "$1"
	if grep -q "^not ok [0-9]* - $2" "$tmp/said" &&
		[ "$(grep -c '^not ok' "$tmp/said")" = 1 ]; then
		ok "$1: $2: $3"
	else
		fail "$1: $2: $3" "$(cat "$tmp/said")"
	fi
}

# repeat N TEXT: the text N times.
repeat()
{
	awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}

tidy directions
order="includes follow the order of the house"
while read -r file header; do
	broken directions "$order" "$file" "#include \"$header\"\n"
done <<'END'
core/base/a.c		core/cert/bundle.h
core/cert/a.c		core/conf/edit.h
core/conf/a.c		core/probe/probe.h
core/probe/a.h		core/cert/bundle.h
core/settings/a.c	core/plan/plan.h
core/plan/a.c		core/server/server.h
core/server/a.c		core/product/product.h
core/product/a.c	core/firewall/firewall.h
core/firewall/a.c	core/server/server.h
core/firewall/b.c	core/apply/job/job.h
core/apply/a.c		screens/wizard.h
core/settings/b.c	tui/widgets/field.h
core/server/b.c		cli/options.h
tui/a.c			core/base/error.h
tui/b.c			screens/wizard.h
tui/c.c			cli/options.h
screens/a.c		cli/options.h
cli/a.c			tui/widgets/field.h
END
broken directions "inside core/apply, too" core/apply/a.c \
	'#include "core/apply/journal/state.h"\n'
broken directions "our includes are written from the top" core/base/a.c \
	'#include "error.h"\n'
for file in core/base/a.c screens/a.c cli/a.c; do
	broken directions "only tui knows curses" $file \
		'#  include <ncurses.h>\n'
done

tidy sizes
broken sizes "no file has more than 600" core/base/a.h \
	"$(repeat 601 '/* long */\n')"
broken sizes "no function has more than 70" screens/a.c \
	"static int much(void)\n{\n$(repeat 71 '\tmuch();\n')\n}\n"
house
for n in $(seq 25); do
	: >"$tmp/house/core/plan/$n.c"
	: >"$tmp/house/core/plan/$n.h"
done
run_check sizes
like "sizes: too many in a folder" "^not ok .* 24 pairs" "$tmp/said"

tidy calls
unsafe="no call without a bound"
for call in 'strcpy(a, b)' 'strcat(a, b)' 'sprintf(a, b, 1)' 'gets (a)' \
	'system("true")' 'popen("true", "r")'; do
	broken calls "$unsafe" cli/a.c "\t$call;\n"
done
broken calls "$unsafe" tui/a.c \
	'	n = 1; /* twice\n*/ strcpy(a, "\\\\\\""); /* done */\n'
for call in 'printf("", 1)' 'puts("")' 'fputs("", stderr)' 'perror("a")'; do
	broken calls "core prints nothing" core/apply/a.c "\t$call;\n"
done
broken calls "core never ends the program" core/base/a.c '\texit(1);\n'
time="tests wait for something"
broken calls "$time" tests/unit/a.c '\tusleep(10);\n'
broken calls "$time" tests/unit/a.sh 'if true; then sleep 1; fi\n'

tidy layout
broken layout "no line ends in white space" tui/a.h 'int a; \n'
broken layout "no line ends in white space" tui/b.h 'int a;\r\n'
broken layout "every file ends with a newline" tui/a.h 'int a;'
broken layout "no line of C is wider" cli/a.c "\t$(repeat 73 .)\n"
broken layout "every script is one for" tests/unit/a.sh 'if then\n'
broken layout "what is started by hand" quickstart '#!/bin/sh\n'
house
rm "$tmp/house/core/plan/README.md"
run_check layout
like "layout: a folder without README.md" "^not ok .* README" "$tmp/said"
house
mkdir "$tmp/house/core/plan/parts"
run_check layout
like "layout: one below a room" "^not ok .* README" "$tmp/said"

tidy format
if grep -q '^1..0 # SKIP' "$tmp/said"; then
	skip "format: spaces instead of tabs" "no clang-format"
else
	broken format "clang-format changes nothing" cli/a.c \
		'int\nmain( )\n{\n  return 0;\n}\n'
fi

# lists RULE FILE: the whole house, with one more file that no list names
lists()
{
	mkdir -p "$(dirname "$tmp/tree/$2")"
	echo '#' >"$tmp/tree/$2"
	[ ! -e "$tmp/tree/.git" ] || git -C "$tmp/tree" add -f "$2"
	(cd "$tmp" && srcdir=tree sh "$checks/dist.sh") >"$tmp/said" 2>&1 || :
	like "dist: $1: $2" "^not ok [0-9]* - $1" "$tmp/said"
	rm "$tmp/tree/$2"
}
${MAKE:-make} -s -C "$builddir" distdir distdir="$tmp/tree" >"$tmp/said" 2>&1 ||
	note <"$tmp/said"
lists "every source, script and page" core/cert/unlisted.c
lists "every source, script and page" tests/faults/unlisted.sh
lists "every test script" tests/integration/unlisted.sh
if command -v git >/dev/null; then
	git init -q "$tmp/tree"
	lists "every tracked file" share/unlisted.txt
else
	skip "dist: every tracked file" "no git"
fi
