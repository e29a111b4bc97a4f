#!/bin/sh
# What is in the tree is in the lists: a file that no Makefile.am names would
# be missing from the release, and a test that none names would never run.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"

list()
{
	(cd "$1" && find . -type f) | sed 's,^\./,,' | sort
}

# missing: those of standard input that are not in the file
missing()
{
	sort -u | comm -23 - "$1"
}

${MAKE:-make} -s -C "$builddir" distdir distdir="$tmp/release" \
	>"$tmp/make.out" 2>&1 || {
	note <"$tmp/make.out"
	exit 1
}
list "$tmp/release" >"$tmp/released"
${MAKE:-make} -s -C "$builddir" list-tests | sort -u >"$tmp/tests"

nothing "every source, script and page is in the release" \
	"$(texts | grep -v '^\.' | missing "$tmp/released")"

mv "$tmp/release" "$tmp/https-setup-0.0.0"
nothing "the archive takes every path" \
	"$(cd "$tmp" && tar --format=ustar -cf - https-setup-0.0.0 2>&1 >/dev/null)"

nothing "every test script is run by some target" "$(cd "$srcdir" &&
	find tests -name '*.sh' | not_fixtures |
	grep -Ev '^tests/(lib/.*|lib\.sh)$' | missing "$tmp/tests")"

nothing "every test that is listed is there" "$(while read -r test; do
		[ -e "$srcdir/$test" ] || [ -e "$srcdir/$test.c" ] ||
			echo "$test"
	done <"$tmp/tests")"

if [ -e "$srcdir/.git" ] && command -v git >/dev/null; then
	nothing "every tracked file is in the release" "$(
		git -c safe.directory="$srcdir" -C "$srcdir" ls-files |
		grep -Ev '^(\.gitignore|\.gitattributes|\.ci/.*|\.github/.*)$' |
		missing "$tmp/released")"
else
	skip "every tracked file is in the release" "not a git checkout"
fi
