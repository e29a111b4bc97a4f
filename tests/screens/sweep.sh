#!/bin/sh
# Every page at every size in other languages, whose words are longer: nothing
# stands over something else, what has the focus is in sight, and what is cut
# says so.  `make check-long` leaves no size out.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pseudo.sh"
sweep=$builddir/tests/unit/tui_sweep
[ -x "$sweep" ] || skip_all "cmocka is not installed"
need msgattrib
: "${STRIDE:=7}"

catalogue_xx "$tmp/locale" -v longer=1
mkdir -p locale/de/LC_MESSAGES
msgattrib --no-wrap "$srcdir/share/locale/de.po" |
	awk -v kept=1 -f "$srcdir/tests/lib/pseudo.awk" |
	msgfmt -o locale/de/LC_MESSAGES/https-setup.mo -
LC_ALL=C.UTF-8
export LC_ALL
check "in German" env LANGUAGE=de "$sweep" "$tmp/locale" "$STRIDE"
check "in a language of x, longer by a half" env LANGUAGE=xx \
	"$sweep" "$tmp/locale" "$STRIDE"
