# Mounts of the test's own, which end with it.  A test that wants them begins
# with
#
#	. "${srcdir:-.}/tests/lib/mounts.sh"
#	. "${srcdir:-.}/tests/lib.sh"
#	own_mounts
#
# The first line starts the test anew in a name space for mounts.
if [ -z "${mounts_outside-}" ]; then
	mounts_outside=$(readlink /proc/self/ns/mnt)
	export mounts_outside
	mounts_user=
	[ "$(id -u)" -eq 0 ] || mounts_user=-Ur
	if unshare $mounts_user -m true 2>/dev/null; then
		exec unshare $mounts_user -m /bin/sh "$0" "$@"
	fi
fi

# own_mounts: skips the test where there can be none.
own_mounts()
{
	[ "$(readlink /proc/self/ns/mnt)" != "$mounts_outside" ] &&
		mount -t tmpfs tmpfs /var/lib 2>/dev/null &&
		mount -t tmpfs tmpfs /run ||
		skip_all "nothing can be mounted here"
}

# own_log FILE [deaf]: what is sent to the system's log from here goes into
# that file.
own_log()
{
	if [ ! -d /run/dev ]; then
		# beside $tmp, where it would be deleted
		mkdir /run/dev
		for own_device in null zero full tty random urandom; do
			: >/run/dev/$own_device
			mount --bind /dev/$own_device /run/dev/$own_device
		done
		mkdir /run/dev/pts /run/dev/shm
		mount --bind /dev/pts /run/dev/pts
		ln -s /proc/self/fd /run/dev/fd
		ln -s pts/ptmx /run/dev/ptmx
		mount --bind /run/dev /dev
	fi
	own_log=$1
	shift
	"$builddir/tests/faults/syslog" /dev/log "$@" >"$own_log" &
	own_log_pid=$!
	echo $own_log_pid >>"$started_in/pids"
	wait_until test -S /dev/log
}
