#!/bin/sh
# Every golden case: what README.md beside this says it proves.
#
#	sh tests/golden/run.sh [FOLDER ...]	those in these folders of it alone
#	GOLDEN_UPDATE=1 sh tests/golden/run.sh FOLDER	writes diff and after/
. "${srcdir:-.}/tests/lib.sh"
need openssl awk

golden=$srcdir/tests/golden
ours=Windows/System32/inetsrv/config/https-setup

# of FIELD: what the case says about it; several lines are one.
of()
{
	sed -n "s/^$1: *//p" "$folder/case" | tr '\n' ' ' | sed 's/ $//'
}

# tree DIRECTORY: all that is in it, with hashes; empty folders count.
tree()
{
	(cd "$1" && find . -type d | LC_ALL=C sort &&
		find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum)
}

# without DIRECTORY: the same, but for the scripts and their data.
without()
{
	tree "$1" | grep -Ev "[./]$ours(/|\$)" || :
}

# work COMMAND [ARGUMENT ...]: on the tree of the case.
work()
{
	work_command=$1
	shift
	"$HTTPS_SETUP" "$work_command" --root "$here/tree" \
		--state-dir "$here/state" "$@" </dev/null
}

# with COMMAND [ARGUMENT ...]: the same with name and certificate.
with()
{
	with_command=$1
	shift
	work "$with_command" --name "$name" --ca "$certs/root.crt" \
		--cert "$certs/$certificate.chain.crt" \
		--key "$certs/$certificate.key" "$@"
}

# go COMMAND [ARGUMENT ...]: with the answers of the case.
go()
{
	eval "set -- \"\$@\" $(of args)"
	if [ -f "$folder/answers.xml" ]; then
		set -- "$@" --answers "$folder/answers.xml"
	fi
	with "$@"
}

# The certificate of the case; those with equal names share one.
get_certificate()
{
	name=$(of name)
	name=${name:-www.example.test}
	get_names=$(of certificate)
	get_names=${get_names:-DNS:$name}
	certificate=$(echo "$get_names" | tr -c 'a-zA-Z0-9.\n' '_')
	[ -e "$certs/$certificate.key" ] ||
		issue -key rsa:2048 "$certificate" $get_names
}

# The parts of a plan that are about files of the operator's: headings and
# diffs, as they stand.
take_diff()
{
	awk -v ours="/$ours/" '
	/^(edit|create|remove|link) / {
		shown = index($0, ours) == 0
		if (shown)
			print
		next
	}
	/^(run|note) / { shown = 0 }
	shown && /^(---|\+\+\+|@@|[-+ \\])/ { print }
	' | grep -Eav '^    (why|undo):' || :
}

# lines SIGN FILE: the lines that a diff adds or takes out, sorted.
lines()
{
	grep -a "^$1" "$2" | grep -Eav '^(---|\+\+\+) /' | cut -c 2- |
		LC_ALL=C sort
}

# All that differs between two trees must be what the plan showed.
check_spans()
{
	diff -aruN "$folder/before" "$here/applied" |
		grep -Eav '^diff ' |
		sed 's,^\(---\|+++\) .*,\1 /,' >"$here/real" || :
	lines + "$here/real" >"$here/real.in"
	lines + "$here/diff" >"$here/plan.in"
	lines - "$here/real" >"$here/real.out"
	lines - "$here/diff" >"$here/plan.out"
	same "$title: nothing was added beside the plan" \
		"$here/plan.in" "$here/real.in"
	same "$title: nothing was taken out beside the plan" \
		"$here/plan.out" "$here/real.out"
}

# What does no harm by itself is told all the same.
warned()
{
	warning=$(of warning)
	[ -n "$warning" ] || return 0
	cat "$tmp/out" "$tmp/err" >"$tmp/both"
	like "$title: plan says $warning" "\\[$warning\\]" "$tmp/both"
}

plans()
{
	exits "$title: plan" 0 go plan
	warned
	take_diff <"$tmp/out" >"$here/diff"
	is "$title: planning writes nothing" "$(tree "$folder/before")" \
		"$(tree "$here/tree")"
	[ -z "${GOLDEN_UPDATE-}" ] || cp "$here/diff" "$folder/diff"
	same "$title: the plan is the golden one" "$folder/diff" "$here/diff"
}

applies()
{
	exits "$title: $command" 0 go "$command" --yes
	tree "$here/tree" >"$here/first"
	rm -rf "$here/applied"
	cp -a "$here/tree" "$here/applied"
	rm -rf "$here/applied/$ours"
	if [ -n "${GOLDEN_UPDATE-}" ]; then
		rm -rf "$folder/after"
		cp -a "$here/applied" "$folder/after"
	fi
	same "$title: the tree is the golden one" "$folder/after" \
		"$here/applied"
}

repeats()
{
	exits "$title: again" 0 go "$command" --yes
	like "$title: there is nothing to do" 'nothing to do' "$tmp/out"
	is "$title: and nothing is done" "$(cat "$here/first")" \
		"$(tree "$here/tree")"
}

takes_back()
{
	exits "$title: rollback" 0 work rollback --yes
	is "$title: every byte is back" "$(tree "$folder/before")" \
		"$(tree "$here/tree")"
}

run_case()
{
	folder=$1
	title=${folder#"$golden/"}
	here=$tmp/case command=$(of command) finding=$(of finding)
	command=${command:-apply}
	rm -rf "$here"
	mkdir "$here"
	cp -a "$folder/before" "$here/tree"
	get_certificate
	if [ -n "$finding" ]; then
		check_refusal
		return
	fi
	[ "$command" != apply ] || plans
	applies
	[ "$command" != apply ] || check_spans
	repeats
	takes_back
}

# refused COMMAND: it is, by that finding.
refused()
{
	exits "$title: $1 refuses" 1 go "$@"
	cat "$tmp/out" "$tmp/err" >"$tmp/both"
	like "$title: $1 says $finding" "\\[$finding\\]" "$tmp/both"
}

check_refusal()
{
	refused check
	refused plan
	refused apply --yes
	is "$title: nothing was written" "$(tree "$folder/before")" \
		"$(tree "$here/tree")"
}

[ $# -gt 0 ] || set -- .
(cd "$golden" && find "$@" -type f -name case) | LC_ALL=C sort >"$tmp/cases"
while read -r case <&3; do
	case=${case#./}
	run_case "$golden/${case%/case}"
done 3<"$tmp/cases"
