#!/bin/sh
# share/pictures shows every screen of the program as it is: drawn from it, on
# a server of its own whose addresses, ports and dates are always the same.
# share/pictures/make draws them anew.  Those that show what runs are held on
# each terminal too, at each size, as matrix.sh does with the others.
. "${srcdir:-.}/tests/lib/net.sh"
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/guide.sh"
need nginx openssl ip
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"
[ "$(readlink /proc/self/ns/net)" != "$net_outside" ] ||
	skip_all "no network of its own can be made here"
ip link set lo up

name=www.example.test
echo "127.0.0.1 localhost $name example.test" >hosts
mkdir -p home/incoming home/nginx/sites home/www
mount --bind hosts /etc/hosts && mount --bind home /mnt ||
	skip_all "nothing can be mounted here"

# The bar of its dates stands still: it began as long ago, and ends as late.
day()
{
	date -u -d "$1 days" +"$2"
}
make_named_ca()
{
	make_ca
	cert_sign intermediate "Example Issuing CA" root "$certs/ca.conf" \
		intermediate -days 1825
}
make_named_ca
issue -valid "$(day -100 %Y%m%d120000Z)" "$(day +280 %Y%m%d235959Z)" $name \
	DNS:$name DNS:example.test
make_p12 $name secret
cp "$certs/$name.p12" home/incoming/www_example_test.pfx
cp "$certs/$name.chain.crt" home/incoming/www.pem
cp "$certs/$name.key" home/incoming/www.key
chmod 600 home/incoming/*

echo page >home/www/index.html
cat >home/nginx/sites/shop <<END
server {
    listen 80;
    listen [::]:80;
    server_name $name example.test;
    root /mnt/www;
}
END
cat >home/nginx/sites/wiki <<END
server {
    listen 80;
    server_name wiki.example.test;
    root /mnt/www;
}
END
echo "include /mnt/nginx/sites/*;" | nginx_conf /mnt/nginx/nginx.conf
start_nginx /mnt/nginx/nginx.conf

given= more=
# program [ARGUMENT ...]: it, on that server.
program()
{
	"$HTTPS_SETUP" "$@" --server-config /mnt/nginx/nginx.conf \
		--state-dir "$tmp/state" --cert-dir /mnt/certificates \
		--ca "$certs/root.crt" --firewall none
}

# drawn NAME [OPTION ...]: plays what stands on standard input on that server;
# what differs from day to day is shown as on one.
drawn()
{
	drawn_name=$1
	shift
	cat >session
	check "$drawn_name" "$builddir/tests/screens/play" \
		-m "nginx [0-9]\.[0-9]{2}\.[0-9]=nginx 1.22.1" \
		-m "$(day -100 %F)=2026-02-01" -m "$(day +280 %F)=2027-02-15" \
		-m "$(day 0 %F)=2026-05-12" -m "$(day -1 %F)=2026-05-11" \
		-m "confirm [0-9]{6}=confirm 482913" \
		-m "by itself in [12]:[0-9]{2}=by itself in 1:47" \
		-m "ndone in [12]:[0-9]{2}=ndone in 1:47" \
		-m "since 2026-05-12 [0-9:]{5}=since 2026-05-12 09:10" \
		-m "rollback [0-9a-f]{4}-[0-9]{2}=rollback 7f3a-02" \
		-m "[(][0-9a-f]{4}-[0-9]{2}=(7f3a-02" \
		-m "[(][0-9]{3} bytes=(241 bytes" \
		-m "[+]1,2[0-9] @@=+1,24 @@" \
		-m "certificates, [0-9]{2} lines=certificates, 24 lines" \
		"$@" session \
		"$HTTPS_SETUP" --server-config /mnt/nginx/nginx.conf \
		--state-dir "$tmp/state" --cert-dir /mnt/certificates \
		--ca "$certs/root.crt" --firewall none $given $more
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}

to_certificate='expect Site
keys <C-n>
expect Certificate file
keys /mnt/incoming/www_example_test.pfx<Tab>secret<Tab>
expect trusted here'
to_review="$to_certificate
keys <C-n>
expect Name of the site
keys <C-n>
expect HTTP and HTTPS
keys <C-n>
expect Send visitors to HTTPS
keys <Space><Tab><Tab><Tab><Space><C-n>
expect leave every firewall alone
keys <C-n>
expect [ Apply ]"

drawn "the steps" <<END
expect Site
drawing server
$to_certificate
drawing certificate
keys <F4>
expect Chain
drawing details
keys <Esc><Up><Up><F2>
expect www.pem
drawing browse
keys <Esc><C-n>
expect Name of the site
drawing name
keys <C-n>
expect HTTP and HTTPS
drawing bindings
keys <C-n>
expect Send visitors to HTTPS
keys <Space><Tab><Tab><Tab><Space>
expect 31536000
drawing hsts
keys <F1>
drawing help
keys <Esc><C-n>
expect leave every firewall alone
drawing firewall
keys <C-n>
expect [ Apply ]
drawing review
keys <F10>
drawing quit
END
drawn "what is pasted is not shown" <<END
expect Site
keys <C-n>
expect Certificate file
keys <Up><Right><Space>
expect paste it here
file home/incoming/www.pem
file home/incoming/www.key
expect trusted here
drawing paste
resize 40x10
golden paste-40x10
END
drawn "what is wrong" <<END
expect Site
keys <C-n>
expect Certificate file
keys /mnt/incoming/www.pem<C-f>
drawing findings
END
for size in 40x10 200x60; do
	drawn "the certificate and the review at $size" -s $size <<-END
	$(echo "$to_certificate" | sed "s,trusted here,EC 256,")
	drawing certificate-$size
	$(echo "$to_review" | sed 1,/trusted/d)
	drawing review-$size
	END
done
drawn "without colour" -e NO_COLOR=1 <<END
$to_certificate
drawing certificate-mono
END
# at_sizes WORD NAME [LINE]: compares the picture with its golden at each of
# $sizes; then comes LINE.
all_sizes="80x24 40x10 200x60 30x8"
sizes=$all_sizes
at_sizes()
{
	for size in $sizes; do
		echo "resize $size"
		echo "$1 $2-$size"
		[ $# -lt 3 ] || echo "$3"
	done
	echo "resize 80x24"
}

# live_screens WORD [LINE]: those that show what runs, and looking for a file.
live_screens()
{
	cat <<-END
	expect Site
	keys <S-Tab><Left><Enter>
	expect stop,
	$(at_sizes "$1" doctor "${2-}")
	keys <Esc><C-n><F2>
	$(at_sizes "$1" browse "${2-}")
	keys <Esc><C-n><C-n><C-n><C-n><C-n>
	END
	[ -z "${ALL_OF_IT:-}" ] && [ "$1" = words ] || changed_meanwhile "$@"
	cat <<-END
	expect [ Apply ]
	keys <Tab><Tab><Enter>
	expect [ Keep ]
	$(at_sizes "$1" apply "${2-}")
	keys <Esc>
	$(at_sizes "$1" wait "${2-}")
	keys <Enter><Tab><Right><Enter>
	expect [ Finish ]
	$(at_sizes "$1" back "${2-}")
	keys <Enter>
	exit 6
	END
}

# changed_meanwhile WORD [LINE]: and so nothing is applied.
changed_meanwhile()
{
	cat <<-END
	expect [ Apply ]
	run echo "# somebody's" >>/mnt/nginx/sites/shop
	keys <Tab><Tab><Enter>
	expect [ Quit ]
	$(at_sizes "$1" failed "${2-}")
	run sed -i '/^# somebody/d' /mnt/nginx/sites/shop
	keys <Esc>
	END
}

# kept_screen WORD [LINE]: the last one; and back to where it began.
kept_screen()
{
	cat <<-END
	expect Site
	keys <C-n><C-n><C-n><C-n><C-n><C-n>
	expect [ Apply ]
	keys <Tab><Tab><Enter>
	expect [ Keep ]
	keys <Tab><Enter>
	expect [ Finish ]
	$(at_sizes "$1" kept "${2-}")
	keys <Enter>
	exit 0
	run "$HTTPS_SETUP" rollback --yes --state-dir "$tmp/state" >/dev/null
	END
}

# product_screen WORD [LINE]: on the tree of a Windows server.
product_screen()
{
	cat <<-END
	expect Skyline DataMiner
	keys <C-n>
	expect Certificate file
	keys $certs/$name.chain.crt<Tab><Tab>$certs/$name.key<Tab>
	expect the key fits the certificate
	keys <C-n><C-n><C-n><C-n><C-n>
	expect Product
	$(at_sizes "$1" product "${2-}")
	END
}

# on_terminals NAME PLAYER COMMAND: plays what COMMAND prints when it is given
# "words" and how it looks, on each kind of terminal in each mode; of the sizes
# those that are due, check-long sees all.
on_terminals()
{
	turn=0 row=0
	for term in xterm-256color xterm linux vt100 tmux-256color putty; do
		row=$((row + 1))
		if ! infocmp $term >/dev/null 2>&1; then
			skip "$1 on $term" "its description is not installed"
			continue
		fi
		for mode in color mono ascii; do
			turn=$((turn + 1))
			how=$mode given=
			[ $mode = mono ] && given=--no-color
			[ $mode = ascii ] && given=--ascii how=color
			# that one has no colours
			[ $term = vt100 ] && how=mono
			set_sizes
			$3 words "looks $how" >script
			$2 "$1: $term $mode" -t $term <script
		done
	done
	given= sizes=$all_sizes
}

# Two of four: in three turns a terminal has had all of them, and over the
# terminals each mode.
set_sizes()
{
	sizes=$all_sizes
	[ -z "${ALL_OF_IT:-}" ] || return 0
	case $(((turn + row) % 3)) in
	0) sizes="80x24 200x60" ;;
	1) sizes="40x10 30x8" ;;
	2) sizes="200x60 40x10" ;;
	esac
}

given_live="--cert /mnt/incoming/www.pem --key /mnt/incoming/www.key
	--redirect --hsts"
more=$given_live
live_screens golden >script
drawn "the screens of a server" <script
on_terminals "the screens of a server" drawn live_screens
[ -z "${ALL_OF_IT:-}" ] || on_terminals "kept" drawn kept_screen
more=

# Somebody else applies, and waits.
program apply --yes --confirm-within 120 --name $name $given_live \
	>applied 2>&1 </dev/null &
echo $! >>"$started_in/pids"
wait_until grep -q 'confirm [0-9]' applied ||
	fail "a change that waits" "$(cat applied)"
for size in $all_sizes; do
	drawn "a second login at $size" -s $size <<-END
	expect The code keeps it
	$([ $size != 80x24 ] || echo drawing second)
	golden second-$size
	keys <Enter>
	exit 3
	END
done
drawn "a second login takes it back" <<END
expect The code keeps it
keys revert<Enter>
exit 6
END
wait_until eval '! "$HTTPS_SETUP" status --state-dir "$tmp/state" |
	grep -q awaiting'

drawn "live, and kept" <<END
$to_review
keys <Tab><Tab><Enter>
expect Undone by itself
drawing apply
keys <Tab><Enter>
expect [ Finish ]
drawing done
$(at_sizes golden kept)
END
drawn "the live site" <<END
expect Site
keys <S-Tab><Left><Enter>
expect stop,
drawing live
$(at_sizes golden live)
END

tree_of dataminer/guide
{
	product_screen golden
	echo drawing product
} >script
session "a product" <script
on_terminals "a product" session product_screen
