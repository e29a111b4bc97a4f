#!/bin/sh
# The toolkit on terminals of several kinds and sizes, by the keys an operator
# presses: tests/screens/sample shows one of each widget.
. "${srcdir:-.}/tests/lib.sh"
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"
sample=$builddir/tests/screens/sample

# session NAME [OPTION ...]: plays what stands on standard input.
session()
{
	session_name=$1
	shift
	cat >"$tmp/session"
	check "$session_name" "$builddir/tests/screens/play" "$@" \
		"$tmp/session" "$sample"
}

for term in xterm-256color linux vt100 putty screen tmux-256color; do
	infocmp $term >/dev/null 2>&1 || continue
	session "keys and focus: $term" -t $term <<-'END'
	expect City
	cursor Name
	keys <Tab>
	cursor Passphrase
	keys <S-Tab>
	cursor Name
	keys <Down><Down>
	cursor Switch it on
	keys <Up>j
	cursor Passphrase
	keys <Tab><Enter>
	expect [x] Switch it on
	keys <Enter>
	expect [ ] Switch it on
	keys  j
	expect [x] Switch it on
	cursor Colour
	keys <Right> k
	expect (o) blue
	cursor Switch it on
	keys <F10>
	exit 0
	restored
	expect name= on=1 colour=1
	END
done

session "typing, editing, scrolling sideways" <<'END'
expect City
keys hello<Left><Left>X
expect helXlo___
keys <Home><Del>H<End>!
expect HelXlo!___
expect stop  No shouting.
keys <BS>
gone stop  No shouting.
keys <C-u>one two three
expect one two three___
keys <C-w>
expect one two ___
keys a-name-that-is-longer-than-its-place
expect <ger-than-its-place_
expect warn  That is a very long name
keys <Home>
expect one two a-name-that>
keys <F10>
exit 0
expect name=one two a-name-that-is-longer-than-its-place
END

session "characters of more than one byte, and of two columns" <<'END'
expect City
keys äöü€日本
expect äöü€日本____
keys <BS><BS><Left><BS>
expect äö€___
keys <F10>
exit 0
expect name=äö€ on=0
END

session "a secret is never drawn" <<'END'
expect City
keys <Tab>s3cret
expect ******___
unseen s3cret
keys <C-w>
gone *
keys <F10>
exit 0
unseen s3cret
END

session "a paste is text, whatever it holds" <<'END'
expect City
paste first\nsecond\eOM\n
expect first____
unseen second
cursor Name
keys <Tab><Tab>
cursor Switch
paste  x\n\n
expect [ ] Switch it on
END

session "unknown sequences press no key" <<'END'
expect City
keys x
send \e[200z\e[I\e[O\e[1;2;3;4R\e[99~\e]0;title\e\\eOz\e[?1;2c\eq
send \e[15~
keys y
expect xy____
keys <F10>
exit 0
END

session "a list that scrolls and narrows down" <<'END'
expect 9 of 9
keys <Tab><Tab><Tab><Tab>
cursor city number 1
keys <Down><Down><Down>
cursor city number 4
unseen city number 1
keys <Enter>
expect (o) city number 4
keys /8
expect 1 of 9   / 8_
cursor city number 8
keys <Enter>
expect (o) city number 8
keys <Esc>
expect 9 of 9
cursor city number 8
keys <F10>
exit 0
expect city=7
END

session "a pager" <<'END'
expect -- 1 to 6 of 30 --
keys <PgDn>
expect -- 7 to 12 of 30 --
keys <Tab><Tab><Tab><Tab><Tab><End>
expect line 30
keys <Home>
expect -- 1 to 6 of 30 --
END

session "buttons, and a question" <<'END'
expect Crash
keys <S-Tab>
cursor [ End ]
keys <Left><Left><Enter>
expect A question
cursor [ No ]
keys <Right><Enter>
expect answer 1
cursor [ Ask ]
keys <Enter>
expect A question
keys <Enter>
expect answer 0
keys <Enter>
expect A question
keys <Esc>
expect answer -1
keys <Enter>
expect A question
resize 40x10
expect [ Yes ]
golden dialog-40x10
keys <Esc>
gone A question
END

for size in 80x24 60x15 40x10 30x8 200x60; do
	session "the picture at $size" -s $size <<-END
	expect Tab next
	golden sample-$size
	END
done
session "the picture without colour" -e NO_COLOR=1 <<-END
expect City
golden sample-no-color
END
session "the picture in plain characters" -e LC_ALL=C -t vt100 <<-END
expect City
golden sample-ascii
END

session "every size, one after the other" <<'END'
expect City
keys <Tab><Tab><Tab>
cursor Colour
resize 40x10
expect Step 2 of 3
cursor Colour
expect [ End ]
resize 20x5
expect needs 30x8
# nobody presses what they cannot see
keys <Enter> <Tab>
resize 29x30
expect needs 30x8
resize 200x60
expect City
cursor Colour
unseen (o)
resize 80x24
expect City
golden sample-after
END

session "few bytes, and none while idle" <<'END'
expect City
bytes 1300
reset
keys x
bytes 30
reset
keys <Down>
bytes 80
keys <Down><Down><Down>
reset
keys <Down>
bytes 80
reset
bytes 0
END

session "the terminal comes back: the end" <<'END'
expect City
keys <F10>
exit 0
restored
END
session "the terminal comes back: SIGTERM" <<'END'
expect City
signal 15
exit 0
restored
END
session "the terminal comes back: SIGHUP" <<'END'
expect City
signal 1
exit 0
restored
END
session "the terminal comes back: a crash" <<'END'
expect City
keys <S-Tab><Left><Enter>
exit 134
restored
END
session "hanging up ends it" <<'END'
expect City
hangup
exit 0
END

session "a terminal nobody knows" -t no-such-terminal <<'END'
expect cannot start: the terminal "no-such-terminal" (TERM)
exit 3
restored
END
session "a terminal without a cursor" -t dumb <<'END'
expect cannot start
exit 3
restored
END
exits "no terminal at all" 3 "$sample"
like "it says so" "are not a terminal" "$tmp/err"
