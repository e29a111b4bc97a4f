# What the plain face says, as a transcript.  To be sourced after tests/lib.sh.

transcripts=$srcdir/tests/integration/transcripts

# typed_in: `out` and `err`, each of the `answers` put behind the prompt that
# it is for.  A paste is long, and not shown.
typed_in()
{
	awk '/^-----BEGIN/ { pasted = 1 } !pasted { print }
		$0 == "." { pasted = 0 }' answers >typed
	awk 'FILENAME == "typed" { answer[n++] = $0; next }
		/: $/ { $0 = $0 answer[at++] }
		{ print }' typed out
	cat err
}

# in_words: what differs from run to run, as words.
in_words()
{
	sed -e "s|$tmp|TMP|g" \
		-e 's/[0-9]\{4\}-[01][0-9]-[0-3][0-9]/DATE/g' \
		-e 's/[0-9a-f]\{4\}-[0-9][0-9]\>/TRANSACTION/g' \
		-e 's/[0-9]* bytes/N bytes/' -e 's/ *$//' |
		awk '/-----BEGIN/ { hidden = 1 }
			!hidden { print }
			/-----END/ { hidden = 0; print "(PEM)" }'
}

# same_heard NAME: the file `heard` is the transcript of that name.
same_heard()
{
	[ -z "${UPDATE_GOLDENS-}" ] || cp heard "$transcripts/$1.txt"
	same "$1" "$transcripts/$1.txt" heard
}
