# A catalogue in which every letter of a translation is an x, its values and
# escapes left alone: whatever still reads like English was not translated.
# Standard input is what msgen(1) writes.

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
		text = substr(text, 2)
	}
	return out
}

/^msgid / { first = $0 == "msgid \"\"" && !seen++ }
/^msgstr/ { translated = 1 }
/^$/ { translated = 0 }
translated && !first && match($0, /".*"/) {
	$0 = substr($0, 1, RSTART) hide(substr($0, RSTART + 1, RLENGTH - 2)) "\""
}
{ print }
