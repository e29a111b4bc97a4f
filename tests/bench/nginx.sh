#!/bin/sh
# What the program costs beside nginx's own test and reload, and beside
# certbot where that is installed.  Ratios of runs taken in turn.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/site.sh"
need nginx openssl

measure=$builddir/tests/bench/measure
runs=${RUNS:-9}

# ratio WHAT LIMIT A B: prints A / B and whether it is within the limit.
ratio()
{
	awk -v what="$1" -v limit="$2" -v a="$3" -v b="$4" 'BEGIN {
		printf "%-58s %8.3f  limit %s  %s\n", what, a / b, limit,
			a / b <= limit ? "ok" : "OVER" }'
}

# figure WHAT LIMIT VALUE UNIT
figure()
{
	awk -v what="$1" -v limit="$2" -v value="$3" -v unit="$4" 'BEGIN {
		printf "%-58s %8.2f  limit %s %s  %s\n", what, value, limit,
			unit, value <= limit ? "ok" : "OVER" }'
}

field()
{
	sed -n "$1p" "$tmp/figures" | cut -d' ' -f"$2"
}

# The tree of a fresh Debian server: one default site.
debian_tree()
{
	free_port http https
	conf=$tmp/etc/nginx.conf
	mkdir -p "$tmp/etc/sites-enabled" "$tmp/etc/sites-available" "$tmp/www"
	echo page >"$tmp/www/index.html"
	cat >"$tmp/etc/sites-available/default" <<-END
	# Default server configuration
	#
	server {
	        listen $http default_server;
	        listen [::]:$http default_server;

	        # SSL configuration
	        #
	        # listen 443 ssl default_server;

	        root $tmp/www;
	        index index.html index.htm;
	        server_name _;

	        location / {
	                try_files \$uri \$uri/ =404;
	        }
	}
	END
	ln -sf "$tmp/etc/sites-available/default" "$tmp/etc/sites-enabled/"
	echo "include $tmp/etc/sites-enabled/*;" | nginx_conf "$conf"
}

issue example.test
debian_tree
cp -a "$tmp/etc" "$tmp/pristine"
start_nginx "$conf"

cat >floor <<END
nginx -t -q -c "$conf" && nginx -s reload -c "$conf"
END
cat >common <<END
--server nginx --server-config $conf --state-dir $tmp/state
--cert-dir $tmp/certificates --ca $certs/root.crt --firewall none
--https-port $https --name example.test
--cert $certs/example.test.chain.crt --key $certs/example.test.key
--redirect --hsts
END
# After each reload nginx's master sleeps for 100 ms, and takes no signal: what
# is measured next must not wait for the end of that, but for its signals.
cat >settle <<END
for try in \$(seq 20000); do
	! grep -q sigsuspend /proc/\$(cat "$nginx_pid_file")/wchan || exit 0
done
END
cat >undo <<END
"$HTTPS_SETUP" rollback --yes --state-dir "$tmp/state" </dev/null
. "$tmp/settle"
END
sed 's/ --hsts//' common >common-plain

# shellcheck disable=SC2046
"$measure" "$runs" -- @settle sh floor \
	-- nginx -t -q -c "$conf" \
	-- "$HTTPS_SETUP" check $(cat common) \
	-- "$HTTPS_SETUP" plan $(cat common) \
	-- @undo "$HTTPS_SETUP" apply --yes --no-trial $(cat common-plain) \
	-- @undo "$HTTPS_SETUP" apply --yes --no-trial $(cat common) \
	-- @undo "$HTTPS_SETUP" apply --yes $(cat common) >figures
for row in 1 2 3 4 5 6 7; do
	[ "$(field $row 4)" = 0 ] ||
		{ echo "command $row ended with $(field $row 4)"; exit 1; }
done

figure "check, beyond nginx -t" 50 \
	"$(echo "$(field 3 1) $(field 2 1)" | awk '{ print ($1 - $2) * 1000 }')" ms
figure "plan, beyond nginx -t" 50 \
	"$(echo "$(field 4 1) $(field 2 1)" | awk '{ print ($1 - $2) * 1000 }')" ms
figure "check, memory" 10 "$(echo "$(field 3 3)" | awk '{ print $1 / 1024 }')" MiB
figure "plan, memory" 10 "$(echo "$(field 4 3)" | awk '{ print $1 / 1024 }')" MiB
ratio "apply with redirect, live probe / (nginx -t + reload)" 4 \
	"$(field 5 1)" "$(field 1 1)"
# HSTS comes after the proof, without waiting for another reload.
ratio "apply with HSTS as well / (nginx -t + reload)" 4 \
	"$(field 6 1)" "$(field 1 1)"
# Another nginx is started and looked at before anything is written.
ratio "apply with a trial start as well / (nginx -t + reload)" 8 \
	"$(field 7 1)" "$(field 1 1)"

if command -v certbot >/dev/null && certbot plugins 2>/dev/null </dev/null |
	grep -q nginx; then
	cat >fresh <<-END
	sh undo
	cp -a "$tmp/pristine/." "$tmp/etc/"
	sed -i 's/server_name _;/server_name example.test;/' \
		"$tmp/etc/sites-available/default"
	kill -HUP \$(cat "$nginx_pid_file")
	. "$tmp/settle"
	END
	# certbot needs the names that nginx's own folder has
	mkdir -p "$tmp/cb"
	# shellcheck disable=SC2046
	"$measure" 3 -- @fresh certbot install --nginx --non-interactive \
		--nginx-server-root "$tmp/etc" --nginx-sleep-seconds 0 \
		--https-port "$https" --http-01-port "$http" \
		--config-dir "$tmp/cb/config" --work-dir "$tmp/cb/work" \
		--logs-dir "$tmp/cb/logs" --cert-path "$certs/example.test.crt" \
		--key-path "$certs/example.test.key" \
		--chain-path "$certs/intermediate.crt" \
		--fullchain-path "$certs/example.test.chain.crt" \
		--redirect --hsts -d example.test \
		-- @fresh "$HTTPS_SETUP" apply --yes $(cat common) >figures
	# the time of a failure tells nothing
	if [ "$(field 1 4) $(field 2 4)" = "0 0" ]; then
		ratio "apply / certbot install --nginx" 0.1 \
			"$(field 2 1)" "$(field 1 1)"
	else
		echo "certbot install ended with $(field 1 4)," \
			"apply with $(field 2 4): not compared"
	fi
else
	echo "certbot with its nginx plugin is not installed: not compared"
fi
# The wizard, from its start until its first screen stands still.
"$measure" --paint "$runs" -- "$HTTPS_SETUP" --server nginx \
	--server-config "$conf" --state-dir "$tmp/state" >figures
figure "wizard: first paint" 20 "$(cut -d' ' -f1 figures)" ms
figure "wizard: first paint" 1000 "$(cut -d' ' -f2 figures)" bytes
stop_nginx

# big COUNT one|split: a tree of so many server blocks.
big()
{
	rm -rf "$tmp/etc"
	mkdir -p "$tmp/etc/sites"
	awk -v count="$1" -v how="$2" -v dir="$tmp/etc/sites" -v http="$http" \
		-v www="$tmp/www" 'BEGIN {
		for (i = 0; i < count; i++) {
			file = dir "/" (how == "one" ? "all" : "s" i) ".conf"
			printf "# customer %d\nserver {\n    listen %d;\n" \
				"    listen [::]:%d;\n" \
				"    server_name s%d.test www.s%d.test;\n" \
				"    root %s;\n    location / {\n" \
				"        try_files $uri $uri/ =404;\n    }\n}\n",
				i, http, http, i, i, www >file
			if (how != "one") close(file)
		}
		file = dir "/target.conf"
		printf "server {\n    listen %d;\n    server_name " \
			"example.test;\n    root %s;\n}\n", http, www >file
	}'
	{
		echo "server_names_hash_max_size 65536;"
		echo "server_names_hash_bucket_size 128;"
		echo "include $tmp/etc/sites/*.conf;"
	} | nginx_conf "$conf"
}

# Growth is that of planning: the smaller tree has more sites, too, than are
# given to nginx's own test while planning.
for how in one split; do
	for count in 30000 3000 10000; do
		big $count $how
		# shellcheck disable=SC2046
		"$measure" 5 -- nginx -t -q -c "$conf" \
			-- "$HTTPS_SETUP" plan $(cat common) >figures
		[ "$(field 2 4)" = 0 ] || { echo "plan: $(field 2 4)"; exit 1; }
		eval "t$count=$(field 2 1)"
		nginx=$(field 1 1) memory=$(field 2 3)
	done
	bytes=$(cat "$tmp/etc/sites"/*.conf | wc -c)
	ratio "10,000 blocks ($how): plan / nginx -t" 0.5 "$t10000" "$nginx"
	ratio "3,000 to 30,000 blocks ($how): times" 12 "$t30000" "$t3000"
	ratio "10,000 blocks ($how): memory / bytes of the tree" 10 \
		$((memory * 1024)) "$bytes"
done
