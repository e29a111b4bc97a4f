#!/bin/sh
# The disk is full, broken, read-only or refuses: each error that a call on
# files may give, at every call of every command that changes something.  The
# program says so in one line, and what is left is the old state or the new
# one.  Here it is a spread of the calls that write; failing-*-sweep.sh
# take each.
. "${srcdir:-.}/tests/lib/apart.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
. "$srcdir/tests/lib/sweep.sh"
need nginx curl openssl strace pgrep

# What may come of each kind of call.
cat >errors <<'END'
open EIO EINTR EACCES EMFILE
open:w ENOSPC EDQUOT EIO EINTR EROFS EACCES EMFILE
openat EIO EINTR EACCES EMFILE
openat:w ENOSPC EDQUOT EIO EINTR EROFS EACCES EMFILE
openat2 EIO EINTR EACCES EMFILE
read EIO EINTR
pread64 EIO EINTR
readlink EIO EACCES
readlinkat EIO EACCES
getdents64 EIO
newfstatat EIO EACCES
statx EIO EACCES
access EIO EACCES
faccessat2 EIO EACCES EROFS
flistxattr EIO
write ENOSPC EDQUOT EIO EINTR
writev ENOSPC EDQUOT EIO EINTR
pwrite64 ENOSPC EDQUOT EIO EINTR
fsync ENOSPC EDQUOT EIO EINTR EROFS
fdatasync ENOSPC EDQUOT EIO EINTR EROFS
sync_file_range ENOSPC EIO
fallocate ENOSPC EDQUOT EIO EINTR EOPNOTSUPP
ftruncate EIO EINTR EROFS
rename ENOSPC EDQUOT EIO EROFS EACCES
renameat ENOSPC EDQUOT EIO EROFS EACCES
renameat2 ENOSPC EDQUOT EIO EROFS EACCES EBUSY EINVAL
linkat ENOSPC EDQUOT EIO EROFS EACCES EMLINK
symlinkat ENOSPC EDQUOT EIO EROFS EACCES
unlink EIO EROFS EACCES EBUSY
unlinkat EIO EROFS EACCES EBUSY
mkdir ENOSPC EDQUOT EIO EROFS EACCES
mkdirat ENOSPC EDQUOT EIO EROFS EACCES
fchmod EIO EROFS EPERM
fchmodat EIO EROFS EPERM
fchown EIO EROFS EPERM
fsetxattr ENOSPC EDQUOT EIO EROFS EPERM
utimensat EIO EROFS EPERM
flock EINTR ENOLCK
END

# only_late: before its watchdog is started an apply that waits makes the same
# calls as one that does not (`alone`): those behind it are left in `points`.
only_late()
{
	late_from=$(awk -v at="$(cat watchdog)" '
		/^clone\(/ && ++n == at { exit }
		{ print }' site.0/trace.1 | calls | wc -l)
	calls <site.0/trace.1 | tail -n +$((late_from + 1)) >points
}

# failing NAME MOST FEW: at so many of its calls, and so few of cut.so's.
failing()
{
	points "$1"
	[ "$1" != waits ] || only_late
	awk 'NR == FNR { errors[$1] = $0; next }
		{
			n = split(errors[$3], error, " ")
			for (i = 2; i <= n; i++)
				print $1, $2, "error=" error[i]
		}' errors points | chosen "$2" >struck
	sweep "$1" "errors of calls"
	cut_points "$1"
	spread "${SPREAD-$3}" <cut.points >struck
	sweep "$1" "short writes, and errors of close()"
}

sweep_sites
for command in ${COMMANDS:-alone rollback recover}; do
	failing $command 8 4
done
