#!/bin/sh
# Signals that end programs, at any moment: apply ends with everything done or
# everything as it was, without recovery; what watches over a change that waits
# hears none of them.  Every STEP-th call of a kind, the signals in turn;
# signals-sweep.sh takes all of both, and rollback.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/waits.sh"
need nginx curl openssl strace pgrep
step=${STEP:-4}

live_site
apply_line --yes >apply.line
common="--yes --state-dir $tmp/state --cert-dir $tmp/certificates"

# signalled CALL SIGNAL NUMBER COMMAND ...: a program gets it in that call; its
# status is in $status.  False when there was no such call.
signalled()
{
	injection=$1:signal=$2:when=$3 signalled_call=$1 signalled_n=$3
	shift 3
	status=0
	strace -qq -o trace -e trace="$signalled_call" -e inject="$injection" \
		"$@" >out 2>err </dev/null || status=$?
	[ "$(grep -c "^$signalled_call(" trace)" -ge "$signalled_n" ]
}

# wrong WHAT: adds to the list of what went wrong.
wrong()
{
	echo "$injection: $1 (status $status)"
	note <err
}

# whole: is it all of the old state, or all of the new one?  Without recovery.
whole()
{
	left=$(ls "$tmp/state/tx" 2>/dev/null || :)
	[ -z "$left" ] || wrong "left: $left"
	litter=$(find etc certificates -name '.*.https-setup.*' 2>/dev/null ||
		:)
	[ -z "$litter" ] || wrong "left: $litter"
	tree >now
	if cmp -s before now; then
		state=old wanted="200 curl 7"
	else
		state=new
		wanted="308 -> https://example.test:$https/ \
200 hsts(max-age=31536000)"
	fi
	wait_until is_served ||
		wrong "$state files, but served is $served"
}

is_served()
{
	served="$(visit "http://example.test:$http/") $(visit \
		"https://example.test:$https/")"
	[ "$served" = "$wanted" ]
}

judge_apply()
{
	whole
	case $state,$status in
	new,0) ;;
	old,4 | old,129 | old,130 | old,131 | old,143) ;;
	*) wrong "it ends so with the $state state" ;;
	esac
	[ $state = old ] || back
}

judge_rollback()
{
	whole
	case $state,$status in
	old,0 | new,129 | new,130 | new,131 | new,143) ;;
	*) wrong "it ends so with the $state state" ;;
	esac
	[ $state = old ] || back
}

back()
{
	setup rollback --yes >back.out 2>&1 </dev/null ||
		wrong "rollback: $(cat back.out)"
	tree >now
	cmp -s before now || wrong "rollback: $(diff before now)"
}

# sweep WHAT CALL
sweep()
{
	what=$1 sweep_n=1 sweep_struck=0 end=
	: >wrong
	until [ -n "$end" ]; do
		for signal in ${SIGNALS:-$(in_turn)}; do
			[ "$what" = apply ] || sh apply.line >out 2>err \
				</dev/null || fail "applied" "$(cat err)"
			case $what in
			apply) set -- apply "$2" sh apply.line ;;
			rollback) set -- rollback "$2" "$HTTPS_SETUP" \
				rollback $common ;;
			esac
			sweep_call=$2
			shift 2
			signalled "$sweep_call" "$signal" $sweep_n "$@" ||
				end=yes
			set -- "$what" "$sweep_call"
			judge_$what >>wrong
			sweep_struck=$((sweep_struck + 1))
		done
		sweep_n=$((sweep_n + step))
	done
	nothing "$what: signalled in $sweep_struck calls of $2" "$(cat wrong)"
	[ $sweep_struck -gt 1 ] || fail "$what is signalled at all"
}

in_turn()
{
	set -- TERM HUP INT QUIT
	shift $((sweep_n / step % 4))
	echo "$1"
}

for call in ${CALLS:-renameat2}; do
	sweep apply $call
done
for call in ${CALLS_BACK-}; do
	sweep rollback $call
done

# What watches is deaf, and its time comes all the same.
apply_waits 2
note_id
watching=$(watchdog)
kill -9 $applying
ended "the program is killed" 137
for signal in TERM HUP INT QUIT USR1 USR2 TSTP PIPE; do
	kill -$signal "$watching"
done
is "the watchdog hears no signal" "$watching" "$(watchdog)"
wait_until no_longer || :
as_before "and takes it back"
