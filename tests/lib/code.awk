# Prints FILE:LINE:CODE for each line of C that has code, with comments taken
# out and strings and characters emptied.

FNR == 1 { in_comment = 0 }

{
	code = ""
	line = $0
	while (line != "") {
		if (in_comment) {
			end = index(line, "*/")
			if (!end)
				break
			line = substr(line, end + 2)
			in_comment = 0
		} else if (match(line, /\/\*|\/\/|["']/)) {
			code = code substr(line, 1, RSTART - 1)
			what = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
			if (what == "//")
				break
			else if (what == "/*")
				in_comment = 1
			else
				line = behind(line, what)
		} else {
			code = code line
			break
		}
	}
	if (code ~ /[^ \t]/)
		print FILENAME ":" FNR ":" code
}

# What follows the closing quote of the literal that line begins in; empties it.
function behind(line, quote)
{
	code = code quote quote
	while (line != "") {
		if (substr(line, 1, 1) == "\\")
			line = substr(line, 3)
		else if (substr(line, 1, 1) == quote)
			return substr(line, 2)
		else
			line = substr(line, 2)
	}
	return ""
}
