# A language of x alone, which shows what was not translated, and what was put
# together from parts.  To be sourced after tests/lib.sh.
need xgettext msgen msgfmt

# catalogue_xx FOLDER [OPTION ...]: a catalogue of x there; options are
# pseudo.awk's.
catalogue_xx()
{
	catalogue_in=$1/xx/LC_MESSAGES
	shift
	mkdir -p "$catalogue_in"
	${MAKE:-make} -s -C "$builddir" pot
	msgen --no-wrap "$builddir/share/locale/https-setup.pot" |
		sed 's/charset=CHARSET/charset=UTF-8/' |
		awk "$@" -f "$srcdir/tests/lib/pseudo.awk" >xx.po
	msgfmt -o "$catalogue_in/https-setup.mo" xx.po
}

# speak_xx: a copy of the program, in $in_xx, beside which such a catalogue
# stands; LANGUAGE=xx chooses it.
speak_xx()
{
	catalogue_xx "$tmp/copy/share/locale"
	cp "$HTTPS_SETUP" "$tmp/copy/"
	in_xx=$tmp/copy/https-setup
}

# english FILE ...: lines with three words behind each other that are none of
# x, and labels.  Lines of files, sources, and what OpenSSL and the system say
# in their own words are no messages.
english()
{
	awk '/^[-+@]/ || /^ +«xxxxxx:» / || /^ *«x+ xxxx [0-9]+: / { next }
	/unable to get|No such file/ { next }
	/^ *[A-Z][a-z]+( [a-z]+)*: / { print; next }
	{
		words = 0
		for (i = 1; i <= NF && words < 3; i++) {
			word = $i
			gsub(/«|»/, "", word)
			gsub(/^[(]|[),.;:]+$/, "", word)
			if (word ~ /^[a-z][a-z]+$/ && word !~ /^x+$/)
				words++
			else
				words = 0
		}
		if (words == 3)
			print
	}' "$@"
}

# glued FILE ...: where a message goes on behind another one, or a value.  What
# stands in columns is no sentence: columns are apart by two spaces or a line, a
# flag or a word may be the first; a label ends with a colon; whole sentences
# and lists have something between them.  A message within one is a value, and
# of one that was wrapped the end is not known.
glued()
{
	sed -e ':inner' -e 's/\(«[^«»]*\)«[^«»]*»/\1V/; t inner' \
		-e 's/|/  /g; s/│/  /g' -e 's/^ *--[^«]*//' \
		-e 's/^ *«[^ «»]*» *//' -e 's/\(:»\) /\1  /g' \
		-e 's/»[;,:] «/»  «/g' "$@" |
		awk -F '  +' '{
			for (i = 1; i <= NF; i++)
				if (is_glued($i))
					print $i
		}
		function is_glued(text) {
			return gsub(/«/, "«", text) == gsub(/»/, "»", text) &&
			text ~ /»[^ »]? ?«|»,? [[:alnum:]]|[[:alnum:],;] «/
		}'
}

# pseudo_sentences FILE: of pictures of the wizard, each on a line, without what
# stands beside them: the marks of findings and steps, the words of choices,
# lines of files, the title.
pseudo_sentences()
{
	sed -e 's/«xxxx»/  /g; s/» ok\( \|$\)/»/g' -e 's/([ o]) [^ «»]* «/«/' \
		-e 's/^ *https-setup //' "$1" |
		awk -F '   *' '{
			for (i = 1; i <= NF; i++)
				if ($i !~ /^[-+#]/)
					print $i
		}'
}
