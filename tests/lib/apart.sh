# Mounts and processes of the test's own, where it may have them: whatever is
# mounted goes with the test, and of the machine's processes none is seen (the
# program looks at each that it sees).  Sourced before tests/lib.sh.
if [ -z "${apart_outside-}" ]; then
	apart_outside=$(readlink /proc/self/ns/mnt) apart_pid=$$
	export apart_outside apart_pid
	if [ "$(id -u)" -eq 0 ] &&
		unshare -mp --fork --mount-proc true 2>/dev/null; then
		exec unshare -mp --fork --kill-child --mount-proc \
			/bin/sh "$0" "$@"
	fi
fi

# is_apart: has it?
is_apart()
{
	[ "$(readlink /proc/self/ns/mnt)" != "$apart_outside" ]
}
