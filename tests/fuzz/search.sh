#!/bin/sh
# Lets libFuzzer search for a minute with each fuzz target, from its corpus.
# Another time: SECONDS_EACH=600 make check-long
. "${srcdir:-.}/tests/lib.sh"

[ -n "${FUZZERS-}" ] || skip_all "no fuzz target was built"

for target in $FUZZERS; do
	name=${target##*/}
	if ! "$builddir/$target" -help=1 2>&1 | grep -q max_total_time; then
		skip "$name" "built without --enable-fuzzing"
		continue
	fi
	mkdir -p "$tmp/$name"
	check "$name" "$builddir/$target" -rss_limit_mb=1024 \
		-max_total_time="${SECONDS_EACH:-60}" \
		-artifact_prefix="$builddir/tests/fuzz/$name-" \
		"$tmp/$name" "$srcdir/tests/fuzz/corpus/$name"
done
