# A server with two sites on one HTTP port, as operators have it, and the
# program at work on it: $conf is the main file, $sites the folder of sites.

# two_sites: example.test (and whatever comes on standard input in place of
# its block) beside bystander.test; sets $conf, $sites, $http, $https.
two_sites()
{
	free_port http https
	sites=$tmp/etc/sites
	conf=$tmp/etc/nginx.conf
	mkdir -p "$sites" "$tmp/www/sub" "$tmp/www/.well-known/acme-challenge"
	echo page >"$tmp/www/index.html"
	echo inner >"$tmp/www/sub/index.html"
	echo token >"$tmp/www/.well-known/acme-challenge/token"
	sed -e "s/@HTTP@/$http/g" -e "s|@WWW@|$tmp/www|g" \
		-e "s/@HTTPS@/$https/g" >"$sites/a.conf"
	cat >"$sites/b.conf" <<-END
	server {
	    listen 127.0.0.1:$http;
	    server_name bystander.test;
	    root $tmp/www;
	}
	END
	echo "include $sites/*.conf;" | nginx_conf "$conf"
}

# live_site: the two sites as plain as can be, served; `before` holds their
# tree, $certs a certificate for example.test.
live_site()
{
	two_sites <<-'END'
	server {
	    listen 127.0.0.1:@HTTP@;
	    server_name example.test;
	    root @WWW@;
	}
	END
	issue example.test
	start_nginx "$conf"
	tree >before
}

# setup COMMAND OPTION ...: the program on that server, its state and
# certificates in $tmp; under another program where $under names one.
setup()
{
	setup_command=$1
	shift
	${under-} "$HTTPS_SETUP" "$setup_command" --server nginx \
		--server-config "$conf" \
		--state-dir "$tmp/state" --cert-dir "$tmp/certificates" \
		--ca "$certs/root.crt" "$@"
}

# apply OPTION ...: unattended, for example.test on $https.
apply()
{
	setup apply --yes --https-port "$https" --firewall none "$@"
}

# site OPTION ...: the same with the certificate, redirect and HSTS.
site()
{
	apply --name example.test --cert "$certs/example.test.chain.crt" \
		--key "$certs/example.test.key" --redirect --hsts "$@"
}

# struck INJECTION [OPTION ...]: the same with a fault of strace(1), whose
# options follow; its status is in $status.  True when the fault came to pass.
struck()
{
	status=0
	struck_injection=$1
	shift
	under="strace $* -qq -o trace -e trace=${struck_injection%%:*}
		-e inject=$struck_injection"
	site >out 2>err </dev/null || status=$?
	under=
	grep -q -e '(INJECTED)' -e 'killed by SIGKILL' trace
}

# visit URL [OPTION ...]: its status, what it redirects to and every HSTS
# header, for any host of these tests, at 127.0.0.1.
visit()
{
	visit_url=$1
	shift
	curl -s -o /dev/null -D "$tmp/headers" --noproxy '*' --max-time 10 \
		--cacert "$certs/root.crt" --connect-to "::127.0.0.1:" "$@" \
		"$visit_url" || { echo "curl $?"; return; }
	tr -d '\r' <"$tmp/headers" | awk '
		NR == 1 { printf "%s", $2 }
		tolower($1) == "location:" { printf " -> %s", $2 }
		tolower($1) == "strict-transport-security:" {
			sub(/^[^:]*: */, ""); printf " hsts(%s)", $0 }
		END { print "" }'
}

# served NAME [PORT]: the SHA-256 of the certificate that this name gets.
served()
{
	openssl s_client -connect "127.0.0.1:${2:-$https}" -servername "$1" \
		</dev/null 2>/dev/null |
		openssl x509 -noout -fingerprint -sha256 2>/dev/null
}

# of_file FILE: the same of the first certificate in a file.
of_file()
{
	openssl x509 -in "$1" -noout -fingerprint -sha256
}

# tree: a hash of every file below etc and certificates, with its mode.
tree()
{
	(cd "$tmp" && find etc certificates ! -type d ! -name '*.log' \
		! -name '*.pid' 2>/dev/null |
		LC_ALL=C sort | while read -r tree_file; do
		stat -c '%n %a %U' "$tree_file"
		sha256sum <"$tree_file"
	done)
}
