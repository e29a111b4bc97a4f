#!/bin/sh
# What each step looks like, at three sizes: an offline tree has the same
# paths and no version on every machine.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"

for size in 80x24 40x10 200x60 30x8; do
	all_screens golden $size >script
	session "the screens at $size" -s $size <script
done
session "without colour" -e NO_COLOR=1 <<-END
expect Site
keys <C-n>
expect no certificate
golden certificate-no-color
END
session "in plain characters" -e LC_ALL=C -t vt100 <<-END
expect Site
keys <C-n>
expect no certificate
golden certificate-ascii
END

session "what is said of a time follows what is typed" <<-END
expect Site
keys <C-n>
expect no certificate
keys site.pem<Tab><Tab>site.key<Tab>
expect trusted here
keys <C-n><C-n><C-n>
expect Send visitors to HTTPS
keys <Tab><Space>
expect 31536000__ 1 year
keys <Tab><C-u>30d
expect 30d_______ 30 days
keys <C-u>5400
expect 5400______ 90 minutes
keys <C-u>5x
gone minutes
END
session "paths are cut for the width there is" -s 200x60 <<-END
expect Site
keys <C-n>
expect no certificate
keys site.pem<Tab><Tab>site.key<Tab>
expect trusted here
keys <C-n><C-n><C-n><C-n><C-n>
expect create  /etc/ssl/https-setup/www.example.test/privkey.pem
resize 40x60
expect create  .../privkey.pem
resize 60x60
expect create  .../https-setup/www.example.test/fullchain.pem
resize 200x60
expect create  /etc/ssl/https-setup/www.example.test/privkey.pem
END
session "a product that was not found" <<-END
expect Site
keys <Enter><Enter><Enter>
cursor [ Next ]
keys <Up>
cursor (o) website  1 of 6
keys <Right><Right>
expect ( ) Certero  3 of 6
keys <Right><Right>
expect ( ) ArcGIS Server  5 of 6
keys <Space>
expect (o) ArcGIS Server  5 of 6
keys <F1>
expect The application behind the site
keys <Esc><Down>
cursor [ Next ]
keys <Left><Up>
cursor (o) ArcGIS Server
END

# The same through another terminal, so that ours and the program cannot agree
# on an error.
if ! command -v tmux >/dev/null; then
	skip "the steps in tmux" "tmux is not installed"
	exit
fi

pane()
{
	tmux -S "$tmp/tmux" -f /dev/null "$@"
}

# picture: what the pane shows, as goldens have it
picture()
{
	pane capture-pane -p | sed 's/ *$//'
}

# shows TEXT: does it?
shows()
{
	picture | grep -Fq -- "$1"
}

# pictured NAME: does the pane show what that golden shows?
pictured()
{
	sed '/^-- looks/,$d' "$srcdir/tests/screens/golden/$1.txt" >wanted
	wait_until equals_wanted || :
	picture >seen
	same "in tmux: $1" wanted seen
}

equals_wanted()
{
	picture | cmp -s - wanted
}

rm -rf state
pane new-session -d -x 80 -y 24 "exec '$HTTPS_SETUP' --root root \
	--state-dir '$tmp/state' --ca '$certs/root.crt' --firewall none"
pane set-option -s escape-time 0
pane display-message -p '#{pid}' >>"$tmp/pids"
pictured server-80x24
pane send-keys C-n
pictured certificate-none-80x24
pane send-keys site.pem Tab Tab site.key Tab
pictured certificate-80x24
pane send-keys C-n
pictured name-80x24
pane send-keys C-n
pictured bindings-80x24
pane send-keys C-n
pictured hsts-off-80x24
pane send-keys Space Tab Tab Tab Space Tab Tab Tab Space
pictured hsts-preload-80x24
pane send-keys C-n
pictured hsts-refused-80x24
pane send-keys F1
pictured help-80x24
pane send-keys Escape Down Space C-n
pictured firewall-80x24
pane send-keys C-n
pictured review-80x24
pane send-keys C-f
pictured findings-80x24
pane resize-window -x 40 -y 10
pictured findings-40x10
pane send-keys Escape
pane send-keys F10
check "in tmux: the question" wait_until shows "[ Stay ]"
pane send-keys Right Enter
check "in tmux: the end" wait_until eval '! pane has-session 2>/dev/null'
