#!/bin/sh
# The same zoo through testssl.sh: where both judge the same thing, they agree,
# or testssl.table says why ours is right.  A long test: testssl.sh takes some
# ten seconds for each animal.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/zoo.sh"
. "$srcdir/tests/lib/zoo_cert.sh"
need openssl nginx

testssl=$(command -v testssl.sh || command -v testssl) ||
	skip_all "testssl.sh is not installed"

# What both judge: a subject, testssl.sh's ids (bad when they are LOW or worse)
# and ours.
cat >"$tmp/subjects" <<'END'
expired	cert_expirationStatus	live.expired live.expires-soon
name	cert_trust	live.name live.cn-only live.wrong-site
chain	cert_chain_of_trust	live.chain live.chain-incomplete live.self-signed live.expired live.not-yet-valid
order	certs_list_ordering_problem	live.chain-order
key	cert_keySize	live.weak-key
signature	cert_signatureAlgorithm	live.weak-signature
staple	cert_mustStapleExtension	live.stapling
protocol	SSLv3 TLS1 TLS1_1	live.legacy-protocol
modern	TLS1_2 TLS1_3	live.no-modern-tls
cipher	cipherlist_NULL cipherlist_aNULL cipherlist_EXPORT cipherlist_LOW cipherlist_3DES_IDEA	live.weak-cipher
obsolete	cipherlist_AVERAGE	live.obsolete-cipher
hsts	HSTS HSTS_time	live.hsts-missing live.hsts-short live.hsts-zero live.hsts-invalid
twice	HSTS_multiple	live.hsts-duplicate
END

# disagreements: subject by subject, from theirs.csv and the ids of ours; both
# sides, where they differ.  A subject that they do not judge is left out, but
# what is said by being there at all (HSTS_multiple) is good when it is not.
disagreements()
{
	awk '
	FILENAME ~ /ids$/ { ours[$1] = 1; next }
	FILENAME ~ /csv$/ {
		split($0, field, "\",\"")
		key = substr(field[1], 2)
		sub(/ .*/, "", key)
		if (field[4] ~ /^(LOW|MEDIUM|HIGH|CRITICAL)$/)
			theirs[key] = field[4] ": " field[5]
		else if (!(key in theirs))
			theirs[key] = ""
		next
	}
	{
		split($0, part, "\t")
		seen = part[2] ~ /multiple/
		they = we = ""
		n = split(part[2], id, " ")
		for (i = 1; i <= n; i++)
			if (id[i] in theirs) {
				seen = 1
				if (theirs[id[i]] != "")
					they = they " " id[i] " " theirs[id[i]]
			}
		n = split(part[3], id, " ")
		for (i = 1; i <= n; i++)
			if (id[i] in ours)
				we = we " " id[i]
		if (seen && (they == "") != (we == ""))
			print part[1] "\ttestssl.sh:" they " -- ours:" we
	}' "$zoo_dir/ids" "$zoo_dir/theirs.csv" "$tmp/subjects"
}

# unexplained: those that testssl.table does not speak of, and what it speaks
# of in vain.
unexplained()
{
	awk -F '\t+' -v name="$zoo_name" '
	/^#/ { next }
	FILENAME ~ /table$/ { if ($1 == name) why[$2] = $3; next }
	!($1 in why) { print }
	{ differs[$1] = 1 }
	END {
		for (subject in why)
			if (!(subject in differs))
				print subject "\tboth agree: out of date"
	}' "$srcdir/tests/zoo/testssl.table" -
}

by_testssl()
{
	ask_doctor
	"$zoo_json" "$zoo_dir/out.json" 'findings.*.id' >"$zoo_dir/ids" || :
	(cd "$zoo_dir" && "$testssl" --quiet --warnings off --color 0 \
		--add-ca "$certs/root.crt" --ip 127.0.0.1 \
		--connect-timeout 5 --openssl-timeout 5 -p -s -S -h \
		--csvfile "$zoo_dir/theirs.csv" "$(of url "$zoo_url")") \
		>"$zoo_dir/theirs.txt" 2>&1 </dev/null || :
	if [ "$(wc -l <"$zoo_dir/theirs.csv")" -lt 10 ]; then
		echo "skip testssl.sh finds no TLS to judge" \
			>"$zoo_dir/verdict"
	else
		{
			disagreements >"$zoo_dir/differ" ||
				echo "the comparison fails"
			unexplained <"$zoo_dir/differ"
		} >>"$zoo_dir/verdict"
		[ -s "$zoo_dir/verdict" ] || echo ok >"$zoo_dir/verdict"
	fi
}

zoo_certificates
zoo_pages
cd "$srcdir/tests/zoo"
read_zoo certificates.zoo tls.zoo http.zoo healthy.zoo
cd "$tmp"
# What has no TLS, or more than one address, is no matter for testssl.sh, nor
# is what it does not judge.
cut -f 3 "$tmp/subjects" | tr ' ' '\n' >"$tmp/judged"
while read -r name; do
	case $(cat "$zoo/$name/server" "$zoo/$name/needs" 2>/dev/null) in
	*odd* | *none* | *ipv6*) continue ;;
	esac
	case $name in
	healthy*) echo "$name" ;;
	*) ! cat "$zoo/$name/must" 2>/dev/null | tr ' ' '\n' |
		grep -Fqx -f "$tmp/judged" || echo "$name" ;;
	esac
done <"$zoo/names" >"$tmp/names"
mv "$tmp/names" "$zoo/names"
visit_zoo by_testssl
