#!/bin/sh
# One program, several languages: sentences change, and nothing that programs
# read.  A language of x alone shows what is not translated.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pseudo.sh"
need openssl
[ -e "$builddir/share/locale/de/LC_MESSAGES/https-setup.mo" ] ||
	skip_all "gettext is not installed"
json=$builddir/tests/integration/json

mkdir -p root/etc/nginx
cat >root/etc/nginx/nginx.conf <<'END'
events {}
http {
	server { listen 80; server_name www.example.test; }
	server { listen 80; server_name wiki.example.test; }
}
END
issue www.example.test
issue -expired old.example.test
settings="--root root --state-dir state --site www.example.test"

# in_language WORD COMMAND ...: what it says, in out and err; its status
in_language()
{
	language=$1
	shift
	status=0
	LC_ALL=C.UTF-8 LANGUAGE=$language "$@" >out 2>err </dev/null ||
		status=$?
}

# What stays: ids, keys, exit status.
same_in_both()
{
	same_name=$1
	shift
	for word in en de; do
		in_language $word "$HTTPS_SETUP" "$@"
		echo "$status" >"ids.$word"
		tr ',{}' '\n\n\n' <out |
			sed -n 's/^ *"\(id\|severity\|question\|kind\|flag\|state\|ok\)":/&/p' \
				>>"ids.$word"
		cat out err >"said.$word"
	done
	same "$same_name: ids and status" ids.en ids.de
	check "$same_name: sentences differ" \
		sh -c '! cmp -s said.en said.de'
}

same_in_both "check, in order" check --json $settings \
	--cert "$certs/www.example.test.chain.crt" \
	--key "$certs/www.example.test.key"
same_in_both "check, refused" check --json $settings \
	--cert "$certs/old.example.test.crt" \
	--key "$certs/old.example.test.key"
same_in_both "usage" check --json --no-such-flag
same_in_both "the rules" rules --json
same_in_both "the catalogue" questions --json

# What a server reads has no language.
for word in en de; do
	rm -rf there state
	cp -R root there
	in_language $word "$HTTPS_SETUP" apply --root there --state-dir state \
		--yes --site www.example.test --redirect --hsts \
		--cert "$certs/www.example.test.chain.crt" \
		--key "$certs/www.example.test.key" --ca "$certs/root.crt" \
		--save-answers "answers.$word"
	is "applied ($word)" 0 "$status"
	rm -rf "tree.$word"
	mv there "tree.$word"
	LC_ALL=C.UTF-8 "$HTTPS_SETUP" history --json --root "tree.$word" \
		--state-dir state | sed 's/[0-9a-f]\{4\}-[0-9][0-9]/ID/g' |
		tr ',' '\n' | grep -E '"(detail|title|why|state)"' >"told.$word" || :
done
same "the same files" tree.en tree.de
same "the same answers" answers.en answers.de
same "the same journal" told.en told.de

# Who decides about the language.
in_language de "$HTTPS_SETUP" --help
like "LANGUAGE chooses" '^Befehle:$' out
LC_ALL=C LANGUAGE=de "$HTTPS_SETUP" --help >out
like "C is English" '^Commands:$' out
LC_ALL=C.UTF-8 "$HTTPS_SETUP" --help >out
like "so is C.UTF-8" '^Commands:$' out
in_language no/such "$HTTPS_SETUP" --help
like "a language is no path" '^Commands:$' out

# hidden NAME [OPTION ...]: is there an English sentence in what it says, or
# one that was glued?
speak_xx
hidden()
{
	hidden_name=$1
	shift
	in_language xx "$in_xx" "$@"
	cat out err >both
	like "$hidden_name: it says something" 'xx' both
	nothing "$hidden_name: nothing of it is English" "$(english both)"
	nothing "$hidden_name: nothing of it is glued" "$(glued both)"
}

hidden "help" --help
for command in detect check plan apply verify doctor confirm history disable \
	renew questions rules "cert show" "cert issue"; do
	hidden "help of $command" $command --help
done
hidden "rules" rules
hidden "check" check $settings --cert "$certs/www.example.test.crt" \
	--key "$certs/www.example.test.key"
hidden "check, refused" check $settings --cert "$certs/old.example.test.crt" \
	--key "$certs/www.example.test.key"
hidden "plan" plan $settings --cert "$certs/www.example.test.chain.crt" \
	--key "$certs/www.example.test.key" --ca "$certs/root.crt"
hidden "detect" detect --root root
hidden "cert show" cert show "$certs/www.example.test.chain.crt"
hidden "usage" check --no-such-flag
hidden "status" status --root tree.en --state-dir state
