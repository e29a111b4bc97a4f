#!/bin/sh
# The wizard from the first keystroke to a handshake with the certificate that
# was meant, at an ordinary size and at the smallest that is comfortable.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl curl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

issue example.test DNS:example.test DNS:www.example.test
make_p12 example.test secret
cp "$certs/example.test.p12" "$tmp/full.pfx"

# site: two sites on a private nginx that runs, nothing of ours on it
site()
{
	rm -rf "$tmp/state" "$tmp/certificates" "$tmp/etc"
	two_sites <<-'END'
	server {
	    listen 127.0.0.1:@HTTP@;
	    server_name example.test www.example.test;
	    root @WWW@;
	}
	END
	start_nginx "$conf"
	tree >"$tmp/tree.before"
}

# wizard NAME [OPTION ...]: plays what stands on standard input on the wizard,
# which is given the options in $extra.
extra=
wizard()
{
	wizard_name=$1
	shift
	sed -e "s|@PFX@|$tmp/full.pfx|g" -e "s/@HTTPS@/$https/g" \
		-e "s|@TMP@|$tmp|g" -e "s/@HTTP@/$http/g" >"$tmp/session"
	check "$wizard_name" "$builddir/tests/screens/play" "$@" \
		"$tmp/session" "$HTTPS_SETUP" --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --firewall none $extra
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}

# unchanged NAME: is every file what it was before the wizard?
unchanged()
{
	tree >"$tmp/tree.after"
	same "$1" "$tmp/tree.before" "$tmp/tree.after"
}

# https_works NAME: does the site serve that certificate, redirect and HSTS?
https_works()
{
	is "$1: the certificate is served" \
		"$(of_file "$certs/example.test.crt")" "$(served example.test)"
	is "$1: HTTPS answers, with HSTS" "200 hsts(max-age=31536000)" \
		"$(visit "https://example.test:$https/")"
	is "$1: HTTP sends visitors on" "308 -> https://example.test:$https/" \
		"$(visit "http://example.test:$http/")"
	is "$1: the other site is left alone" 200 \
		"$(visit "http://bystander.test:$http/")"
}

# The keys are the same at each size: what is seen differs.
whole_way='
expect Site
keys <C-n>
expect Certificate file
cursor ____
keys @PFX@<Tab>secret<Tab>
keys <C-n>
expect Name of the site
keys <C-n>
expect HTTP and HTTPS
keys <Tab><C-u>@HTTPS@<C-n>
expect Send visitors to HTTPS
keys  <Tab><Tab><Tab> <C-n>
expect Firewall
keys <C-n>
expect Apply
cursor [ Back ]
keys <Tab><Tab>
cursor [ Apply ]
keys <Enter>
expect Undone by itself
keys <Tab>
cursor [ Keep ]
keys <Enter>
expect [ Finish ]
keys <Enter>
exit 0
restored
'
for size in 80x24 40x10; do
	site
	wizard "$size: the whole way" -s $size <<-END
	$whole_way
	END
	https_works "$size"
	check "$size: rollback" setup rollback --yes
	unchanged "$size: rollback restores every byte"
	stop_nginx
done

# From here on the server and the files stay the same.
site
given="--cert $certs/example.test.chain.crt --key $certs/example.test.key
	--https-port $https --redirect --hsts"
to_review='keys <C-n>
expect Certificate file
keys <C-n>
expect Name of the site
keys <C-n>
expect HTTP and HTTPS
keys <C-n>
expect Send visitors to HTTPS
keys <C-n>
expect leave every firewall alone
keys <C-n>
expect [ Apply ]'
to_waiting="$to_review
keys <Tab><Tab><Enter>
expect Undone by itself"

wizard "few bytes, and none while idle" <<-'END'
expect example.test
bytes 1000
reset
bytes 0
keys <Down>
bytes 80
keys <Down>
reset
keys x
bytes 30
END

wizard "what is wrong is said while it is typed, and stops Next" <<-'END'
expect Site
keys <C-n>
expect no certificate was named
keys <C-n>
row 22  stop  no certificate was named
keys @TMP@/nothing-there
expect No such file or directory
keys <C-u>@PFX@
expect give its
keys <Tab>wrong
gone give its
expect passphrase
keys <C-n>
cursor Passphrase
keys <C-u>secret
expect the key fits the certificate
keys <C-n>
expect Name of the site
keys <C-u>other.example
expect stop
keys <C-n>
expect Name of the site
cursor Name of the site
keys <Down><Down><Space>
cursor (o) www.example.test
keys <C-n>
expect HTTP and HTTPS
keys <Tab><C-u>@HTTP@
expect stop
keys <C-u>99999
expect stop
keys <C-u>@HTTPS@
gone stop
keys <Tab><C-u>x
expect stop
keys <C-n>
expect HTTP and HTTPS
END

wizard "going back loses nothing" <<-'END'
expect Site
keys <C-n>
expect no certificate was named
keys @PFX@<Tab>secret<Esc>
expect Program
keys <Esc>
expect This is the first step
keys <C-n>
expect the key fits the certificate
expect full.pfx___
expect ******
keys <C-n>
expect Name of the site
keys <C-u>www.example.test<C-p><C-n>
expect www.example.test___
keys <C-n>
expect HTTP and HTTPS
keys <Tab><C-u>12x<C-p>
expect Name of the site
keys <C-n>
expect 12x___
expect stop
END

wizard "help for the field, from the catalogue" <<-'END'
expect Site
keys ?
expect The site on that server which gets HTTPS
keys <Esc>
gone [ Close ]
keys <C-n>
expect no certificate was named
keys <F1>
expect It takes a PEM, DER or PKCS#12 file
keys <Enter>
gone [ Close ]
keys ?
expect ?___
END

wizard "quitting asks, and changes nothing" <<-'END'
expect Site
keys q
expect Nothing has been changed
cursor [ Stay ]
keys <Enter>
gone [ Stay ]
keys <C-n>
expect no certificate was named
keys q
expect q___
keys <F10>
expect Nothing has been changed
keys <Esc>
gone [ Stay ]
keys <C-c>
expect Nothing has been changed
keys <Tab><Enter>
exit 3
restored
END

for number in 15 1 2; do
	wizard "ended by signal $number" <<-END
	expect Site
	signal $number
	exit $((128 + number))
	restored
	END
done
wizard "hanging up ends it" <<-'END'
expect Site
hangup
exit 129
END

wizard "a self-signed certificate, for a name of the site" <<-'END'
expect Site
keys <C-n>
expect no certificate was named
keys <Up><Right><Right><Space>
gone no certificate was named
keys <C-n>
expect (o) example.test
cursor Name of the site
keys <C-p>
expect is self-signed
END

extra=$given
wizard "Review: every change, and nothing is pressed by chance" <<-END
expect Site
$to_review
expect 0 stop
expect edit
unseen create
cursor [ Back ]
keys <Enter>
expect leave every firewall alone
keys <C-n>
expect [ Apply ]
cursor [ Back ]
keys <PgDn>
expect create
keys <PgDn>
expect certificates,
unseen BEGIN
keys <Tab><Tab><Tab><End>
expect nginx reload
keys <C-n>
expect Choose a button
END

wizard "unknown sequences apply nothing" <<-END
expect Site
$to_review
keys <Tab><Tab>
cursor [ Apply ]
send \\e[200z\\e[I\\e[O\\e[1;5R\\e[15~\\e[99~\\eOz\\e]0;y\\e\\\\ey
cursor [ Apply ]
keys <F10>
expect Nothing has been changed
keys <Right><Enter>
exit 3
END
unchanged "so far nothing was written"

wizard "taken back by the operator" <<-END
expect Site
$to_waiting
unseen [ Next ]
keys <Enter>
expect Undone by itself
keys <Esc>
expect is live but not kept yet
cursor [ Wait ]
keys <Enter>
gone [ Wait ]
expect Undone by itself
keys <C-c>
expect is live but not kept yet
keys <Esc>
gone [ Wait ]
keys q
expect is live but not kept yet
keys <Esc>
gone [ Wait ]
run curl -sk https://127.0.0.1:$https/ >/dev/null
keys <Tab><Right>
cursor [ Take it back ]
keys <Enter>
expect taken back, as you asked
keys <Enter>
exit 6
restored
expect taken back, as you asked
END
unchanged "what was taken back is as it was"

wizard "SIGTERM while it waits takes it back" <<-END
expect Site
$to_waiting
signal 15
exit 143
restored
END
unchanged "after SIGTERM all is as it was"

wizard "hanging up while it waits leaves it to the watchdog" <<-END
expect Site
$to_waiting
hangup
exit 129
END
exits "after the hang-up it waits on" 0 setup status
like "for a new login" 'awaiting-confirm' out
exits "which takes it back" 0 setup revert
unchanged "then all is as it was"

extra="$given --confirm-within 2"
wizard "nobody keeps it in time: taken back" <<-END
expect Site
$to_waiting
expect nobody kept it in time
keys <Enter>
exit 6
restored
END
unchanged "after the time all is as it was"

extra="$given --save-answers $tmp/answers.xml"
wizard "kept, and the answers saved" -s 60x15 <<-END
expect Site
$to_waiting
keys <Tab><Enter>
expect is live and verified
keys <Enter>
exit 0
restored
END
check "the answers are there" test -s "$tmp/answers.xml"
unlike "without a secret" "secret|PRIVATE" "$tmp/answers.xml"
check "they plan the same: nothing is left to do" setup plan \
	--answers "$tmp/answers.xml"
extra=$given
wizard "a second time there is nothing to change" <<-END
expect Site
$to_review
expect nothing to change
keys <Tab><Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0
restored
END

# What the doctor sees of the site that is live now, and the way from what it
# found to where that is cured.  The name is one that no resolver knows.
extra="--cert $certs/example.test.chain.crt --key $certs/example.test.key
	--https-port $https"
for size in 80x24 40x10; do
	wizard "$size: the live site, and the way to a cure" -s $size <<-END
	expect Site
	keys <S-Tab><Left>
	cursor [ Live site ]
	reset
	keys <Enter>
	expect stop,
	bytes 2000
	expect has no
	keys <Home>
	expect certificate
	expect TLS 1.3
	keys <Down><Down><Down>
	expect example.test has no
	keys <Enter>
	expect Name of the site
	cursor example.test
	keys <C-p><C-p>
	cursor [ Live site ]
	END
done
wizard "Review: from a finding to where it is cured" <<-END
expect Site
$to_review
expect warn
keys <S-Tab><S-Tab><Home>
expect Enter goes
keys <Enter>
expect Name of the site
END

# Many sites: still at once, and the one that is meant is found by its name.
extra="--state-dir $tmp/state"
{
	echo "events {}"
	echo "http {"
	awk -v n=2000 'BEGIN { while (n-- > 0) printf \
		"server { listen 80; server_name site%d.example.test; }\n", n }'
	echo "}"
} >"$tmp/many.conf"
conf=$tmp/many.conf
wizard "two thousand sites" <<-'END'
expect / narrow down
reset
keys <Down>
bytes 80
keys <PgDn>/te1234
expect 1 of 2000   / te1234_
keys <Enter>
expect (o) site1234.example.test
keys <Tab>
reset
keys x
bytes 30
END

cat >"$tmp/session" <<END
expect demo:
expect www.example.test
$to_waiting
keys <Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0
restored
END
check "the demo" "$builddir/tests/screens/play" "$tmp/session" \
	"$HTTPS_SETUP" --demo
nothing "it leaves nothing behind" "$(ls -d "$tmp"/https-setup-demo.* \
	2>/dev/null || :)"
