#!/bin/sh
# The wizard in another language: each step as a picture, and still usable
# at both sizes, though the words are longer.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
. "$srcdir/tests/lib/pseudo.sh"
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

# In a language of x: nothing of what is seen is English, or put together.
speak_xx
HTTPS_SETUP=$in_xx
export LANGUAGE=xx

# seen_in_xx NAME [OPTION ...]: plays what stands on standard input; `picture seen`
# there is what is looked at.
seen_in_xx()
{
	rm -f seen
	session "$@" -e LANGUAGE=xx
	like "$1: it speaks it" '«xxx' seen
	nothing "$1: nothing of it is English" "$(pseudo_sentences seen | english)"
	nothing "$1: nothing of it is glued" "$(pseudo_sentences seen | glued)"
}

for size in 200x60 80x24 40x10; do
	all_screens picture $size | sed 's/^picture .*/picture seen/' >script
	seen_in_xx "the screens in a language of x at $size" -s $size <script
done
