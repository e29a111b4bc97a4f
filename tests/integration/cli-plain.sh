#!/bin/sh
# The plain face: the same questions line by line, from a pipe.  The end of the
# input is never an answer.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx curl openssl

two_sites <<'END'
server {
    listen 127.0.0.1:@HTTP@;
    server_name example.test;
    root @WWW@;
}
END
issue example.test
issue other.test
make_p12 example.test secret
start_nginx "$conf"
tree >before

# plain STATUS NAME: answers come on standard input.
plain()
{
	plain_status=0
	"$HTTPS_SETUP" --plain --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" --https-port "$https" --firewall none \
		>out 2>err || plain_status=$?
	is "$2: status" "$1" "$plain_status"
	[ "$plain_status" = "$1" ] || note <out
	tree >after
}

plain 3 "no input" </dev/null
like "it says that nothing was written" 'the input ended; nothing was written' err
same "no input: nothing was written" before after

printf '\nexample.test\n' >answers
plain 3 "the input ends in the middle" <answers
same "in the middle: nothing was written" before after

printf '\nexample.test\nq\n' >answers
plain 3 "quit" <answers
like "quit: it says so" 'left; nothing was written' err
same "quit: nothing was written" before after

# everything up to the last question; there, half a line is no answer
cat >answers <<END

1
files
$certs/example.test.p12
secret




yes
yes
30d

END
{ cat answers; printf 'perhaps\nyes'; } >full
plain 3 "half a line" <full
like "half a line: it was the last question" '^Apply this' out
same "half a line: nothing was written" before after

{
	echo basics
	echo '?'
	echo 7
	echo example.test
	echo files
	echo "$certs/none"
	echo "$certs/example.test.p12"
	echo wrong
	echo secret
	echo '<'
	echo "$certs/example.test.p12"
	echo other.test
	echo example.test
	echo both
	echo abc
	echo "$https"
	echo y
	echo YES
	echo 30d
	echo no
	echo yes
	echo yes
} >answers
plain 0 "the whole way" <answers
like "it has steps" '^Step 2 of [0-9]+: Certificate' out
like "help is one key away" 'gets HTTPS\. Left open' out
like "a missing file is an error" '^Error: .*none' out
like "a wrong passphrase is one" '^Error: ' out
like "another name is one" '^Error: .*other.test' out
like "a port that is none is one" '^Error: the HTTPS port' out
like "it shows the plan" 'Added line [0-9]+: listen .* ssl' out
like "how to undo it" 'undo +https-setup rollback' out
unlike "no escape sequence" "$(printf '\033')" out
unlike "no secret" 'PRIVATE KEY-----|^secret' out
is "it is served" "$(of_file "$certs/example.test.crt")" "$(served example.test)"
is "with its header" "200 hsts(max-age=2592000)" \
	"$(visit "https://example.test:$https/")"

# a wizard on the screen that is cut off goes on where it was
exits "nothing to resume" 3 "$HTTPS_SETUP" --plain --resume \
	--state-dir "$tmp/state"
like "it says so" 'no wizard was cut off' err
if command -v script >/dev/null; then
	cat >wizard.sh <<-END
	stty rows 24 columns 80
	echo \$\$ >"$tmp/wizard.pid"
	TERM=xterm exec "$HTTPS_SETUP" --server nginx --server-config "$conf" \
		--state-dir "$tmp/state" --name example.test --redirect
	END
	: >screen
	SHELL=/bin/sh script -qfc "sh $tmp/wizard.sh" screen >/dev/null 2>&1 \
		</dev/null &
	wizard=$!
	wait_until grep -q bystander.test screen ||
		fail "the wizard shows the sites" "$(cat screen)"
	kill -HUP "$(cat wizard.pid)"
	wait $wizard || :
	check "its answers are kept" grep -q '<name>example.test' \
		state/wizard.xml
	is "for their owner alone" 600 "$(stat -c %a state/wizard.xml)"
	status=0
	echo | "$HTTPS_SETUP" --plain --resume --state-dir "$tmp/state" \
		>out 2>err || status=$?
	is "resumed, and the input ends" 3 $status
	like "with the answers of then" "default example.test" out
	check "a wizard that was left forgets them" test ! -e state/wizard.xml
else
	skip "a wizard that was cut off" "no script(1)"
fi
