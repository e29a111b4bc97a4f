#!/bin/sh
# The command line: what is wrong with it is said in one line, with the nearest
# name, and status 2; help and version are everywhere.
. "${srcdir:-.}/tests/lib.sh"

json=$builddir/tests/integration/json
commands="detect check plan apply verify rollback recover status history
	disable renew questions rules"

# wrong WANTED WORD ...: status 2, nothing on standard output, and one line on
# standard error that matches WANTED.
wrong()
{
	wrong_want=$1
	shift
	exits "usage: $*" 2 "$HTTPS_SETUP" "$@"
	is "one line: $*" "0 1" "$(wc -l <out) $(wc -l <err)"
	like "it helps: $*" "$wrong_want" err
}

wrong 'no command chekc; did you mean check\?' chekc
wrong 'no command rolback; did you mean rollback\?' rolback
wrong 'did you mean cert show\?' cert
wrong 'did you mean cert show\?' cert shwo
wrong 'no command frobnicate; see https-setup --help' frobnicate
wrong 'no flag --nmae; did you mean --name\?' check --nmae x
wrong 'no flag --plian; did you mean --plain\?' --plian
wrong 'no flag --hst; did you mean --hsts\?' apply --hst
wrong 'no flag --no-redirct; did you mean --no-redirect\?' plan --no-redirct
wrong 'no flag -x' check -x
wrong 'no flag --passphrase' check --passphrase secret
wrong '--hsts is no flag of detect' detect --hsts
wrong '--plain is no flag of check' check --plain
wrong '--name: a value is missing; write --name NAME' check --name
wrong '--name: a value is missing' check --name --hsts
wrong '--hsts-max-age: a value is missing' check --hsts-max-age
wrong '--json: "yes": it takes no value' check --json=yes
wrong '--timeout: "soon": it takes seconds' check --timeout soon
wrong '--timeout: "0": it takes seconds' check --timeout=0
wrong '--passphrase-fd: "x"' check --passphrase-fd x
wrong 'exclude each other' check --passphrase-fd 3 --passphrase-file p
wrong '--server: "ngin" .* did you mean "nginx"' check --server ngin
wrong '--bindings: ' check --bindings=some
wrong '--unattended goes with --demo' --unattended
wrong 'one word too many' check example.test
wrong 'one word too many' rollback one two

exits "the wizard has no JSON" 2 "$HTTPS_SETUP" --json --plain
like "and says so in JSON" '--json is no flag of the wizard' out

wrong 'user information' verify https://user:secret@example.test/
wrong 'only https://' verify http://example.test/
wrong 'only https://' verify ftp://example.test/
wrong 'only https://' verify example.test
wrong 'host or port' verify https:///
wrong 'host or port' verify https://example.test:0/
wrong 'host or port' verify https://example.test:65536/
wrong 'host or port' verify 'https://[::1/'
wrong 'blanks or control' verify 'https://example.test/ x'
wrong "certificate is missing" renew --yes
wrong "file is missing" cert show

wrong '--name: a name is missing; write --name NAME' cert self-sign
wrong '--name: "a b" cannot be a name' cert request --name 'a b'
wrong '--name: .* two dots' cert request --name a..test
wrong '--key-type: .* write rsa-2048' cert self-sign --name a.test --key-type dsa
wrong '--days: it takes days' cert self-sign --name a.test --days 0
wrong '--days: it takes days' cert self-sign --name a.test --days 1e9
wrong '--days is no flag of cert request' cert request --days 3
wrong 'cert install-reply REPLY --key' cert install-reply
wrong 'key .* is missing' cert install-reply reply.pem
wrong '--ca-dir: .* with --init' cert issue --name a.test
wrong '--format: the format is missing; write pem' cert export c.pem --out x
wrong '--format: there is no such format' cert export c.pem --format jks
wrong '--out: .*write --out FILE' cert export c.pem --format pem
wrong "file is missing" cert export --format pem --out x
wrong '--out-passphrase-file: the new file needs' cert export c.pem \
	--format pkcs12 --out x
wrong 'no flag --out-passphrase; did you mean' cert export c.pem \
	--out-passphrase secret
wrong 'exclude each other' cert export --out-passphrase-fd 3 \
	--out-passphrase-file p

# foreign text in a message cannot steer the terminal
wrong 'no command \\x1b' "$(printf '\033[2Jx')"
wrong 'no flag --\\x1b' check "$(printf -- '--\033]0;x\007')"

for command in $commands "cert show" "cert self-sign" "cert request" \
	"cert install-reply" "cert issue" "cert export"; do
	exits "$command --help" 0 "$HTTPS_SETUP" $command --help
	like "$command: usage" "^Usage: https-setup $command" out
	exits "$command --version" 0 "$HTTPS_SETUP" $command --version
	like "$command: version" '^https-setup [0-9]' out
	exits "$command: error as JSON" 2 "$HTTPS_SETUP" $command --json --nope
	is "$command: schema" 1 "$("$json" out schema)"
	is "$command: its name" "$command" "$("$json" out command)"
	is "$command: code" 2 "$("$json" out error.code)"
	like "$command: what" "no flag --nope" out
	is "$command: nothing else is said" 0 "$(wc -c <err)"
done
exits "--help" 0 "$HTTPS_SETUP" --help
like "it lists the commands" '^  rollback ' out
unlike "no line is too wide" '^.{81}' out
exits "switches may stand before the command" 0 "$HTTPS_SETUP" --json questions
is "and count" questions "$("$json" out command)"

# without a terminal, a command that writes needs --yes
for command in apply rollback disable; do
	exits "$command without a terminal" 3 "$HTTPS_SETUP" $command
	like "$command: what to do" 'add --yes' err
done
exits "renew without a terminal" 3 "$HTTPS_SETUP" renew --cert x
exits "the wizard without input" 3 "$HTTPS_SETUP" --plain --state-dir state \
	--server nginx --server-config "$tmp/none"
exits "the passphrase's file is missing" 3 "$HTTPS_SETUP" check \
	--passphrase-file none
like "it says which" 'passphrase-file: none: No such file' err

# closed descriptors are no way to write into the wrong file
exits "with everything closed" 0 sh -c '"$HTTPS_SETUP" questions <&- >&- 2>&-'
exits "with a full standard output" 3 sh -c '"$HTTPS_SETUP" questions >/dev/full'
like "it says so" 'standard output' err
exits "a reader that goes away is no error" 0 sh -c \
	'{ "$HTTPS_SETUP" rules; echo $? >status; } | head -n 1; exit $(cat status)'
