#!/bin/sh
# The power goes at every step of apply, confirm, rollback and recover: the
# file systems of configuration and state (two, so that neither writes for the
# other) stop without what is only in memory.  What was acknowledged is there
# afterwards; what was not is the old state or the new one.  Here it is a few
# steps on ext4; power-*-sweep.sh take each, on every file system.
. "${srcdir:-.}/tests/lib/apart.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/sweep.sh"
need nginx curl openssl pgrep mkfs.ext4
[ "$(id -u)" -eq 0 ] || skip_all "only root can mount a disk"
is_apart || skip_all "no mounts of its own can be made here"

# What is asked of the disks: KIND OPTIONS.
ext4="ext4 loop"
keep_order="ext4 loop,noauto_da_alloc"
writeback="ext4 loop,data=writeback"
xfs="xfs loop"

# make_disks KIND: both, empty.
make_disks()
{
	case $1 in
	xfs) disk_size=320M ;;
	*) disk_size=32M ;;
	esac
	for disk_of in etc state; do
		rm -f "$sweep_top/$disk_of.img"
		truncate -s $disk_size "$sweep_top/$disk_of.img"
		"mkfs.$1" -q "$sweep_top/$disk_of.img" >mkfs.out 2>&1 || return
	done
}

plug_in()
{
	mount -o "$disk_options" "$sweep_top/etc.img" "$sweep_top/site.0/disk" &&
		mkdir -p "$sweep_top/site.0/disk/state" &&
		mount -o "$disk_options" "$sweep_top/state.img" \
			"$sweep_top/site.0/disk/state"
}

pull_out()
{
	umount "$sweep_top/site.0/disk/state" "$sweep_top/site.0/disk"
}

# is_cut: does the shutdown reach these disks?
is_cut()
{
	(env LD_PRELOAD="$cut" CUT_DISKS="$disks" CUT_AT=1 \
		mkdir "$sweep_top/site.0/disk/new" || :) 2>/dev/null
	! ls "$sweep_top/site.0/disk/new" >/dev/null 2>&1 &&
		! touch "$sweep_top/site.0/disk/it" 2>/dev/null
}

# start_machine: the disks are mounted again, the server starts from them.
start_machine()
{
	stop_nginx
	wait_until pull_out
	plug_in
	start_nginx "$conf" || wrong "the server does not start"
}

# struck_down NAME AT: runs that command; the power goes before that step, or
# when it has ended, where there is none.
struck_down()
{
	sweep_point="$1: power cut at $2"
	reset "$(eval "echo \$from_$1")"
	untouched=
	sync -f "$tmp/etc" "$tmp/state"
	under="env LD_PRELOAD=$cut CUT_DISKS=$disks CUT_AT=$2 $power_how"
	status=0
	do_$1 >out 2>err </dev/null || status=$?
	under=
	if [ $status -ne 137 ]; then
		(env LD_PRELOAD="$cut" CUT_DISKS="$disks" CUT_AT=1 \
			$power_how mkdir "$tmp/dark" || :) 2>/dev/null
	fi
	for power_dog in $(watchdogs); do
		kill -9 "$power_dog" 2>/dev/null || :
	done
	wait_until unwatched
	! touch "$tmp/dark" 2>/dev/null || wrong "the power did not go"
	start_machine
}

# is_seen: would this test see that a directory is not flushed?
is_seen()
{
	power_how=CUT_DEAF=yes
	struck_down alone 9999
	judge alone >seen
	if grep -q 'acknowledged, lost' seen; then
		ok "$power_name: a flush that is left out is seen"
	else
		fail "$power_name: a flush that is left out is seen"
	fi
}

# cuts NAME MOST: the power goes at so many steps of that command, 0: at all,
# and when it has ended.
cuts()
{
	power_how=
	reset "$(eval "echo \$from_$1")"
	under="env LD_PRELOAD=$cut CUT_COUNT=$PWD/count"
	do_$1 >out 2>err </dev/null
	under=
	read -r power_steps power_writes <count
	seq "$power_steps" | spread "$2" >steps
	echo $((power_steps + 1000)) >>steps
	: >power.wrong
	for power_how in '' CUT_FLUSH=yes; do
		while read -r power_at; do
			struck_down "$1" "$power_at" >>power.wrong
			judge "$1" >>power.wrong
		done <steps
	done
	nothing "$power_name: $1: $(($(wc -l <steps) * 2)) cuts" \
		"$(cat power.wrong)"
}

# on_disks NAME KIND OPTIONS MOST COMMAND ...
on_disks()
{
	power_name=$1 disk_kind=$2 disk_options=$3 power_most=$4
	shift 4
	disks=$sweep_top/site.0/disk:$sweep_top/site.0/disk/state
	mkdir -p "$sweep_top/site.0/disk"
	if ! command -v "mkfs.$disk_kind" >/dev/null ||
		! make_disks "$disk_kind" || ! plug_in 2>mount.err; then
		skip "$power_name" "no such disk: $(cat mount.err mkfs.out)"
		return
	fi
	if ! is_cut || ! pull_out || ! plug_in; then
		skip "$power_name" "its power cannot be cut here"
		return
	fi
	sweep_site 0
	is_seen
	for power_command; do
		cuts "$power_command" "$power_most"
	done
	stop_nginx
	pull_out
	go_home
	rm -rf site.0
}

most=${MOST-3}
sweep_certificate
for disk in ${DISKS:-ext4}; do
	# a name, a kind, options
	on_disks "$disk" $(eval "echo \$$disk") "$most" \
		${COMMANDS:-alone rollback}
done
