#!/bin/sh
# Neither a private key nor a passphrase leaves the program but into the key's
# own file: every byte that import, apply and rollback write, every argument
# and every variable they give to a program, as strace sees them.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl strace
strace -f -o strace.try true 2>/dev/null || skip_all "strace may not be used"

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
passphrase=Correct-Horse-4711-Battery
issue -key rsa:2048 example.test DNS:example.test
make_p12 example.test "$passphrase"
(umask 077 && printf '%s\n' "$passphrase" >phrase)
start_nginx "$conf"

# What must not be seen: the passphrase; each line of the key's PEM; its prime
# and its exponent in DER, as strace -xx shows bytes.
key=$certs/example.test.key
hex_of()
{
	openssl pkey -in "$key" -noout -text 2>/dev/null |
		awk -v part="$1:" '/^[a-z]/ { on = $0 == part; next } on' |
		tr -d ' \n' | sed 's/^00://; s/:$//' | cut -c1-71 |
		sed 's/^/\\x/; s/:/\\x/g'
}
hex_text()
{
	printf %s "$1" | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g'
}
{
	hex_text "$passphrase"
	echo
	for part in prime1 prime2 privateExponent; do
		hex_of $part
		echo
	done
	# lines that no other key has, in two alignments of a file's reader
	sed '/-----/d' "$key" | sed '1,2d;$d' | while read -r line; do
		hex_text "$line"
		echo
	done
} | grep . >secrets
is "the secrets to look for" yes \
	"$([ "$(wc -l <secrets)" -gt 20 ] && echo yes)"

# watch NAME COMMAND ...: the command under strace; what it wrote is in
# NAME.trace.
watch()
{
	watch_name=$1
	shift
	check "$watch_name" strace -f -qq -v -xx -s 65536 -o "$watch_name.trace" \
		-y -e trace=execve,write,writev,pwrite64,pwritev,sendto,sendmsg,sendmmsg,rename,renameat,renameat2,prctl,memfd_create,open,openat,symlink,link,sendfile,splice,copy_file_range \
		"$@"
}

# leaks TRACE: lines of it that hold a secret, but for writes to the installed
# key and to the pipes between the program and its parser.
leaks()
{
	grep -F -f secrets "$1" |
		grep -Ev "(write|writev|pwrite64)\([0-9]+<($pipe|$key_name)" |
		cut -c1-200 || :
	# what is copied without being seen
	grep -E '(sendfile|splice|copy_file_range)\(' "$1" | cut -c1-200 || :
}
# Where the key may be written to, as -xx shows the path: its directory's own
# temporary names as well, before they get theirs.
key_name=$(hex_text "$tmp/certificates/" | sed 's/\\/\\\\/g')
pipe=$(hex_text "pipe:[" | sed 's/\\/\\\\/g')

apply_p12()
{
	watch "$1" "$HTTPS_SETUP" apply --yes --server nginx --server-config \
		"$conf" --state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --https-port "$https" --firewall none \
		--log "$tmp/log" --verbose --save-answers "$tmp/answers.xml" \
		--name example.test --cert "$certs/example.test.p12" \
		--passphrase-file "$tmp/phrase"
}
apply_p12 apply
cp out apply.out
cp err apply.err
installed=$(find certificates -name privkey.pem)
is "the key was installed" 1 "$(echo "$installed" | grep -c .)"
is "for its owner alone" 600 "$(stat -c %a "$installed")"
is "and it is the key" "$(openssl pkey -in "$key" -pubout)" \
	"$(openssl pkey -in "$installed" -pubout)"
watch check "$HTTPS_SETUP" check --json --server nginx --server-config "$conf" \
	--state-dir "$tmp/state" --ca "$certs/root.crt" --name example.test \
	--cert "$certs/example.test.p12" --passphrase-file "$tmp/phrase"
watch rollback "$HTTPS_SETUP" rollback --yes --state-dir "$tmp/state" \
	--log "$tmp/log"

# The trace does see what is written: the key's own file.
like "the trace shows the key being installed" \
	"write.*$(hex_text "-----BEGIN PRIVATE KEY" | sed 's/\\/\\\\/g')" \
	apply.trace
for name in apply check rollback; do
	nothing "$name: nothing but the key's file gets a secret" \
		"$(leaks $name.trace)"
done

# The same on disk: everything that is there now.
nothing "no file holds the passphrase" "$(grep -rlF -e "$passphrase" \
	state certificates answers.xml log apply.out apply.err out err etc \
	2>/dev/null || :)"
line=$(sed -n 5p "$key")
nothing "no file holds a line of the key" "$(grep -rlF -e "$line" state \
	certificates answers.xml log apply.out apply.err out err etc www \
	2>/dev/null || :)"
nothing "no file of ours can be read by others" "$(find state log answers.xml \
	-type f -perm /077 || :)"

# A key that leaks is seen: the same with a program that tells one.
printf '%s\n' "$passphrase" >told
watch leak sh -c 'read -r line <"$1"; echo "$line"; dd bs=9999 if="$2" of="$3"' \
	sh "$tmp/told" "$key" "$tmp/copy"
is "a passphrase on the terminal and a key in a file are seen" 2 \
	"$(leaks leak.trace | grep -c 'write')"
watch leak sh -c ": $passphrase; true"
is "a passphrase among arguments is seen" 1 "$(leaks leak.trace | grep -c exec)"
