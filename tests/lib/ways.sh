# The four ways to answer the catalogue, driven by the catalogue itself.  To be
# sourced after tests/lib.sh.
#
#	tree_from CASE	the tree `root`, as a golden case has it before
#	round TITLE	answers what standard input says ("ID VALUE" lines), in
#			each way on the same tree, and compares
#	finish		whether each question was answered in a round
#
# Lists have commas between their items.

json=$builddir/tests/integration/json
exits "the catalogue" 0 "$HTTPS_SETUP" questions --json
for field in id step kind label default choices flag; do
	"$json" out "questions.*.$field" >"catalogue.$field"
done
paste catalogue.id catalogue.step catalogue.kind catalogue.label \
	catalogue.default catalogue.choices catalogue.flag >catalogue
nothing "labels are no two questions'" "$(sort catalogue.label | uniq -d)"
: >answered

# Where a directory is looked at is said when the program is started.
echo root >>answered
run="--root root --state-dir $tmp/state --ca $certs/root.crt"

tree_from()
{
	rm -rf root
	cp -R "$srcdir/tests/golden/$1/before" root
	chmod -R u+w root
}

# each AWK: runs it for each answered question, in the order of the catalogue,
# with id, step, kind, label, usual, choices, flag and value set.
each()
{
	awk -F '\t' -v root="$tmp" "
		FILENAME == \"answers\" {
			at = index(\$0, \" \")
			values[substr(\$0, 1, at - 1)] = substr(\$0, at + 1)
			next
		}
		\$1 in values {
			id = \$1; step = \$2; kind = \$3; label = \$4
			usual = \$5; choices = \$6; flag = \$7
			sub(/, .*/, \"\", flag)
			value = values[id]
			$1
		}" answers catalogue
}

# --- flags ------------------------------------------------------------------

# One word a line, which none of the answers breaks.
flags()
{
	each '
	if (kind == "secret") {
		print flag; print root "/passphrase"
	} else if (kind == "bool") {
		print flag "=" value
	} else {
		n = 1; items[1] = value
		if (kind == "addresses" || kind == "names")
			n = split(value, items, ",")
		for (i = 1; i <= n; i++) { print flag; print items[i] }
	}'
}

# --- answers ----------------------------------------------------------------

xml()
{
	each '
	if (kind == "secret") next
	n = 1; items[1] = value
	if (kind == "addresses" || kind == "names") n = split(value, items, ",")
	for (i = 1; i <= n; i++) print id "\t" items[i]' | sort -s -k 1,1 |
	awk -F '\t' '
	function close_to(depth) {
		for (; at > depth; at--) print "</" open[at] ">"
	}
	BEGIN { print "<https-setup>" }
	{
		n = split($1, level, "."); same = 0
		while (same < at && same < n - 1 && open[same + 1] == level[same + 1])
			same++
		close_to(same)
		for (; at < n - 1; at++) {
			open[at + 1] = level[at + 1]
			print "<" level[at + 1] ">"
		}
		print "<" level[n] ">" $2 "</" level[n] ">"
	}
	END { close_to(0); print "</https-setup>" }'
}

# --- the plain face ---------------------------------------------------------

# What to say to each of its questions.
words()
{
	printf 'What to do\tall\nApply this\t.\n'
	printf 'Where the certificate comes from\t'
	grep -q '^certificate.self-signed' answers && echo 3 || echo 1
	each 'print label "\t" value'
}

# --- the wizard -------------------------------------------------------------

# Where among what the wizard offers a word is, from 0.
place_of()
{
	case $1 in
	server) "$json" detected 'servers.*.id' ;;
	product) "$json" detected 'products.*.id' ;;
	site) "$json" detected 'servers.*.sites.*.id' ;;
	*) echo "$3" | tr -d '[]"' | tr ',' '\n' ;;
	esac | awk -v word="$2" '$0 == word { print NR - 1; exit }'
}

# How a question is answered by keys.
keys_for()
{
	case $1:$2 in
	*:secret) echo "keys <C-u>$4" ;;
	*:bool) [ "$4" = "$5" ] || echo "keys <Space>" ;;
	*:choice | site:*)
		n=$(place_of "$1" "$4" "$6")
		printf 'keys <Home>'
		while [ "${n:-0}" -gt 0 ]; do
			printf '<Right>'
			n=$((n - 1))
		done
		echo '<Space>' ;;
	*) echo "keys <C-u>$4" ;;
	esac
}

# go_to STEP: from step to step, those that were heard of.
go_to()
{
	while [ "$here" ] && [ "$here" != "$1" ]; do
		here=$(awk -v here="$here" 'found { print; exit }
			$0 == here { found = 1 }' steps)
		echo "keys <C-n>"
		echo "expect : $here"
	done
}

# The session that answers all of it, saves the answers and applies.
session_of()
{
	here=Server
	echo "expect : Server"
	each 'print id "\t" kind "\t" label "\t" value "\t" usual "\t" \
		choices "\t" step' |
		awk -F '\t' 'FILENAME == "steps" { at[$0] = FNR; next }
			{ print at[$7] "\t" $0 }' steps - |
		sort -s -n -k 1,1 | cut -f 2- >asked
	while IFS='	' read -r id kind label value usual choices step; do
		go_to "$step"
		case $id in
		certificate.self-signed)
			echo "focus Source"
			echo "keys <Home><Right><Right><Space>" ;;
		*)
			echo "focus $label"
			keys_for "$id" "$kind" "$label" "$value" "$usual" \
				"$choices" ;;
		esac
	done <asked
	go_to Review
	cat <<-'END'
	focus [ Save answers ]
	keys <Enter>
	expect Saved to
	focus [ Apply ]
	keys <Enter>
	expect [ Finish ]
	keys <Enter>
	exit 0
	END
}

# --- all of them ------------------------------------------------------------

# kept WAY: the tree as that way left it, for comparison, and a fresh one.
kept()
{
	rm -rf "root.$1" state
	mv root "root.$1"
	cp -R root.before root
}

# planned FLAG ...: the plan with these, and no word of where they stood.  A
# certificate that is made here is another one each time.
planned()
{
	"$HTTPS_SETUP" plan --json $run $secret "$@" </dev/null >planned 2>err ||
		note <err
	sed -e 's/--[a-z-]*\( (.*)\)\{0,1\}"/WHERE"/' \
		-e "s|[^ \"]*\.xml:[0-9]*|WHERE|" planned |
		if [ "$made" ]; then
			sed -e '/^  "certificate"/,/^  }/d' \
				-e '/-----BEGIN CERTIFICATE/d'
		else
			cat
		fi
}

round()
{
	title=$1
	cat >answers
	cut -d ' ' -f 1 answers >>answered
	rm -rf root.before state
	cp -R root root.before
	secret= made=
	! grep -q '^certificate.self-signed' answers ||
		made="-x privkey.pem -x fullchain.pem"
	sed -n 's/^certificate.passphrase //p' answers >passphrase
	[ ! -s passphrase ] || secret="--passphrase-file $tmp/passphrase"
	"$HTTPS_SETUP" detect --json $run >detected 2>err
	nothing "$title: nothing is answered with its default" \
		"$(each 'if (value == usual) print id')"

	flags >words
	set --
	while read -r word; do
		set -- "$@" "$word"
	done <words
	planned "$@" >plan.flags
	exits "$title: flags" 0 "$HTTPS_SETUP" apply --yes $run "$@" \
		--save-answers flags.xml
	kept flags

	xml >written.xml
	planned --answers written.xml >plan.answers
	exits "$title: answers" 0 "$HTTPS_SETUP" apply --yes $run $secret \
		--answers written.xml --save-answers answers.xml
	kept answers

	words >words
	printf '%s\n' "answer words" "keys yes<Enter>" "exit 0" >session
	rm -f heard
	check "$title: line by line" "$builddir/tests/screens/play" -s 250x50 \
		-o heard session "$HTTPS_SETUP" --plain $run \
		--save-answers "$tmp/plain.xml"
	tr -d '\r' <heard | sed -n 's/^Step [0-9]* of [0-9]*: //p' >steps
	kept plain
	planned --answers plain.xml >plan.plain

	session_of >session
	check "$title: the wizard" "$builddir/tests/screens/play" -s 69x60 \
		session "$HTTPS_SETUP" $run --save-answers "$tmp/wizard.xml"
	kept wizard
	planned --answers wizard.xml >plan.wizard

	# the faces say where the certificate does not come from as well
	for way in flags answers plain wizard; do
		grep -v '<self-signed>no<' $way.xml >$way.said || :
	done
	for way in answers plain wizard; do
		same "$title: the answers, $way" flags.said $way.said
		same "$title: the plan, $way" plan.flags "plan.$way"
		check "$title: what was done, $way" diff -r $made \
			-x '*.pfx' -x '*.passphrase' root.flags "root.$way"
	done
}

finish()
{
	nothing "every question was answered in a round" \
		"$(sort -u answered >known; sort catalogue.id | comm -13 known -)"
}
