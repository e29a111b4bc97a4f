#!/bin/sh
# However the wizard ends, the terminal is as it was: its modes, the first
# screen, the cursor, no mouse, no brackets around what is pasted.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

# ending NAME LINE ...: what ends it, on a page that was changed
ending()
{
	ending_name=$1
	shift
	for face in screens "line by line"; do
		given=
		begin="expect Site
keys <C-n>
expect no certificate"
		[ "$face" = screens ] || {
			given=--plain
			begin="expect ? explains it
expect default"
		}
		{
			echo "$begin"
			printf '%s\n' "$@"
			echo restored
		} >ending
		session "$ending_name: $face" <ending
	done
	given=
}

ending "asked to end" "signal 15" "exit 143"
ending "hung up by hand" "signal 1" "exit 129"
ending "interrupted" "signal 2" "exit 130"
ending "killed" "behind 9" "exit 137" \
	"expect the wizard was killed by signal 9"
ending "crashed" "behind 11" "exit 139" \
	"expect the wizard was killed by signal 11"
ending "its keeper killed" "signal 9" "exit 137"

session "stopped, and continued" <<-END
expect Site
keys <C-n>
expect no certificate
keys name
signal 20
restored
gone no certificate
signal 18
expect name____
keys <F10><Right><Enter>
exit 3
restored
END
session "killed while it is stopped" <<-END
expect Site
signal 20
restored
behind 9
signal 18
exit 137
restored
END

# A terminal that is gone is noticed without the signal that says so, too.
for face in screens "line by line"; do
	set --
	begin="expect Site
hangup
exit 129"
	[ "$face" = screens ] || {
		set -- --plain
		begin="expect What to do
hangup
exit 3"
	}
	echo "$begin" >session
	check "gone, and SIGHUP ignored: $face" \
		"$builddir/tests/screens/play" session \
		sh -c 'trap "" HUP; exec "$@"' sh "$HTTPS_SETUP" \
		--root root --state-dir "$tmp/state" "$@"
done
