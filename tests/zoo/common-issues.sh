#!/bin/sh
# Each of DataMiner's "Common issues after configuring HTTPS" that a web server
# can have, produced for real: the symptom is named, and with it the cause
# found on this very server, file and line.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/zoo.sh"
. "$srcdir/tests/lib/zoo_cert.sh"
need openssl nginx

# says KEY ...: what the findings say under these keys, one finding a line.
says()
{
	for says_key; do
		"$zoo_json" "$zoo_dir/out.json" "findings.*.$says_key" \
			>"$zoo_dir/$says_key.said" || :
	done
	(cd "$zoo_dir" && paste -d' ' $(printf '%s.said ' "$@"))
}

# expects KEY: does the finding that is meant say so?
expects()
{
	expects_what=$(of "$1" | sed "s|@CONF@|$zoo_dir/nginx.conf|g")
	[ -n "$expects_what" ] || return 0
	says id cause where browser means |
		grep -E -e "^$(of must) .*$expects_what" >/dev/null ||
		echo "$1 is not $expects_what:
$(says id cause where browser means)"
}

# by_issue: writes the verdict.
by_issue()
{
	[ ! -e "$zoo_dir/resolve" ] || zoo_address=
	ask_doctor
	zoo_address="--address 127.0.0.1"
	{
		says id | grep -qx "$(of must)" ||
			echo "does not give $(of must)"
		expects cause
		expects browser
		expects means
	} >>"$zoo_dir/verdict"
	[ -s "$zoo_dir/verdict" ] || echo ok >"$zoo_dir/verdict"
}

zoo_certificates
zoo_pages
read_zoo "$srcdir/tests/zoo/common-issues.zoo"
while read -r name; do
	mv "$zoo/$name/says" "$zoo/$name/how"
	{ cat "$zoo/$name/sentence"; echo "--"; cat "$zoo/$name/how"; } |
		paste -sd' ' >"$zoo/$name/says"
done <"$zoo/names"
visit_zoo by_issue
