#!/bin/sh
# A tree that is not the running system: the same edits, nothing reloaded,
# nothing promised to browsers, and every byte back.
. "${srcdir:-.}/tests/lib.sh"
need openssl

issue example.test
image=$tmp/image
mkdir -p "$image/etc/nginx/sites-available" "$image/etc/nginx/sites-enabled"
cat >"$image/etc/nginx/nginx.conf" <<'END'
events {}
http { include /etc/nginx/sites-enabled/*; }
END
cat >"$image/etc/nginx/sites-available/site" <<'END'
server {
	listen 80;
	server_name example.test;
	root /var/www/html;
}
END
ln -s ../sites-available/site "$image/etc/nginx/sites-enabled/site"
cp -a "$image/etc" original

work()
{
	work_command=$1
	shift
	"$HTTPS_SETUP" "$work_command" --root "$image" "$@" </dev/null
}

go()
{
	work apply --yes --name example.test --ca "$certs/root.crt" \
		--cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" --redirect --hsts
}

exits "detect" 0 work detect
like "the link into the tree is followed" 'site example.test' out
exits "apply" 0 go
like "it does not say that it is live" 'to be proved' out
like "HSTS waits for a proof" 'HSTS is left off' out
like "the site listens" 'listen 443 ssl' "$image/etc/nginx/sites-available/site"
check "the link is a link still" test -L "$image/etc/nginx/sites-enabled/site"
check "there is no proof" sh -c \
	"! ls $image/etc/ssl/https-setup/example.test/hsts-*"
cp -a "$image/etc" applied
exits "again" 0 go
like "there is nothing to do" 'nothing to do' out
same "and nothing is done" applied "$image/etc"
exits "rollback" 0 work rollback --yes
rmdir -p "$image/etc/ssl/https-setup" 2>/dev/null || :
same "every byte is back" original "$image/etc"
