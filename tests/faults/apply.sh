#!/bin/sh
# Faults in apply, through the installed program: calls that fail, a process
# that is killed.  After each, what is served is whole, and recovery leaves the
# old state, or the new one where it was kept.  Every STEP-th call of a kind is
# struck; apply-sweep.sh strikes them all.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl strace
step=${STEP:-5}

live_site

# wrong WHAT: adds to the list of what went wrong.
wrong()
{
	echo "$injection: $1 (status $status)"
	note <err
}

# judge: after a fault; prints what is wrong.
judge()
{
	# whatever happened, both sites answer, and nginx would start again
	case $(visit "http://example.test:$http/") in
	200 | 30?\ *) ;;
	*) wrong "the site does not answer" ;;
	esac
	is_up=$(visit "http://bystander.test:$http/")
	[ "$is_up" = 200 ] || wrong "its neighbour answers $is_up"
	nginx -t -q -c "$conf" -e stderr 2>nginx.err || wrong "nginx -t fails"
	setup recover --yes >recover.out 2>&1 </dev/null ||
		wrong "recovery: $(cat recover.out)"
	nothing_left=$(ls "$tmp/state/tx" 2>/dev/null || :)
	[ -z "$nothing_left" ] || wrong "left: $nothing_left"
	litter=$(find "$tmp/etc" "$tmp/certificates" -name '.*.https-setup.*' \
		2>/dev/null || :)
	[ -z "$litter" ] || wrong "left: $litter"
	tree >now
	diff before now >/dev/null && return
	# not the old state: then it must be the new one, and kept
	"$HTTPS_SETUP" history --state-dir "$tmp/state" --json >history.out
	[ "$(visit "https://example.test:$https/")" = \
		"200 hsts(max-age=31536000)" ] || wrong "neither old nor new"
	setup rollback --yes >rollback.out 2>&1 </dev/null ||
		wrong "rollback: $(cat rollback.out)"
	tree >now
	diff before now >/dev/null || wrong "rollback left $(diff before now)"
}

# sweep CALL FAULT [LEAST]: that fault at every STEP-th of those calls.
sweep()
{
	sweep_n=1 sweep_struck=0
	: >wrong
	while injection=$1:$2:when=$sweep_n; struck "$injection"; do
		sweep_struck=$((sweep_struck + 1))
		judge >>wrong
		sweep_n=$((sweep_n + step))
	done
	# the one that struck nothing was an ordinary apply
	judge >>wrong
	nothing "$1 $2 struck $sweep_struck times" "$(cat wrong)"
	[ $sweep_struck -gt 0 ] || fail "$1 $2 struck at all"
}

for call in pwrite64 fsync fdatasync renameat2 write unlinkat mkdirat; do
	sweep $call signal=KILL
done
sweep write error=ENOSPC
sweep pwrite64 error=ENOSPC
sweep fsync error=EIO
sweep fdatasync error=EIO
sweep renameat2 error=EACCES
sweep renameat2 error=EINVAL
sweep mkdirat error=EROFS
