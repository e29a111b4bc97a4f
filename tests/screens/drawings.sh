#!/bin/sh
# share/pictures shows every screen of the program as it is: drawn from it, on
# a server of its own whose addresses, ports and dates are always the same.
# share/pictures/make draws them anew.
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
		-m "rollback [0-9a-f]{4}-[0-9]{2}=rollback 7f3a-02" \
		-m "[(][0-9a-f]{4}-[0-9]{2},=(7f3a-02," \
		-m "[(][0-9]{3} bytes=(241 bytes" \
		-m "[+]1,2[0-9] @@=+1,24 @@" \
		-m "certificates, [0-9]{2} lines=certificates, 24 lines" \
		"$@" session \
		"$HTTPS_SETUP" --server-config /mnt/nginx/nginx.conf \
		--state-dir "$tmp/state" --cert-dir /mnt/certificates \
		--ca "$certs/root.crt" --firewall none
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
resize 40x10
golden browse-40x10
resize 80x24
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
# Each kind of terminal shows the same words.
for term in ${ALL_OF_IT:+xterm linux vt100 tmux-256color putty screen}; do
	drawn "live on $term" -t $term <<-END
	$to_review
	keys <Tab><Tab><Enter>
	expect Undone by itself
	words apply-80x24
	resize 40x10
	words apply-40x10
	keys <Tab><Right>
	cursor [ Take it back ]
	keys <Enter>
	expect taken back
	keys <Enter>
	exit 6
	restored
	END
done
drawn "live, and kept" <<END
$to_review
keys <Tab><Tab><Enter>
expect Undone by itself
drawing apply
golden apply-80x24
resize 40x10
golden apply-40x10
resize 80x24
keys <Tab><Enter>
expect [ Finish ]
drawing done
golden done-80x24
resize 40x10
golden done-40x10
END
drawn "the live site" <<END
expect Site
keys <S-Tab><Left><Enter>
expect stop,
drawing live
golden live-80x24
resize 40x10
golden live-40x10
END
for term in ${ALL_OF_IT:+xterm linux vt100 tmux-256color putty screen}; do
	drawn "the live site on $term" -t $term <<-END
	expect Site
	keys <S-Tab><Left><Enter>
	expect stop,
	words live-80x24
	END
done

tree_of dataminer/guide
session "a product" -s 80x24 <<END
expect Skyline DataMiner
keys <C-n>
expect Certificate file
keys $certs/$name.chain.crt<Tab><Tab>$certs/$name.key<Tab>
expect the key fits the certificate
keys <C-n><C-n><C-n><C-n><C-n>
expect Product
drawing product
END
