#!/bin/sh
# Every screen there is without a server on six kinds of terminal, at four
# sizes, in colour, without and in ASCII: the words and the cursor are those of
# the goldens, and the looks keep their rules.  Each pair of the three is met;
# check-long meets all.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

# met MODE NUMBER: is it its turn?
met()
{
	[ "${ALL_OF_IT:-}" ] && return
	case $(($2 % 3)) in
	0) [ $1 = color ] ;;
	1) [ $1 = mono ] ;;
	2) [ $1 = ascii ] ;;
	esac
}

row=0
for term in xterm-256color xterm linux vt100 tmux-256color putty; do
	row=$((row + 1))
	if ! infocmp $term >/dev/null 2>&1; then
		skip "the screens on $term" "its description is not installed"
		continue
	fi
	turn=$row
	for size in 80x24 40x10 200x60 30x8; do
		turn=$((turn + 1))
		for mode in color mono ascii; do
			met $mode $turn || continue
			how=$mode given=
			[ $mode = mono ] && given=--no-color
			[ $mode = ascii ] && given=--ascii how=color
			# that one has no colours
			[ $term = vt100 ] && how=mono
			all_screens words $size "looks $how" >script
			session "$term $size $mode" -t $term -s $size <script
		done
	done
done
