#!/bin/sh
# A wizard that is cut off, in whatever way, goes on at the screen where it
# was, with its answers and without its secrets.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
keeps_state=yes

make_p12 www.example.test not-to-be-kept
cp "$certs/www.example.test.p12" site.p12
chmod 600 site.p12

# cut_off NAME HOW: the wizard is ended by HOW on its fourth screen.
cut_off()
{
	rm -rf state
	session "$1" <<-END
	expect Site
	keys <C-n>
	expect Certificate file
	keys site.p12<Tab>not-to-be-kept<Tab>
	gone no certificate
	keys <C-n>
	expect Name of the site
	keys <C-n>
	expect HTTP and HTTPS
	keys <Tab><C-u>8443
	expect 8443
	$2
	END
	check "$1: the answers are there" test -s state/wizard.xml
	is "$1: for their owner alone" 600 "$(stat -c %a state/wizard.xml)"
	nothing "$1: without the passphrase" \
		"$(grep -rl not-to-be-kept state)"
	session "$1: the next wizard says so, and may be left" <<-END
	expect A wizard was cut off here on
	keys <F10><Right><Enter>
	exit 3
	END
}

# goes_on NAME PORT: the same screen, with this answer; the passphrase is the
# only thing that has to be given again.
goes_on()
{
	given=--resume session "$1: goes on" <<-END
	expect HTTP and HTTPS
	expect $2
	keys <C-p><C-p>
	expect Certificate file
	expect site.p12
	keys <Tab>not-to-be-kept<Tab>
	gone passphrase
	keys <F10><Right><Enter>
	exit 3
	END
	check "$1: left, nothing is kept" test ! -e state/wizard.xml
}

# the page that it was killed on is lost, those before it are not
cut_off "killed" "behind 9
exit 137
restored"
goes_on "killed" 443
for ending in "signal 9
exit 137
restored" "signal 15
exit 143
restored" "signal 2
exit 130
restored" "hangup
exit 129"; do
	cut_off "${ending%%
*}" "$ending"
	goes_on "${ending%%
*}" 8443
done

