#!/bin/sh
# One catalogue: the man page, the completion, the schema and the help name
# every question, and no other.
. "${srcdir:-.}/tests/lib.sh"

json=$builddir/tests/integration/json
exits "questions" 0 "$HTTPS_SETUP" questions --json
"$json" out 'questions.*.id' | sort >ids
"$json" out 'questions.*.flag' | tr ',' '\n' | tr -d ' ' | sort >flags
"$json" out 'questions.*.help' >helps
is "each has its help" "$(wc -l <ids)" "$(grep -c . helps)"
exits "questions as text" 0 "$HTTPS_SETUP" questions
grep '^[a-z]' out | sort >text_ids
same "text and JSON list the same" ids text_ids

page=$srcdir/share/https-setup.8
sed -n 's/^\.It Ic \([a-z.-]*\) : .*/\1/p' "$page" | sort >page_ids
same "the man page has every question" ids page_ids
sed -n 's/^\.It Ic [a-z.-]* : //p' "$page" | grep -o 'Fl -[a-z-]*' |
	sed 's/Fl /-/' | sort >page_flags
same "with its flags" flags page_flags

# every flag of a command's help is offered by the completion, and no other
for command in "" detect check plan apply verify doctor rollback recover status \
	history disable renew questions rules "cert show" "cert self-sign" \
	"cert request" "cert install-reply" "cert issue" "cert export"; do
	"$HTTPS_SETUP" $command --help >help
	grep -o '^  --[a-z, -]*' help | grep -o -e '--[a-z-]*' | sort -u >wanted
	if command -v bash >/dev/null; then
		bash -c '. "$srcdir/share/completion/https-setup"
			_https_setup_flags "$1"' _ "$command" |
			tr ' \t' '\n\n' | grep . | sort >offered
		same "completion: ${command:-the wizard}" wanted offered
	else
		skip "completion: ${command:-the wizard}" "no bash"
	fi
done
"$HTTPS_SETUP" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | sort -u >wanted
sed -n '/local commands=/,/"$/p' "$srcdir/share/completion/https-setup" |
	tr -d '"' | sed 's/.*=//' | tr ' \t' '\n\n' | grep . | sort >offered
same "completion: the commands" wanted offered
"$HTTPS_SETUP" --help | sed -n 's/^  \(cert [a-z-]*\) .*/\1/p' >wanted_cert
is "the commands of cert" 6 "$(wc -l <wanted_cert)"
while read -r command; do
	like "the man page tells of $command" "^\\.It Cm $command" "$page"
	like "completion: $command" "words=.*[ \"]${command#cert }[ \"]" \
		"$srcdir/share/completion/https-setup"
done <wanted_cert
for command in $(cat wanted); do
	like "the man page tells of $command" "^\\.It Cm $command" "$page"
done

# what is written as answers is what the schema allows, and reads back
exits "rules" 0 "$HTTPS_SETUP" rules --json
is "every rule has its words" "" "$("$json" out 'rules.*.says' | grep -v . || :)"
"$HTTPS_SETUP" check --server nginx --name example.test --cert c.pem --key k.pem \
	--chain i.pem --bindings both --http-port 8080 --https-port 8443 \
	--address 127.0.0.1 --address ::1 --hsts --hsts-max-age 30d \
	--hsts-subdomains --redirect --redirect-code 307 --redirect-localhost \
	--tls-profile modern --firewall none --confirm-within 2m \
	--server-config "$tmp/none.conf" --state-dir "$tmp/state" \
	--save-answers answers.xml >out 2>err || :
check "answers were written" test -s answers.xml
is "for their owner alone" 600 "$(stat -c %a answers.xml)"
"$HTTPS_SETUP" check --answers answers.xml --state-dir "$tmp/state" \
	--save-answers again.xml >out 2>err || :
same "they read back as they were" answers.xml again.xml
if command -v xmllint >/dev/null; then
	check "they are what the schema allows" xmllint --noout --relaxng \
		"$srcdir/share/https-setup-answers.rng" answers.xml
else
	skip "they are what the schema allows" "no xmllint"
fi
# the schema has an element for each question that is no secret
sed -n 's/.*<element name="\([a-z-]*\)">.*/\1/p' \
	"$srcdir/share/https-setup-answers.rng" | sort -u >elements
{ echo https-setup; grep -v passphrase ids | tr . '\n'; } | sort -u >wanted
same "the schema has every question" wanted elements
