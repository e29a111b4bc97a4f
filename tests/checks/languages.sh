#!/bin/sh
# Every message in the sources is in every catalogue: translated, with the same
# values, and none by guess.  `make update-po` takes up what is new.
. "${srcdir:-.}/tests/lib.sh"
need xgettext msgfmt msgmerge msgattrib
pot=$builddir/share/locale/https-setup.pot

rm -f "$pot"
nothing "the messages can be told from the sources" \
	"$(${MAKE:-make} -s -C "$builddir" pot 2>&1)"
check "there are messages" [ "$(grep -c '^msgid ' "$pot")" -gt 1000 ]

# first: messages of a catalogue, a line each
first()
{
	msgattrib --no-wrap --no-obsolete "$@" | sed -n '/^msgid ""$/d; s/^msgid //p'
}

# A message is a whole: what it stands among is put there by the program, and
# what is named in it is a value of it.
whole()
{
	msgattrib --no-wrap --no-obsolete "$@" | awk '
		/^msg(id|str)/ { put() }
		/^$/ { put(); next }
		match($0, /".*"/) {
			text = text substr($0, RSTART + 1, RLENGTH - 2)
		}
		END { put() }
		function put(   bare) {
			bare = text
			gsub(/^(\\n)+|(\\n)+$/, "", bare)
			if (bare ~ /^[ ,;:)]|[ ,]$/)
				print "\"" text "\""
			text = ""
		}'
}
nothing "no message is a part of a sentence" "$(whole "$pot")"

for po in "$srcdir"/share/locale/*.po; do
	name=${po##*/}
	msgmerge --quiet --no-fuzzy-matching -o merged "$po" "$pot"
	nothing "$name: nothing is left in English" "$(first --untranslated merged)"
	nothing "$name: nothing is a guess" "$(first --only-fuzzy merged)"
	check "$name: values stand where they stood" \
		msgfmt --check --output-file=/dev/null "$po"
	# what is typed or pointed at
	nothing "$name: flags and commands keep their names" "$(
		msgattrib --no-wrap --no-obsolete "$po" | awk '
			function words(text, list,   n) {
				n = 0
				while (match(text, /--[a-z][a-z-]+/)) {
					list[n++] = substr(text, RSTART, RLENGTH)
					text = substr(text, RSTART + RLENGTH)
				}
				return n
			}
			/^msgid "/ { id = $0 }
			/^msgstr "/ && $0 != "msgstr \"\"" {
				n = words(id, flags)
				for (i = 0; i < n; i++)
					if (!index($0, flags[i]))
						print flags[i] ": " id
			}')"
done

# A plural is made by P_(), a word by another message.
nothing "no ending is put behind a word" "$(cd "$srcdir" &&
	grep -nE '\? "" : "(s|es|n)"|\? "(s|es|n)" : ""' -r core tui screens cli \
		--include='*.c' || :)"
