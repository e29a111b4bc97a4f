#!/bin/sh
# What the screens cost a slow line, beside whiptail and dialog showing a
# choice and a field of the same kind on the same terminal.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

runs=${RUNS:-9}
# as a terminal sends it once it was asked for application keys
down='\eOB'

# keys NAME KEY ... -- PROGRAM ...: its figures go to NAME
keys()
{
	keys_file=$1
	shift
	"$builddir/tests/bench/keys" "$runs" "$@" >"$keys_file"
}

# figure FILE ROW COLUMN
figure()
{
	[ ! -s "$1" ] || sed -n "$2p" "$1" | cut -d' ' -f"$3"
}

# The second arrow is the typical one: the first may scroll or say something.
keys ours "$down" "$down" -- "$HTTPS_SETUP" --root root \
	--state-dir "$tmp/state"
keys ours-esc "$down" '\e' -- "$HTTPS_SETUP" --root root \
	--state-dir "$tmp/state"
# a letter typed into the file's field
keys ours-field "$(printf '\016')" x y -- "$HTTPS_SETUP" --root root \
	--state-dir "$tmp/state"
for other in whiptail dialog; do
	: >"$other"
	: >"$other-field"
	command -v $other >/dev/null || continue
	keys $other "$down" "$down" -- $other --title Site \
		--menu "Which site?" 15 70 4 www.example.test "port 80" \
		wiki.example.test "port 8080" shop.example.test "port 80"
	keys $other-field '\t' x y -- $other --title Certificate \
		--inputbox "Certificate file" 15 70
done

# line NAME FILE ROW COLUMN LIMIT: one line of the table
line()
{
	awk -v name="$1" -v ours="$(figure "ours$2" "$3" "$4")" \
		-v whiptail="$(figure "whiptail$2" "$3" "$4")" \
		-v dialog="$(figure "dialog$2" "$3" "$4")" -v limit="$5" '
	BEGIN {
		if (limit == "whiptail")
			limit = whiptail == "" ? "" : whiptail
		verdict = limit == "" ? "" : ours + 0 <= limit + 0 ? "ok" : "OVER"
		printf "%-34s %9s %9s %9s %9s  %s\n", name, ours, whiptail,
			dialog, limit, verdict
	}'
}

printf '%-34s %9s %9s %9s %9s\n' "screens, 80x24, xterm-256color" \
	https-setup whiptail dialog limit
line "first picture, bytes" "" 1 1 1000
line "first picture, ms until it begins" "" 1 3 whiptail
line "first picture, ms until it is whole" "" 1 2 whiptail
line "arrow key, bytes" "" 3 1 80
line "arrow key, ms" "" 3 2 1
line "typed letter, bytes" "-field" 4 1 30
line "typed letter, ms" "-field" 4 2 1
line "Esc, ms" "-esc" 3 2 30
line "a second without keys, bytes" "" 4 1 0
line "memory, KiB" "" 5 1 6144
