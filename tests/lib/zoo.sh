# The zoo: servers that are wrong in one way each, and what is said of them.
# Animals are written down in tests/zoo/*.zoo, which tests/zoo/README.md and
# the comment over read_zoo explain; sourced by the tests there.

zoo_json=$builddir/tests/integration/json
zoo=$tmp/zoo

# --- Servers ---------------------------------------------------------------

# OpenSSL at its security level 0, for what nobody should serve any more.
weak_openssl()
{
	[ -e "$tmp/weak.cnf" ] || cat >"$tmp/weak.cnf" <<-END
	openssl_conf = all
	[all]
	ssl_conf = ssl
	[ssl]
	system_default = weak
	[weak]
	MinProtocol = TLSv1
	CipherString = ALL:@SECLEVEL=0
	END
}

# apache_program: the name it has here; fails where it is not installed.
apache_program()
{
	command -v apache2 || command -v httpd
}

# apache_modules: the folder of its modules.
apache_modules()
{
	for apache_folder in /usr/lib/apache2/modules /usr/lib64/httpd/modules \
		/usr/lib/httpd/modules /usr/lib/apache2; do
		[ ! -e "$apache_folder/mod_ssl.so" ] || {
			echo "$apache_folder"
			return
		}
	done
	return 1
}

# has_apache: with TLS?
has_apache()
{
	apache_program >/dev/null && apache_modules >/dev/null
}

# apache_conf FILE: writes a whole httpd.conf around what comes on standard
# input.
apache_conf()
{
	apache_from=$(apache_modules)
	{
		echo "ServerRoot \"$(dirname "$1")\""
		echo "ServerName localhost"
		echo "PidFile \"${1%.conf}.pid\""
		echo "ErrorLog \"${1%.conf}.error.log\""
		echo "DefaultRuntimeDir \"$(dirname "$1")\""
		echo "StartServers 1"
		echo "ThreadsPerChild 8"
		# what is built in has no file
		for apache_module in mpm_event unixd authz_core headers alias \
			rewrite dir ssl http2 socache_shmcb; do
			[ ! -e "$apache_from/mod_$apache_module.so" ] ||
				echo "LoadModule ${apache_module}_module" \
					"$apache_from/mod_$apache_module.so"
		done
		# as root it gives its children another user, who has to be
		# able to get here
		[ "$(id -u)" -ne 0 ] || {
			chmod 711 "$tmp"
			echo "User #65534"
			echo "Group #65534"
		}
		echo "DirectoryIndex index.html"
		cat
	} >"$1"
}

# start_apache FILE PORT: starts it with this configuration; returns when it
# listens on that port.  Its process id is in $started.
start_apache()
{
	start "$(apache_program)" -f "$1" -DFOREGROUND
	wait_until listens "$2" || {
		echo "# Apache does not start:"
		note <"${1%.conf}.error.log"
		return 1
	}
}

# start_s_server PORT OPTION ...: OpenSSL's, which serves a page of its own.
start_s_server()
{
	s_server_port=$1
	shift
	start openssl s_server -accept "127.0.0.1:$s_server_port" -www \
		-quiet "$@"
	wait_until listens "$s_server_port"
}

# start_odd PORT HOW [ADDRESS]: one that speaks no HTTP at all, see odd.c.
start_odd()
{
	start "$builddir/tests/zoo/odd" "$@"
	wait_until listens "$1"
}

# --- The table -------------------------------------------------------------
# An animal is a paragraph of lines KEY<Tab>VALUE; a key may come again, and
# then adds a line.  Lines that begin with # say why.
#
#	animal		its name; says: what is wrong with it
#	server		nginx (the default), apache, s_server, odd, none
#	certificate	NAME in $certs; default www.  NAME.served is sent
#	tls		directives in place of the default ones for TLS
#	https		... of those of the site on HTTPS: HSTS and pages
#	hsts		the value of the HSTS header alone (nginx)
#	http		... of the site on HTTP: the redirect; - for no such site
#	before		more of the configuration, ahead of the site
#	whole		the whole configuration
#	options		s_server's options; odd's way of being odd
#	weak		yes: OpenSSL at security level 0
#	needs		ipv6
#	started		a shell function, called when it has started
#	url		default $zoo_url
#	doctor		more options for the program
#	must		ids it must give
#	may		ids that are as well, and no matter here
#	not		ids it must not give, of whatever severity
#
# No other warning and no other error may come.  @HTTPS@, @HTTP@ and @OTHER@
# are ports, @CERTS@ and @WWW@ folders, @ESC@ is the byte that begins an
# escape sequence.

# read_zoo FILE ...: takes the paragraphs apart, into $zoo/NAME/KEY; the names
# are in $zoo/names.
read_zoo()
{
	mkdir -p "$zoo"
	awk -F '\t+' -v zoo="$zoo" '
		/^#/ { next }
		NF < 2 { name = ""; next }
		$1 == "animal" {
			name = $2
			print name >>(zoo "/names")
			system("mkdir -p " zoo "/" name)
			next
		}
		name == "" { print "# not understood: " $0; bad = 1; next }
		{
			file = zoo "/" name "/" $1
			line = $0
			sub(/^[^\t]*\t+/, "", line)
			print line >>file
			close(file)
		}
		END { exit bad }' "$@"
}

zoo_escape=$(printf '\033')

# of KEY [DEFAULT]: what the table says of the animal in $zoo_name, filled in.
of()
{
	if [ -e "$zoo_dir/$1" ]; then
		cat "$zoo_dir/$1"
	else
		printf '%s\n' "${2-}"
	fi | sed -e "s/@HTTPS@/$https/g" -e "s/@HTTP@/$http/g" \
		-e "s/@OTHER@/$other/g" -e "s|@CERTS@|$certs|g" \
		-e "s|@WWW@|$tmp/www|g" -e "s/@ESC@/$zoo_escape/g"
}

zoo_url=https://www.example.test:@HTTPS@/
nginx_tls='ssl_protocols TLSv1.2 TLSv1.3;
ssl_prefer_server_ciphers off;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;'
nginx_https='add_header Strict-Transport-Security "max-age=31536000" always;
root @WWW@;'
nginx_http='location / { return 308 https://www.example.test:@HTTPS@$request_uri; }
location /.well-known/acme-challenge/ { root @WWW@; }'

# nginx_pages: the site itself.
nginx_pages()
{
	if [ -e "$zoo_dir/hsts" ]; then
		echo "add_header Strict-Transport-Security" \
			"'$(of hsts)' always;"
		echo "root $tmp/www;"
	else
		of https "$nginx_https"
	fi
}

zoo_nginx()
{
	zoo_conf=$zoo_dir/nginx.conf
	if [ -e "$zoo_dir/whole" ]; then
		of whole
	else
		of before
		[ "$(of http)" = - ] || cat <<-END
		server {
		    listen 127.0.0.1:$http;
		    server_name www.example.test;
		    $(of http "$nginx_http")
		}
		END
		cat <<-END
		server {
		    listen 127.0.0.1:$https ssl http2;
		    server_name www.example.test;
		    ssl_certificate $certs/$(of certificate www).served;
		    ssl_certificate_key $certs/$(of certificate www).key;
		    $(of tls "$nginx_tls")
		    $(nginx_pages)
		}
		END
	fi | nginx_conf "$zoo_conf"
	start_nginx "$zoo_conf" || return
	zoo_options="--server nginx --server-config $zoo_conf"
}

apache_tls='SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLHonorCipherOrder off
SSLSessionTickets off
SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305'
apache_https='Header always set Strict-Transport-Security "max-age=31536000"
DocumentRoot "@WWW@"'
apache_http='RewriteEngine on
RewriteRule ^/\.well-known/acme-challenge/ - [L]
RewriteRule ^ https://www.example.test:@HTTPS@%{REQUEST_URI} [R=308,L,NE]
DocumentRoot "@WWW@"'

zoo_apache()
{
	zoo_conf=$zoo_dir/apache.conf
	{
		echo "Listen 127.0.0.1:$https"
		[ "$(of http)" = - ] || echo "Listen 127.0.0.1:$http"
		of before
		[ "$(of http)" = - ] || cat <<-END
		<VirtualHost 127.0.0.1:$http>
		ServerName www.example.test
		$(of http "$apache_http")
		</VirtualHost>
		END
		cat <<-END
		<VirtualHost 127.0.0.1:$https>
		ServerName www.example.test
		Protocols h2 http/1.1
		SSLEngine on
		SSLCertificateFile "$certs/$(of certificate www).served"
		SSLCertificateKeyFile "$certs/$(of certificate www).key"
		$(of tls "$apache_tls")
		$(of https "$apache_https")
		</VirtualHost>
		END
	} | apache_conf "$zoo_conf"
	not_nginx
	start_apache "$zoo_conf" "$https"
}

zoo_s_server()
{
	zoo_certificate=$certs/$(of certificate www)
	not_nginx
	# the options are words
	start_s_server "$https" -cert "$zoo_certificate.crt" \
		-key "$zoo_certificate.key" \
		-cert_chain "$certs/intermediate.crt" $(of options)
}

zoo_odd()
{
	not_nginx
	start_odd "$https" $(of options)
}

zoo_none()
{
	not_nginx
}

# not_nginx: options for servers that the program cannot ask; it would go by
# whatever nginx runs on this machine.
not_nginx()
{
	zoo_options=
	command -v nginx >/dev/null || return 0
	[ -e "$tmp/empty.conf" ] || echo | nginx_conf "$tmp/empty.conf"
	zoo_options="--server nginx --server-config $tmp/empty.conf"
}

# --- Visiting --------------------------------------------------------------

# missing_here: why this animal cannot be kept on this machine, or nothing.
missing_here()
{
	case $(of server nginx) in
	nginx) command -v nginx >/dev/null || echo "nginx is not installed" ;;
	apache) has_apache || echo "Apache is not installed" ;;
	esac
	case $(of needs) in
	ipv6) grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null ||
		echo "there is no ::1" ;;
	esac
}

# bring_up: starts the animal in $zoo_name.
bring_up()
{
	if [ "$(of weak)" = yes ]; then
		weak_openssl
		OPENSSL_CONF=$tmp/weak.cnf
		export OPENSSL_CONF
	fi
	"zoo_$(of server nginx)" || return
	unset OPENSSL_CONF
	[ ! -e "$zoo_dir/started" ] || "$(of started)"
}

# examine NAME COMMAND: starts the animal, runs the command (which writes
# $zoo_dir/verdict), and stops it.
examine()
{
	zoo_name=$1 zoo_dir=$zoo/$1
	zoo_missing=$(missing_here)
	if [ -n "$zoo_missing" ]; then
		echo "skip $zoo_missing" >"$zoo_dir/verdict"
		return
	fi
	{ bring_up && "$2"; } >"$zoo_dir/log" 2>&1 ||
		echo "it did not live" >>"$zoo_dir/verdict"
	stop_all
	rm -f "$started_in/pids" "$started_in/pid-files"
}

# keep COMMAND NAME ...: one keeper, with ports of its own, looks after some
# animals, one after the other.
keep()
{
	keep_command=$1
	shift
	for keep_name; do
		examine "$keep_name" "$keep_command"
	done
}

# visit_zoo COMMAND: all animals, by as many keepers at a time as there are
# sets of ports; then what was found, in the order of the table.
zoo_keepers=5
visit_zoo()
{
	visit_n=0 visit_pids=
	while [ $visit_n -lt $zoo_keepers ]; do
		free_port https http other
		mkdir "$tmp/keeper.$visit_n"
		# the names are words
		start_in "$tmp/keeper.$visit_n" keep "$1" $(awk \
			-v n=$visit_n -v of=$zoo_keepers \
			'NR % of == n' "$zoo/names")
		visit_pids="$visit_pids $started"
		visit_n=$((visit_n + 1))
	done
	# those that end by an error have left no verdict
	for visit_pid in $visit_pids; do
		wait "$visit_pid" || :
	done
	while read -r visit_name; do
		report "$visit_name"
	done <"$zoo/names"
}

# report NAME: what the animal's verdict says.
report()
{
	report_dir=$zoo/$1
	report_title="$1: $(cat "$report_dir/says" 2>/dev/null)"
	report_verdict=$(cat "$report_dir/verdict" 2>/dev/null || :)
	case $report_verdict in
	"skip "*) skip "$report_title" "${report_verdict#skip }" ;;
	ok) ok "$report_title" ;;
	*) fail "$report_title" "$report_verdict" \
		"$(cat "$report_dir/log" 2>/dev/null)" \
		"$(cat "$report_dir/out.json" 2>/dev/null)" ;;
	esac
}

zoo_address="--address 127.0.0.1"

# doctor OPTION ...: the program on the animal that lives now.
doctor()
{
	# the options of the table are words
	"$HTTPS_SETUP" doctor "$(of url "$zoo_url")" \
		$zoo_address --http-port "$http" \
		--ca "$certs/root.crt" --timeout 4 $zoo_options $(of doctor) "$@"
}

# judge_ids: what is wrong with the ids and severities on standard input, by
# what the table says; nothing when all is as it should be.
judge_ids()
{
	awk -v must="$(of must | tr '\n' ' ')" -v may="$(of may | tr '\n' ' ')" \
		-v not="$(of not | tr '\n' ' ')" '
		function set(words, into,  n, i, word) {
			n = split(words, word, " ")
			for (i = 1; i <= n; i++)
				into[word[i]] = 1
		}
		BEGIN { set(must, wanted); set(may, allowed); set(not, barred) }
		{ got[$1] = 1 }
		$1 in barred { print "must not give " $1; next }
		$2 != "error" && $2 != "warning" { next }
		!($1 in wanted) && !($1 in allowed) { print "gives " $2 " " $1 }
		END {
			for (id in wanted)
				if (!(id in got))
					print "does not give " id
		}'
}

# ask_doctor: into $zoo_dir/out.json; what it says instead goes into the
# verdict.
ask_doctor()
{
	doctor --json >"$zoo_dir/out.json" 2>"$zoo_dir/err" || :
	"$zoo_json" "$zoo_dir/out.json" command >/dev/null ||
		cat "$zoo_dir/err" >>"$zoo_dir/verdict"
}

# by_doctor: writes the verdict of the table about what the program says.
by_doctor()
{
	ask_doctor
	"$zoo_json" "$zoo_dir/out.json" 'findings.*.id' >"$zoo_dir/ids" || :
	"$zoo_json" "$zoo_dir/out.json" 'findings.*.severity' |
		paste -d' ' "$zoo_dir/ids" - | judge_ids >>"$zoo_dir/verdict"
	[ -s "$zoo_dir/verdict" ] || echo ok >"$zoo_dir/verdict"
}
