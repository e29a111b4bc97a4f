#!/bin/sh
# Disks and files that do not let themselves be changed, through the installed
# program: it is told before anything live was touched, everything is as it
# was, and what can be changed keeps what it had besides its bytes.
. "${srcdir:-.}/tests/lib/apart.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

live_site

# untouched NAME: every byte is as before, and nothing lies about.
untouched()
{
	tree >now
	same "$1: everything is as it was" before now
	nothing "$1: nothing lies about" "$(find "$tmp/etc" \
		"$tmp/certificates" "$tmp/state/tx" -name '.*.https-setup.*' \
		2>/dev/null || :)$(ls "$tmp/state/tx" 2>/dev/null || :)"
	is "$1: the site answers" 200 "$(visit "http://example.test:$http/")"
}

# refused NAME REGEX: it cannot be done, and this is said.
refused()
{
	exits "$1" "${3:-3}" site
	like "$1: it is said" "$2" err
	untouched "$1"
}

# done_with NAME: it works, and is taken back again.
done_with()
{
	exits "$1" 0 site
	is "$1: it is live" "200 hsts(max-age=31536000)" \
		"$(visit "https://example.test:$https/")"
	exits "$1: rollback" 0 setup rollback --yes
	untouched "$1"
}

# on_disk DIR OPTIONS COMMAND ...: with its files on a small disk of their own.
on_disk()
{
	disk_dir=$1 disk_options=$2
	shift 2
	mkdir -p "$disk_dir" held
	cp -a "$disk_dir/." held
	if ! mount -t tmpfs -o "$disk_options" disk "$disk_dir" 2>mount.err; then
		rm -rf held
		skip "$2" "no disk of its own: $(cat mount.err)"
		return
	fi
	cp -a held/. "$disk_dir"
	"$@"
	umount "$disk_dir"
	rm -rf held
}

full()
{
	head -c 1000000 /dev/zero >"$disk_dir/zz.log" 2>/dev/null || :
	"$@"
	rm -f "$disk_dir/zz.log"
}

no_inodes()
{
	inode_n=0
	while touch "$disk_dir/$inode_n.log"; do
		inode_n=$((inode_n + 1))
	done 2>/dev/null
	"$@"
	rm -f "$disk_dir"/*.log
}

read_only()
{
	mount -o remount,ro "$disk_dir"
	"$@"
}

# what only root may do, in mounts of the test's own
disks()
{
	on_disk "$sites" size=16k full refused \
		"A1: a full disk" \
		'a\.conf.*No space left.*nothing was changed.* [0-9]{4} bytes'
	on_disk "$tmp/state" size=16k full refused \
		"A2: no room for the journal" \
		'No space left.*nothing was changed.* [0-9]{4} bytes'
	on_disk "$sites" size=64k,nr_inodes=6 no_inodes refused \
		"A4: no inodes left" 'No space left'
	on_disk "$sites" size=64k read_only refused \
		"A11: mounted read-only" 'mounted read-only'
	on_disk "$tmp/state" size=64k read_only refused \
		"A11: the state is read-only" 'Read-only file system'
	mkdir elsewhere
	cp -a "$sites/a.conf" a.conf.kept
	cp -a "$sites/a.conf" elsewhere/a.conf
	ln -sf "$tmp/elsewhere/a.conf" "$sites/a.conf"
	tree >before
	on_disk "$tmp/elsewhere" size=64k read_only refused \
		"A15: a link to what is mounted read-only" 'mounted read-only'
	rm "$sites/a.conf"
	cp -a a.conf.kept "$sites/a.conf"
	tree >before
	on_disk "$tmp/state" size=1m,noexec,nosuid,nodev done_with \
		"A26: the state on a disk of its own"
	cp -a "$sites/a.conf" a.conf.other
	mount --bind a.conf.other "$sites/a.conf"
	refused "A13: a file that is mounted" 'is a mount point of its own'
	umount "$sites/a.conf"
	if chattr +i "$sites/a.conf" 2>/dev/null; then
		refused "A12: an immutable file" 'is marked immutable.*lsattr'
		chattr -i "$sites/a.conf"
	else
		skip "A12: an immutable file" "not on this file system"
	fi
}

if [ "$(id -u)" -eq 0 ] && is_apart; then
	disks
else
	skip "A1, A2, A4, A11, A12, A13, A26" "only root can mount disks"
fi

# a size that no file may exceed: what is said goes through a pipe, then
big_files()
{
	{
		(ulimit -f 0 && site) 2>&1
		echo "status $?"
	} | cat >said
}
set +e
big_files
set -e
like "A31: files may not grow" '^status 3$' said
like "A31: it is said" 'File too large' said
untouched "A31"

# few_files N: no more may be open at a time
few_files()
{
	status=0
	(ulimit -n "$1" && site) >out 2>err </dev/null || status=$?
	case $status in
	0) check "A32: $1 files will do: rollback" setup rollback --yes ;;
	[134]) like "A32: with $1 files it is said" '^https-setup: ' err ;;
	*) fail "A32: with $1 files: status $status" "$(cat err)" ;;
	esac
	untouched "A32: $1 files"
}
for few in 6 9 12 14 15 16 17 18 19 20 22 24; do
	few_files $few
done

closed()
{
	site <&- >&- 2>&-
}
exits "A32: standard input, output and errors are closed" 0 closed
is "A32: it is live" "200 hsts(max-age=31536000)" \
	"$(visit "https://example.test:$https/")"
exits "A32: rollback" 0 setup rollback --yes
untouched "A32: closed"

# What cannot be told does not make it another change: the status is that of the
# change, history has the rest.  What is nothing but told has failed.
full_output()
{
	"$@" >/dev/full
}
gone_reader()
{
	# the reader is gone before anything is said
	rm -f reader
	mkfifo reader
	: <reader &
	exec 9>reader
	wait $!
	"$@" >&9 && gone_status=0 || gone_status=$?
	exec 9>&-
	return $gone_status
}
noted()
{
	"$HTTPS_SETUP" history --json --state-dir "$tmp/state" >history.json
	"$builddir/tests/integration/json" history.json 'transactions.#'
}
noted=$(noted)
for how in full_output gone_reader; do
	for format in "" --json; do
		what="A1: the output goes nowhere ($how${format:+, JSON})"
		exits "$what: applied" 0 $how site $format
		is "$what: it is live" "200 hsts(max-age=31536000)" \
			"$(visit "https://example.test:$https/")"
		[ $how != full_output ] || like "$what: it is said" \
			'standard output: No space left.*history' err
		exits "$what: rollback" 0 $how setup rollback --yes $format
		untouched "$what"
	done
done
exits "A1: a plan that goes nowhere" 3 full_output setup plan --https-port "$https" \
	--name example.test --cert "$certs/example.test.chain.crt" \
	--key "$certs/example.test.key"
exits "A1: applied, and told" 0 site
is "A1: history knows of each" $((noted + 5)) "$(noted)"
exits "A1: rollback" 0 setup rollback --yes

for mask in 000 077 777; do
	umask $mask
	exits "A30: umask $mask" 0 site
	umask 022
	is "A30: umask $mask: the key is for nobody else" 600 \
		"$(stat -c %a "$tmp/certificates/example.test/privkey.pem")"
	is "A30: umask $mask: the site's mode is kept" 644 \
		"$(stat -c %a "$sites/a.conf")"
	exits "A30: rollback" 0 setup rollback --yes
	untouched "A30: umask $mask"
done

# What even root may not, for a reason that is no mode: a security module, a file
# server that makes nobody of root.
if [ "$(id -u)" -eq 0 ] && command -v strace >/dev/null; then
	for denied in EACCES EPERM; do
		under="strace -qq -o trace -e trace=faccessat2 -P .
			-e inject=faccessat2:error=$denied"
		refused "A12: $denied though root" \
			'cannot write in .*not even root may: .*SELinux.*lsattr'
		under=
		check "A12: $denied though root: it was" grep -q INJECTED trace
	done
else
	skip "A12: denied though root" "only root can be denied so"
fi

# What is no file, in the place of a site's, and what has no end.
odd_file()
{
	odd_kind=$1
	shift
	mv "$sites/a.conf" a.conf.kept
	"$@"
	odd_status=0
	site >out 2>err </dev/null & odd_pid=$!
	echo $odd_pid >>"$started_in/pids"
	wait_until -t 30 gone $odd_pid || kill -9 $odd_pid
	wait $odd_pid || odd_status=$?
	case $odd_status in
	1 | 3) ok "A16: $odd_kind: refused" ;;
	*) fail "A16: $odd_kind: refused" "status $odd_status" "$(cat err)" ;;
	esac
	like "A16: $odd_kind: the file is named" 'a\.conf' err
	rm -rf "$sites/a.conf"
	mv a.conf.kept "$sites/a.conf"
	untouched "A16: $odd_kind"
}
odd_file "a FIFO" mkfifo "$sites/a.conf"
odd_file "a folder" mkdir "$sites/a.conf"
odd_file "a link to nowhere" ln -s nowhere "$sites/a.conf"
odd_file "a link to itself" ln -s a.conf "$sites/a.conf"
odd_file "a link to a device" ln -s /dev/zero "$sites/a.conf"
odd_file "a link to /proc" ln -s /proc/self/mem "$sites/a.conf"
odd_file "a socket" perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) or die;
	bind(S, sockaddr_un($ARGV[0])) or die' "$sites/a.conf"
odd_file "a terabyte of nothing (A28)" truncate -s 1T "$sites/a.conf"

ln "$sites/a.conf" a.conf.second
refused "A17: a file with two names" 'more than one name'
rm a.conf.second

# a site that is a link to elsewhere
mkdir -p "$tmp/etc/available"
mv "$sites/a.conf" "$tmp/etc/available/a.conf"
ln -s ../available/a.conf "$sites/a.conf"
tree >before
exits "A15: a site that is a link" 0 site
is "A15: it stays one" ../available/a.conf "$(readlink "$sites/a.conf")"
like "A15: its target is changed" ssl "$tmp/etc/available/a.conf"
exits "A15: rollback" 0 setup rollback --yes
untouched "A15"
rm "$sites/a.conf"
mv "$tmp/etc/available/a.conf" "$sites/a.conf"

# what else a file has
chmod 640 "$sites/a.conf"
[ "$(id -u)" -ne 0 ] || chown 12:34 "$sites/a.conf"
touch -d 2020-02-02 "$sites/a.conf"
setfattr -n user.note -v kept "$sites/a.conf" 2>/dev/null || :
setfacl -m u:65534:r "$sites/a.conf" 2>/dev/null || :
kept()
{
	stat -c '%a %u %g' "$sites/a.conf"
	getfattr -dm- "$sites/a.conf" 2>/dev/null || :
	getfacl -n "$sites/a.conf" 2>/dev/null || :
}
kept >had
tree >before
exits "A18: owner, mode, ACL, attributes" 0 site
kept >has
same "A18: the new file has them" had has
exits "A18: rollback" 0 setup rollback --yes
kept >has
same "A18: the old one has them again" had has
is "A18: and its time" "2020-02-02" \
	"$(date -r "$sites/a.conf" +%Y-%m-%d)"
untouched "A18"

# a name that is hostile to shells, terminals and lists
# the second one as long as one may be
for hostile in 'a b%%n\033[31m.conf' "a;\\377'\"{$(printf '%0244d' 0).conf"; do
	mv "$sites"/a*.conf "$(printf "%s/$hostile" "$sites")"
	printf 'include %s/a*.conf;\ninclude %s/b.conf;\n' "$sites" "$sites" |
		nginx_conf "$conf"
	tree >before
	what="A29: a hostile file name of $(printf "$hostile" | wc -c) bytes"
	exits "$what" 0 site
	nothing "$what: no control byte is printed" \
		"$(cat out err | tr -d '\n' | tr -dc '\000-\037\377')"
	"$HTTPS_SETUP" history --state-dir "$tmp/state" >out 2>err
	nothing "$what: nor by history" \
		"$(cat out err | tr -d '\n' | tr -dc '\000-\037\377')"
	exits "$what: rollback" 0 setup rollback --yes
	untouched "$what"
done

# From one folder to another nothing is renamed but the transaction itself.
if command -v strace >/dev/null; then
	under="strace -qq -o trace -e trace=/^rename"
	exits "A14: traced" 0 site
	under=
	is "A14: staged in the folder of its target" 6 \
		"$(grep -c '^renameat2(' trace)"
	nothing "A14: renamed within it" "$(awk -F'[(,]' '
		/^renameat2\(/ && $2 + 0 != $4 + 0' trace)"
	exits "A14: rollback" 0 setup rollback --yes
else
	skip "A14" "strace is not installed"
fi

# what is left of a transaction that somebody began to delete
exits "A25: one more" 0 site
exits "A25: and rolled back" 0 setup rollback --yes
rm -rf "$tmp"/state/done/*/journal
mkdir -p "$tmp/state/tx/0000-77/bak"
done_with "A25: half-deleted transactions are in nobody's way"
