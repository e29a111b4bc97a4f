#!/bin/sh
# .clang-format decides what C looks like; `make format` obeys.  One version
# only, since each formats a little differently.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/sources.sh"

version=14
for clang_format in clang-format-$version clang-format; do
	"$clang_format" --version 2>/dev/null | grep -q "version $version\." &&
		break
	clang_format=
done
[ -n "$clang_format" ] || skip_all "clang-format $version is not installed"

cd "$srcdir"
nothing "clang-format changes nothing (make format)" "$(sources |
	xargs "$clang_format" --dry-run -Werror 2>&1 |
	sed -n 's/:[0-9]*:[0-9]*: error: .*//p' | sort -u)"
