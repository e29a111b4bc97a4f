#!/bin/sh
# What hstspreload.org would say, for real answers of real servers: the ids in
# the program's "preload" are those that the table wants, and no others.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/zoo.sh"
. "$srcdir/tests/lib/zoo_cert.sh"
need openssl nginx

zoo_url=https://example.test:@HTTPS@/
nginx_http='return 308 https://example.test:@HTTPS@$request_uri;'

# compare PATH WANTED ALLOWED: adds to the verdict what the program says
# besides.
compare()
{
	"$zoo_json" "$zoo_dir/out.json" "$1" |
		awk -v want="$2" -v may="$3" '
		BEGIN {
			n = split(want, word, " ")
			for (i = 1; i <= n; i++)
				wanted[word[i]] = 1
			n = split(may, word, " ")
			for (i = 1; i <= n; i++)
				allowed[word[i]] = 1
		}
		{ got[$1] = 1 }
		!($1 in wanted) && !($1 in allowed) { print "gives " $1 }
		END {
			for (id in wanted)
				if (!(id in got))
					print "does not give " id
		}' >>"$zoo_dir/verdict"
}

# by_preload: writes the verdict; of leaving the list only where the table
# speaks of it.
by_preload()
{
	ask_doctor
	compare 'preload.issues.*.id' "$(of issues)" "$(of may)"
	[ -z "$(of removal)" ] ||
		compare 'preload.removal-issues.*.id' "$(of removal)" ""
	[ -s "$zoo_dir/verdict" ] || echo ok >"$zoo_dir/verdict"
}

zoo_certificates
zoo_pages
read_zoo "$srcdir/tests/zoo/preload.zoo"
visit_zoo by_preload
