# A catalogue in which every letter of a translation is an x, its values and
# escapes left alone, and every message stands between two marks: whatever
# still reads like English was not translated, and where two marks meet a
# sentence was glued.  With -v longer=1 words are longer by a half; with
# -v kept=1 they stay, between the marks.  Standard input is a catalogue.

function hide(text,   out, c) {
	out = ""
	while (text != "") {
		if (match(text, /^%[-+ #0]*([0-9]+|\*)?(\.([0-9]+|\*))?(hh|h|ll|l|z|j)?[a-zA-Z%]/) ||
		    match(text, /^\\./) || match(text, /^--?[a-z][a-z-]*/)) {
			out = out substr(text, 1, RLENGTH)
			text = substr(text, RLENGTH + 1)
			continue
		}
		c = substr(text, 1, 1)
		out = out (c ~ /[A-Za-z]/ ? "x" : c)
		if (longer && c ~ /[A-Za-z]/ && ++letters % 2)
			out = out "x"
		text = substr(text, 2)
	}
	return out
}

# The line ends around a message are no part of it.
function mark(text,   before, behind) {
	while (sub(/^\\n/, "", text))
		before = before "\\n"
	while (sub(/\\n$/, "", text))
		behind = behind "\\n"
	if (!kept)
		text = hide(text)
	return before "\302\253" text "\302\273" behind
}

function put() {
	if (word)
		print word " \"" (head ? text : mark(text)) "\""
	word = text = ""
}

/^msgid / { head = $0 == "msgid \"\"" && !seen++ }
/^msgstr/ { put(); word = $1 }
/^$/ { put() }
word && match($0, /".*"/) {
	text = text substr($0, RSTART + 1, RLENGTH - 2)
	next
}
{ print }
END { put() }
