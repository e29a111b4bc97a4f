#!/bin/sh
# The machine restarts while a change waits, somebody sets the date, or a
# process sees another boot-time clock: the deadline is what it was.  A restart
# is a boot id that somebody else mounted over the kernel's.
. "${srcdir:-.}/tests/lib/mounts.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl pgrep unshare
boot_id=/proc/sys/kernel/random/boot_id
own_mounts
cat $boot_id >boot
mount --bind boot $boot_id || skip_all "nothing can be mounted over /proc here"

live_site
# where the unit expects it
mkdir -p state /var/lib/https-setup
mount --bind state /var/lib/https-setup

# restart: the machine does, and nginx only where a configuration is given.
restart()
{
	stop_nginx
	boots=$((${boots:-0} + 1))
	echo "11111111-2222-3333-4444-55555555555$boots" >boot
	[ $# -eq 0 ] || start_nginx "$1"
}

# power_cut: apply waits, then every process of it is gone.
power_cut()
{
	apply_waits 600
	note_id
	kill -9 "$(watchdog)" $applying
	wait $applying 2>/dev/null || :
	wait_until unwatched
}

# as the unit runs it
recover=$(sed -n 's/^ExecStart=@bindir@\/https-setup //p' \
	"$srcdir/share/systemd/https-setup-recover.service.in")
is "the unit recovers" "recover --yes" "$recover"

# 1. at boot, before the server starts
power_cut
restart
exits "status in the next boot" 0 "$HTTPS_SETUP" status
like "its time is over" 'time is over' out
# the words of the unit
exits "recovered as at boot" 0 "$HTTPS_SETUP" $recover
like "it says what" "$(cat id) was interrupted" out
tree >now
same "every byte is as before" before now
is "history: why" "the machine was restarted before it was confirmed" \
	"$(last 'events.*.what')"
is "it was looked at" right "$(last 'events.*.verified')"
like "as far as that can be without the server" 'the server does not run' \
	history.json
exits "once more: nothing to do" 0 "$HTTPS_SETUP" $recover
start_nginx "$conf"
as_before "started after that"

# 2. without the unit: the server came up with the new configuration, and the
# next start of the program takes it back
power_cut
restart "$conf"
is "the next boot serves it" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "too late to confirm" 3 "$HTTPS_SETUP" confirm "$code"
like "it was taken back" 'was cut off' err
as_before "restarted"
is "history: restarted" "the machine was restarted before it was confirmed" \
	"$(last 'events.*.what')"
is "and the server was looked at" right "$(last 'events.*.verified')"
like "from the outside" 'answers as before' history.json

# 3. the date is set, by a year in each direction
hook=$builddir/tests/faults/clock.so
is "the date can be set" 1970 "$(LD_PRELOAD=$hook \
	CLOCK_STEP=-$(date +%s) date -u +%Y)"
for step in ${THOROUGH:+31536000} -31536000; do
	apply_waits 60
	note_id
	for command in "recover --yes" "status --json"; do
		# its words
		LD_PRELOAD=$hook CLOCK_STEP=$step "$HTTPS_SETUP" $command \
			--state-dir "$tmp/state" >stepped.out 2>&1 || :
	done
	is "$step s: it waits" awaiting-confirm \
		"$("$json" stepped.out 'open.*.state')"
	left=$("$json" stepped.out 'open.*.seconds-left')
	if [ "$left" -gt 40 ] && [ "$left" -le 60 ]; then
		ok "$step s: as long as ever"
	else
		fail "$step s: as long as ever" "$left s"
	fi
	exits "$step s: confirmed" 0 env LD_PRELOAD="$hook" CLOCK_STEP=$step \
		"$HTTPS_SETUP" confirm "$code" --state-dir "$tmp/state"
	ended "$step s: apply ends well" 0
	exits "$step s: rolled back" 0 state_command rollback --yes
done
if thorough; then
	export LD_PRELOAD="$hook" CLOCK_STEP=86400
	apply_waits 2
	unset LD_PRELOAD CLOCK_STEP
	kill -9 $applying
	ended "the date was another one, killed" 137
	wait_until no_longer || :
	as_before "the date was another one"
	is "by the watchdog, in time" "not confirmed in time" \
		"$(last 'events.*.what')"
fi

# 4. another boot-time clock: of a container, or one that was moved
in_user=
[ "$(id -u)" -eq 0 ] || in_user=-Ur
if ! unshare $in_user -T --boottime 86400 --fork true 2>/dev/null; then
	skip "other boot-time clocks" "no name space for time can be made here"
else
	in_time="unshare $in_user -T --boottime 86400 --fork"
	apply_waits 60
	note_id
	# the words of the command
	$in_time "$HTTPS_SETUP" recover --yes --state-dir "$tmp/state" \
		>there.out 2>&1 || :
	$in_time "$HTTPS_SETUP" status --json --state-dir "$tmp/state" \
		>there.out 2>&1 || :
	is "a day ahead: it waits" awaiting-confirm \
		"$("$json" there.out 'open.*.state')"
	exits "a day ahead: confirmed" 0 $in_time "$HTTPS_SETUP" confirm \
		"$code" --state-dir "$tmp/state"
	ended "a day ahead: apply ends well" 0
	exits "a day ahead: rolled back" 0 state_command rollback --yes

	apply_line --yes --confirm-within 2 >there.sh
	start $in_time sh there.sh
	there=$started
	wait_until grep -q 'https-setup confirm [0-9]' \
		"$tmp/start.$start_n.log"
	note_id
	left=$("$json" status.json 'open.*.seconds-left')
	is "applied a day ahead: seconds left here" yes \
		"$([ "$left" -le 2 ] && [ "$left" -ge 0 ] && echo yes ||
			echo "$left")"
	kill -9 "$(cat "/proc/$there/task/$there/children")"
	as_before "applied a day ahead, killed"
	is "by the watchdog, in time" "not confirmed in time" \
		"$(last 'events.*.what')"
fi
