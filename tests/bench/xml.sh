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

for n in 100 1000 10000 100000; do
	sites $n
	"$measure" "$runs" -- xmllint --noout "$tmp/$n.config" \
		-- "$edit" read "$tmp/$n.config" \
		-- "$edit" edit "$tmp/$n.config" \
		-- "$edit" start "$tmp/$n.config" >"$tmp/figures"
	for row in 1 2 3 4; do
		[ "$(field $row 4)" = 0 ] ||
			{ echo "command $row ended with $(field $row 4)"; exit 1; }
	done
	ratio "$n sites: reading / xmllint --noout" 1 \
		"$(echo "$(field 2 1) $(field 4 1)" | awk '{ print $1 - $2 }')" \
		"$(field 1 1)"
	ratio "$n sites: an edit, read again / xmllint --noout" 2 \
		"$(field 3 1)" "$(field 1 1)"
	if [ -n "${before-}" ]; then
		ratio "$n sites: an edit / one of a tenth of the sites" 12 \
			"$(field 3 1)" "$before"
	fi
	before=$(field 3 1)
done

if [ "$(id -u)" = 0 ]; then
	ratio "$n sites: memory of an edit, both processes / the file" 2.5 \
		"$("$builddir/tests/bench/peak" "$edit" edit "$tmp/$n.config")" \
		"$(($(wc -c <"$tmp/$n.config") / 1024))"
else
	echo "memory: not measured; to see the limited child takes root"
fi
