#!/bin/sh
# The wizard in another language: each step as a picture, and still usable
# at both sizes, though the words are longer.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
[ -e "$builddir/share/locale/de/LC_MESSAGES/https-setup.mo" ] ||
	skip_all "gettext is not installed"

for size in 80x24 40x10; do
	all_screens golden $size | sed 's/^golden /&de-/' >script
	session "the screens in German at $size" -s $size \
		-e LANGUAGE=de <script
done
session "nothing of it where the terminal takes no UTF-8" -e LC_ALL=C \
	-e LANGUAGE=de -t vt100 <<-END
expect Site
keys <C-n>
expect no certificate
END
