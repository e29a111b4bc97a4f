# A fault at every step of a command: what the sweeps of tests/faults share.
# Needs tests/lib/site.sh.
#
# The calls of a command are counted in traces of it; each (name of the call,
# which of them) is a point.  At each point the command is run again from the
# same state of the disk, the fault strikes, and what is left is judged.
# Points are tried by several at a time, each with a site of its own.

sweep_top=$tmp
untouched=
cut=$builddir/tests/faults/cut.so
sweep_jobs=${SWEEP_JOBS:-$(nproc 2>/dev/null || echo 2)}
[ "$sweep_jobs" -le 8 ] || sweep_jobs=8

# What changes something on a disk.
changing='^(write|writev|pwrite64|fsync|fdatasync|sync_file_range|fallocate|'
changing=$changing'ftruncate|rename|renameat|renameat2|link|linkat|symlink|'
changing=$changing'symlinkat|unlink|unlinkat|rmdir|mkdir|mkdirat|fchmod|'
changing=$changing'fchmodat|fchown|fsetxattr|utimensat) '

# sweep_sites: the sites, with every state of the disk that a sweep begins at.
sweep_sites()
{
	sweep_certificate
	in_every_site sweep_site || fail "the sites" "$(cat start.*.log)"
}

# in_every_site FUNCTION ...: at a time, each with the number of its site.
in_every_site()
{
	every_pids= every_died= every_n=0
	while [ $every_n -lt "$sweep_jobs" ]; do
		start "$@" $every_n
		every_pids="$every_pids $started"
		every_n=$((every_n + 1))
	done
	for every_pid in $every_pids; do
		wait "$every_pid" || every_died=yes
	done
	[ -z "$every_died" ]
}

sweep_certificate()
{
	issue example.test
	key_bytes=$(sed -n 3p "$certs/example.test.key")
}

# sweep_site NUMBER: one of them; what is on its disk/ is in its states.
sweep_site()
{
	mkdir -p "$sweep_top/site.$1/disk"
	cd "$sweep_top/site.$1"
	tmp=$PWD/disk
	port_next=$((port_next + 4 * $1))
	two_sites <<-'END'
	server {
	    listen 127.0.0.1:@HTTP@;
	    server_name example.test;
	    root @WWW@;
	}
	END
	# what the server writes is no part of the state
	mkdir -p run
	sed -i -e "s|^pid .*|pid $PWD/run/nginx.pid;|" \
		-e "s|^error_log .*|error_log $PWD/run/error.log;|" "$conf"
	start_nginx "$conf"
	make_states
	set | grep -E '^(conf|sites|http|https|code|id|tmp)=' >vars
}

go_home()
{
	tmp=$sweep_top
	cd "$tmp"
}

# enter SITE: its variables, its directory.
enter()
{
	cd "$sweep_top/site.$1"
	. ./vars
}

# files: every file below etc and certificates but what is only staged.
files()
{
	(set -- ! -name '*.log' ! -name '.*.https-setup.*'
		cd "$tmp"
		find etc certificates ! -type d "$@" \
			-printf '%p %m %u:%g %l\n' || :
		find etc certificates -type f "$@" -exec sha256sum {} + || :
	) 2>/dev/null | LC_ALL=C sort
}

# keep_state NAME: the disk as it is now is what reset() goes back to.
keep_state()
{
	rm -rf "state.$1"
	mkdir "state.$1"
	for keep_it in etc certificates state; do
		[ ! -e "$tmp/$keep_it" ] || cp -a "$tmp/$keep_it" "state.$1"
	done
	secured >"served.$1"
}

# reset NAME: back to it, and the server, too.
reset()
{
	[ -z "$untouched" ] || return 0
	rm -rf "$tmp/etc" "$tmp/certificates"
	# it may be a disk of its own
	[ ! -e "$tmp/state" ] || find "$tmp/state" -mindepth 1 -delete
	cp -a "state.$1"/* "$tmp"
	is_served "served.$1" || {
		kill -HUP "$(cat run/nginx.pid)"
		wait_until is_served "served.$1"
	}
	touch reset
}

# is_untouched: nothing was changed since then but the lock.
is_untouched()
{
	[ -z "$(cd "$tmp" && find etc certificates state -name lock -o \
		-newercm "$OLDPWD/reset" -print 2>/dev/null)" ]
}

is_served()
{
	secured | cmp -s - "$1"
}

# secured: what HTTPS answers.
secured()
{
	visit "https://example.test:$https/"
}

# make_states: old; waiting (kept by `confirm $code`); kept; expired.
make_states()
{
	files >before
	keep_state old
	apply_and_leave 3600
	code=$(sed -n 's/.*https-setup confirm \([0-9]*\).*/\1/p' out)
	files >after
	keep_state waiting
	setup confirm "$code" >out 2>err
	keep_state kept
	setup rollback --yes >out 2>err
	files | cmp before -
	reset old
	apply_and_leave 2
	wait_until is_over
	id=$(ls "$tmp/state/tx")
	keep_state expired
	LC_ALL=C sort -u before after >either
}

is_over()
{
	setup status | grep -q 'time is over'
}

# apply_and_leave SECONDS: a change that waits, and nobody watches over it.
apply_and_leave()
{
	: >out
	site --confirm-within "$1" >out 2>err </dev/null &
	apply_pid=$!
	wait_until grep -q 'https-setup confirm [0-9]' out
	kill -9 $(watchdogs) $apply_pid $(pgrep -P $apply_pid) 2>/dev/null || :
	wait $apply_pid 2>/dev/null || :
	wait_until unwatched
}

# watchdogs: those of this site.
watchdogs()
{
	pgrep -f "^https-setup watch-transaction .* $tmp/state " || :
}

unwatched()
{
	[ -z "$(watchdogs)" ]
}

# The commands -------------------------------------------------------------
# do_NAME runs it, under $under; from_NAME is the state that it begins at;
# says_NAME is in what it says when it has done so; end_NAME judges what it
# must have led to: $now is old or new.

says_apply='live and verified'
from_apply=old
do_apply() { site; }
end_apply()
{
	[ -z "$acknowledged" ] || [ $now = new ] || wrong "acknowledged, lost"
	[ $now = old ] || taken_back rollback --yes
}

# Nobody confirms, so it is always taken back: by the watchdog when the program
# is no more.
says_waits='live and verified'
from_waits=old
do_waits() { site --confirm-within 1; }
end_waits() { [ $now = old ] || wrong "not confirmed, but kept"; }

# There is no watchdog; should there be, strace says which clone made it.
says_alone='live and verified'
from_alone=old
do_alone() { site; }
end_alone() { end_apply; }

says_confirm='confirmed and'
from_confirm=waiting
do_confirm() { setup confirm "$code"; }
end_confirm()
{
	[ $now = new ] || wrong "not kept, but taken back"
	again=0
	setup confirm "$code" >again.out 2>&1 </dev/null || again=$?
	case $again$acknowledged in
	0 | 3*) ;;
	*) wrong "confirmed again: $again, $(cat again.out)" ;;
	esac
	[ -z "$(ls "$tmp/state/tx")" ] || wrong "still waits"
}

says_revert='taken back'
from_revert=waiting
do_revert() { setup revert; }
end_revert() { end_back revert; }

says_rollback='undone and'
from_rollback=kept
do_rollback() { setup rollback --yes; }
end_rollback() { end_back rollback --yes; }

# end_back COMMAND ...: taken back, at the latest by the next one.
end_back()
{
	[ -z "$acknowledged" ] || [ $now = old ] || wrong "acknowledged, lost"
	[ $now = old ] || taken_back "$@"
}

says_recover='brought to an end'
from_recover=expired
do_recover() { setup recover --yes; }
end_recover() { [ $now = old ] || wrong "not recovered"; }

# The same after a process was killed; strike_twice keeps that state.
says_again='brought to an end'
from_again=cut
do_again() { do_recover; }
end_again() { [ $now = old ] || taken_back rollback --yes; }

# The watchdog, when its time has come.
says_watch='^.$'
from_watch=expired
do_watch()
{
	${under-} "$HTTPS_SETUP" watch-transaction "$id" 999999999 1 \
		"$tmp/state" "$tmp/certificates"
}
end_watch() { end_recover; }

# taken_back COMMAND ...: the new state can be undone.
taken_back()
{
	setup "$@" >back.out 2>&1 </dev/null || {
		wrong "$*: status $?: $(cat back.out)"
		return
	}
	files >back
	cmp -s before back || wrong "$* left $(diff before back)"
	[ "$(secured)" = "$(cat served.old)" ] || wrong "$* left it served"
}

# Judging -------------------------------------------------------------------

# wrong WHAT: adds to the list of what went wrong.
wrong()
{
	echo "$sweep_point: $1 (status $status)"
	[ $status -eq 137 ] || note <err
}

# judge NAME: what the fault has left of that command.
judge()
{
	acknowledged=
	if [ $status -eq 0 ] || grep -q "$(eval "echo \$says_$1")" out; then
		acknowledged=yes
	fi
	[ "$1" != waits ] || wait_until unwatched || wrong "the watchdog stays"
	case $status in
	0 | 137) ;;
	# nobody would see what the watchdog says
	[1-6]) [ "$1" = watch ] || grep -q . err || wrong "no message" ;;
	127) grep -q 'loading shared libraries' err || wrong "no message" ;;
	*) wrong "an odd end" ;;
	esac
	case $1$status:$sweep_point in
	waits6:* | *[a-z]0:*) ;;
	*EINTR\ at\ pwrite* | *EINTR\ at\ *sync\ *) wrong "not retried" ;;
	esac
	# what was not touched needs not be judged again
	[ -n "$acknowledged" ] || ! is_untouched || {
		untouched=yes
		return 0
	}
	files >found
	LC_ALL=C comm -23 found either >odd
	[ ! -s odd ] || wrong "neither old nor new: $(cat odd)"
	is_up=$(up)
	case $is_up in
	200\ 200 | 30?\ 200) ;;
	*) wrong "the sites answer $is_up" ;;
	esac
	cmp -s before found || cmp -s after found ||
		nginx -t -q -c "$conf" -e stderr 2>nginx.err ||
		wrong "the server would not start: $(cat nginx.err)"
	setup status >status.out 2>&1 </dev/null ||
		wrong "status: $(cat status.out)"
	judge_recovered
	end_$1
}

# judge_recovered: recovery leaves old or new, $now, and nothing else.
judge_recovered()
{
	left=$(ls "$tmp/state/tx" 2>/dev/null || :)
	setup recover --yes >recover.out 2>&1 </dev/null ||
		wrong "recovery: status $?: $(cat recover.out)"
	files >found
	# where there was nothing to do it was as much as a second one
	[ -z "$left" ] || recovered_again
	now=old
	cmp -s before found || now=new
	cmp -s before found || cmp -s after found ||
		wrong "a mixture: $(diff before found)"
	left=$(ls "$tmp/state/tx" 2>/dev/null || :)
	[ -z "$left" ] || [ $now = new ] || wrong "left: $left"
	# what waits has its old files beside the new ones
	litter=$(find "$tmp/etc" "$tmp/certificates" -name '.*.https-setup.*' \
		2>/dev/null || :)
	[ -n "$left" ] || [ -z "$litter" ] || wrong "left: $litter"
	is_served served.$(echo $now | sed s/new/kept/) ||
		wrong "$now, but $(secured) is served"
	leaks=$(grep -rlsF -e "$key_bytes" out err "$tmp/etc" "$tmp/state" \
		"$tmp/certificates" |
		grep -v '/certificates/example.test/privkey.pem$' || :)
	[ -z "$leaks" ] || wrong "the key is in $leaks"
}

recovered_again()
{
	setup recover --yes >recover2.out 2>&1 </dev/null ||
		wrong "recovery again: $(cat recover2.out)"
	files | cmp -s found - || wrong "a second recovery goes on"
}

# up: what the two sites answer to HTTP.
up()
{
	curl -s -o /dev/null -o /dev/null -w '%{http_code} ' --noproxy '*' \
		--max-time 10 --connect-to "::127.0.0.1:" \
		"http://example.test:$http/" "http://bystander.test:$http/" |
		sed 's/ $//'
}

# Striking ------------------------------------------------------------------

# traced NAME FILE: that command, undisturbed, its calls in that file.
traced()
{
	reset "$(eval "echo \$from_$1")"
	under="strace -qq -o $2"
	status=0
	do_$1 >out 2>err </dev/null || status=$?
	under=
	case $1$status in
	waits6 | *[!0-9]0) ;;
	*) fail "$1: it works undisturbed (status $status)" "$(cat out err)" ;;
	esac
}

# points NAME: every call of it, "CALL WHICH".
points()
{
	enter 0
	for points_run in 1 2 3; do
		traced "$1" trace.$points_run
		calls <trace.$points_run >calls.$points_run
	done
	LC_ALL=C sort -u calls.1 calls.2 calls.3 >"$sweep_top/points"
	# for its lock it opens a path, which not everybody may read
	awk '/^clone\(/ { n++ }
		/^openat\(AT_FDCWD.*O_CREAT.O_EXCL/ { found = n + 1 }
		END { print found }' trace.1 >"$sweep_top/watchdog"
	go_home
}

# calls: of a trace; an open(2) is known by whether it may write.
calls()
{
	awk '/^[a-z_0-9]+\(/ {
		name = $0
		sub(/\(.*/, "", name)
		kind = name
		if (/^open/ && /O_WRONLY|O_RDWR|O_CREAT/)
			kind = name ":w"
		if (name != "execve")
			print name, ++n[name], kind
	}'
}

# cut_points NAME: "CALL WHICH" for what cut.so can do.
cut_points()
{
	enter 0
	: >counts
	for cut_run in 1 2 3; do
		reset "$(eval "echo \$from_$1")"
		under="env LD_PRELOAD=$cut CUT_COUNT=$PWD/count"
		do_$1 >out 2>err </dev/null || :
		under=
		cat count >>counts
	done
	awk '{
			if (writes < $2)
				writes = $2
			if (closes < $3)
				closes = $3
		}
		END {
			for (i = 1; i <= writes; i++)
				print "write", i, "CUT_SHORT"
			for (i = 1; i <= closes; i++)
				print "close", i, "CUT_CLOSE"
		}' counts >"$sweep_top/cut.points"
	go_home
}

# strike NAME CALL WHICH FAULT: runs that command with that fault.  True when
# it came to pass.
strike()
{
	sweep_point="$1: $4 at $2 $3"
	reset "$(eval "echo \$from_$1")"
	untouched=
	under="strace -qq -o trace -e trace=$2 -e inject=$2:$4:when=$3"
	case $1$2$4 in
	*CUT_*) under="env LD_PRELOAD=$cut CUT_STRUCK=trace CUT_COUNT=count
			$4=$3" ;;
	aloneclone*) ;;
	alone*) under="strace -qq -o trace -e trace=$2,clone $(lonely) \
			-e inject=$2:$4:when=$3" ;;
	esac
	: >trace
	status=0
	do_$1 >out 2>err </dev/null || status=$?
	under=
	grep -v '^clone(.*ENOSYS' trace |
		grep -q -e '(INJECTED)' -e 'killed by SIGKILL'
}

# is_absent CALL WHICH FAULT: was it over before it made that call so often?
is_absent()
{
	case $3 in
	CUT_SHORT) absent_made=$(cut -d' ' -f2 count) ;;
	CUT_CLOSE) absent_made=$(cut -d' ' -f3 count) ;;
	*) absent_made=$(grep -c "^$1(" trace) || : ;;
	esac
	[ "$absent_made" -lt "$2" ]
}

# lonely: the option of strace with which no watchdog can be started.
lonely()
{
	echo "-e inject=clone:error=ENOSYS:when=$(cat "$sweep_top/watchdog")"
}

# strike_share NAME SITE: every so manieth point, in that site.
strike_share()
{
	enter "$2"
	untouched=
	share_n=0
	: >wrong
	: >tried
	: >missed
	: >absent
	while read -r share_call share_which share_fault; do
		share_n=$((share_n + 1))
		[ $((share_n % sweep_jobs)) -eq "$2" ] || continue
		share_tries=1
		until strike "$1" "$share_call" "$share_which" "$share_fault"; do
			share_tries=$((share_tries + 1))
			[ $share_tries -le 4 ] || break
		done
		if [ $share_tries -gt 4 ]; then
			share_list=missed
			! is_absent $share_call $share_which $share_fault ||
				share_list=absent
			echo "$share_call $share_which" >>$share_list
			continue
		fi
		judge "$1" >>wrong
		echo "$share_call $share_which $share_fault: $status" >>tried
	done <"$sweep_top/struck"
	echo >>ended
}

# chosen MOST: of points, all, or so many (SPREAD=0: all) of those that change
# something.
chosen()
{
	if [ "${SWEEP-quick}" ]; then
		grep -E "$changing" | spread "${SPREAD:-$1}"
	else
		cat
	fi
}

# strike_twice FEW SITE: after each of this site's share of first kills, which
# are in `struck`, recovery is killed, too, at so few of its calls.
strike_twice()
{
	enter "$2"
	twice_n=0
	: >wrong
	: >tried
	while read -r twice_call twice_which; do
		twice_n=$((twice_n + 1))
		[ $((twice_n % sweep_jobs)) -eq "$2" ] || continue
		untouched=
		strike alone "$twice_call" "$twice_which" signal=KILL || continue
		keep_state cut
		under="strace -qq -o trace"
		do_again >out 2>err </dev/null || wrong "recovery" >>wrong
		under=
		calls <trace | grep -E "$changing" | spread "$1" >seconds
		while read -r again_call again_which again_kind; do
			strike again "$again_call" "$again_which" signal=KILL ||
				continue
			sweep_point="$twice_call $twice_which, $sweep_point"
			judge again >>wrong
			echo "$sweep_point" >>tried
		done <seconds
	done <"$sweep_top/struck"
}

# sweep_twice FIRST FEW: so many first kills of an apply.
sweep_twice()
{
	points alone
	cut -d' ' -f1,2 points | grep -E "$changing" | spread "$1" >struck
	in_every_site strike_twice "$2" ||
		fail "twice: it went through" "$(cat start.*.log)"
	sweep_n=$(cat site.*/tried | wc -l)
	nothing "SIGKILL, and again while it recovers, $sweep_n points" 		"$(cat site.*/wrong)"
	[ "$sweep_n" -ge $(($1 * $2 / 2)) ] || fail "twice: struck at all"
}

# spread MOST: so many lines of many, 0: all.
spread()
{
	awk -v most="$1" '{ line[NR] = $0 }
		END {
			step = most && NR > most ? NR / most : 1
			for (at = 1; at < NR + 1; at += step)
				print line[int(at)]
		}'
}

# sweep NAME WHAT: the points in `struck`, "CALL WHICH FAULT".
sweep()
{
	in_every_site strike_share "$1" ||
		fail "$1: it went through" "$(cat start.*.log)"
	sweep_n=$(cat site.*/tried | wc -l)
	nothing "$1: $2, $sweep_n points" "$(cat site.*/wrong)"
	[ "$sweep_n" -gt 0 ] || fail "$1: struck at all"
	is "$1: each point was tried" "$(wc -l <struck)" \
		"$(cat site.*/tried site.*/missed site.*/absent | wc -l)"
	nothing "$1: every fault came to pass" "$(cat site.*/missed)"
	# runs differ in how often they look around, but not that much
	sweep_absent=$(cat site.*/absent | wc -l)
	[ "$sweep_absent" -le "$sweep_n" ] ||
		fail "$1: the calls are there" "$sweep_absent are not"
}
