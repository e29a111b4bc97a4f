#!/bin/sh
# What keys and the mouse are promised to do, on the wizard itself: without
# keys that some terminals lack, without the mouse, and with them.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

to_certificate='expect Site
keys <C-n>
expect no certificate'

session "digits stand for F-keys, where no text is typed" <<-END
expect Site
keys 1
expect The site on that server which gets HTTPS
keys <Enter>
gone [ Close ]
spoil JUNK
expect JUNK
keys 3
gone JUNK
keys <C-n>
expect no certificate
keys 123
expect 123____
keys <C-u><Up>2
expect F4 other
keys <Esc>
gone F4 other
keys <Down>$tmp/site.pem
expect EC 256
keys <Up>4
expect days left
keys <Esc>
gone days left
END
session "Ctrl-L and F3 draw all of it again, also in a field" <<-END
$to_certificate
keys name
spoil JUNK
keys <C-l>
gone JUNK
expect name____
spoil JUNK
keys <F3>
gone JUNK
expect name____
keys <F1>
expect [ Close ]
spoil JUNK
keys <C-l>
gone JUNK
expect [ Close ]
keys <Esc><F2>
expect F4 other
spoil JUNK
keys <C-l>
gone JUNK
expect F4 other
END
cat >session <<-END
expect Step 1 of 9
expect Esc back
keys <F10><Right><Enter>
exit 3
END
check "a line that tells no size: LINES and COLUMNS do" \
	"$builddir/tests/screens/play" -e LINES=10 -e COLUMNS=40 session \
	sh -c 'stty rows 0 columns 0; exec "$@"' sh "$HTTPS_SETUP" \
	--root root --state-dir "$tmp/state"
session "all of it without keys that some terminals lack" -t vt100 <<-END
expect Site
cursor wiki
keys k
cursor www.example.test
keys j
cursor wiki
keys ?
expect [ Close ]
keys <Enter>
keys <C-n>
expect no certificate
keys site.pem<Tab><Tab>site.key<C-n>
expect Name of the site
keys <C-p>
expect Private key file
keys <C-n><C-n><C-n><C-n><C-n>
expect [ Apply ]
cursor [ Back ]
keys q
expect Nothing has been changed
cursor [ Stay ]
END
session "the keys of PuTTY, the Linux console, and others" <<-END
expect Site
send \e[11~
expect [ Close ]
send \e
gone [ Close ]
send \eOP
expect [ Close ]
keys <Enter>
gone [ Close ]
send \e[[A
expect [ Close ]
keys <Enter>
send \e[1~
cursor www.example.test
send \e[4~
cursor wiki.example.test
send \e[H
cursor www.example.test
send \e[F
cursor wiki.example.test
send \e[Z
cursor [ Next ]
keys <C-n>
expect no certificate
keys one/two
send \e[1;5D
keys X
expect one/Xtwo____
END

session "clicks go to fields, choose, and press" <<-END
expect Site
mouse on
click ( ) www
expect (o) www.example.test
click Program
cursor Program
click [ Next ]
expect no certificate
click Private key
keys k.pem
expect k.pem____
click ( ) paste
expect PEM text
click [ Back ]
expect (o) www.example.test
END
session "the wheel scrolls" -s 40x10 <<-END
expect Site
wheel down
wheel down
expect Program
wheel up
wheel up
expect www.example.test
END
given=--no-mouse session "the mouse is left to the terminal" <<-END
expect Site
mouse off
END
given="--cert site.pem --key site.key"
session "keys typed ahead apply nothing" <<-END
expect Site
keys <C-n><C-n><C-n><C-n><C-n>
expect leave every firewall alone
keys <C-n><Tab><Tab><Enter>
expect [ Apply ]
cursor [ Back ]
keys <Tab><Tab>
cursor [ Apply ]
END
session "a click at Apply alone presses nothing" <<-END
expect Site
keys <C-n><C-n><C-n><C-n><C-n><C-n>
expect [ Apply ]
click [ Apply ]
cursor [ Apply ]
expect [ Apply ]
unseen Undone
keys <F10>
expect Nothing has been changed
click [ Quit ]
exit 3
restored
END
given=

mkdir -p incoming
cp site.pem incoming/server-2.pem
cp site.pem incoming/server-1.pem
session "completion and what was usual, of paths" <<-END
$to_certificate
keys inc<Right>
expect incoming/____
keys ser<Right>
expect incoming/server-____
keys <C-r>
expect incoming/server-1.pem
keys <C-r>
expect incoming/server-2.pem
keys <C-r>
expect incoming/server-____
END
given="--cert site.pem --key site.key"
session "names of the certificate, numbers with units, and reasons" <<-END
expect Site
keys <C-n><C-n>
expect Name of the site
keys <C-u>ex<Right>
expect example.test____
keys <C-u>
keys <C-r>
expect www.example.test
keys <C-n>
expect HTTP and HTTPS
keys <Tab><C-u><C-r>
expect 443
keys <C-r>
expect 8443
keys <C-n>
expect Send visitors
keys <S-Tab><S-Tab><S-Tab><Space><Down><C-u>30d
expect 30 days
keys <C-u>x
expect stop
keys <C-u><C-r>
expect 1y___
END
