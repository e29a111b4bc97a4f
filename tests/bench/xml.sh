#!/bin/sh
# What reading and editing a large applicationHost.config costs, beside
# xmllint, which reads it and does nothing with it.  Ratios of runs taken in
# turn.  Of reading, the start of our program (it loads what it needs for other
# work) is left out, the start of the limited child is not.
. "${srcdir:-.}/tests/lib.sh"
need xmllint awk

measure=$builddir/tests/bench/measure
edit=$builddir/tests/bench/xml_edit
runs=${RUNS:-9}

# ratio WHAT LIMIT A B: prints A / B and whether it is within the limit.
ratio()
{
	awk -v what="$1" -v limit="$2" -v a="$3" -v b="$4" 'BEGIN {
		printf "%-58s %8.3f  limit %s  %s\n", what, a / b, limit,
			a / b <= limit ? "ok" : "OVER" }'
}

# sites N: a file of so many sites, as IIS writes them.
sites()
{
	awk -v n="$1" 'BEGIN {
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	print "<configuration>"
	print "    <system.applicationHost>"
	print "        <sites>"
	for (i = 1; i <= n; i++) {
		printf "            <site name=\"Site %d\" id=\"%d\">\n", i, i
		print "                <application path=\"/\">"
		printf "                    <virtualDirectory path=\"/\" "
		printf "physicalPath=\"%%SystemDrive%%\\inetpub\\%d\" />\n", i
		print "                </application>"
		print "                <bindings>"
		printf "                    <binding protocol=\"http\" "
		printf "bindingInformation=\"*:80:www%d.example.test\" />\n", i
		print "                </bindings>"
		print "            </site>"
	}
	print "        </sites>"
	print "    </system.applicationHost>"
	print "</configuration>"
	}' >"$tmp/$1.config"
}

field()
{
	sed -n "$1p" "$tmp/figures" | cut -d' ' -f"$2"
}

# in_turn ROWS COMMAND...: measures them into figures; all must end well.
in_turn()
{
	rows=$1
	shift
	"$measure" "$runs" "$@" >"$tmp/figures"
	for row in $(seq "$rows"); do
		status=$(field "$row" 4)
		[ "$status" = 0 ] ||
			{ echo "command $row ended with $status"; exit 1; }
	done
}

for n in 100 1000 10000 100000; do
	file=$tmp/$n.config
	sites $n
	in_turn 4 -- xmllint --noout "$file" -- "$edit" read "$file" \
		-- "$edit" edit "$file" -- "$edit" start "$file"
	reading=$(echo "$(field 2 1) $(field 4 1)" | awk '{ print $1 - $2 }')
	ratio "$n sites: reading / xmllint --noout" 1 "$reading" "$(field 1 1)"
done
ratio "$n sites: an edit, read again / xmllint --noout" 2 \
	"$(field 3 1)" "$(field 1 1)"
in_turn 3 -- "$edit" edit "$tmp/1000.config" \
	-- "$edit" edit "$tmp/10000.config" -- "$edit" edit "$file"
ratio "an edit: 10,000 sites / 1,000" 12 "$(field 2 1)" "$(field 1 1)"
ratio "an edit: 100,000 sites / 10,000" 12 "$(field 3 1)" "$(field 2 1)"

# The whole program: it finds the sites, judges, plans and shows the diff.
issue www.example.test
for n in 100 1000 10000 100000; do
	config=$tmp/tree.$n/Windows/System32/inetsrv/config
	mkdir -p "$config"
	cp "$tmp/$n.config" "$config/applicationHost.config"
	cat >"$tmp/plan.$n" <<-END
	exec "$HTTPS_SETUP" plan --root "$tmp/tree.$n" --site "Site $((n / 2))" \
		--state-dir "$tmp/state" --name www.example.test \
		--cert "$certs/www.example.test.chain.crt" \
		--key "$certs/www.example.test.key" --hsts
	END
done
in_turn 5 -- xmllint --noout "$file" -- sh "$tmp/plan.100" \
	-- sh "$tmp/plan.1000" -- sh "$tmp/plan.10000" -- sh "$tmp/plan.100000"
ratio "$n sites: detect and plan / xmllint --noout" 2 \
	"$(field 5 1)" "$(field 1 1)"
ratio "detect and plan: 1,000 sites / 100" 12 "$(field 3 1)" "$(field 2 1)"
ratio "detect and plan: 10,000 sites / 1,000" 12 \
	"$(field 4 1)" "$(field 3 1)"
ratio "detect and plan: 100,000 sites / 10,000" 12 \
	"$(field 5 1)" "$(field 4 1)"

# memory WHAT COMMAND...: of it and its children, beside the file.
memory()
{
	what=$1
	shift
	ratio "$n sites: memory of $what / the file" 2.5 \
		"$("$builddir/tests/bench/peak" "$@")" \
		"$(($(wc -c <"$file") / 1024))"
}

if [ "$(id -u)" = 0 ]; then
	memory "reading" "$edit" read "$file"
	memory "an edit, read again" "$edit" edit "$file"
	memory "detect and plan" sh "$tmp/plan.$n"
else
	echo "memory: not measured; to see the limited child takes root"
fi
