#!/bin/sh
# Gives each fuzz target its corpus.
. "${srcdir:-.}/tests/lib.sh"

[ -n "${FUZZERS-}" ] || skip_all "no fuzz target was built"

for target in $FUZZERS; do
	name=${target##*/}
	corpus=$srcdir/tests/fuzz/corpus/$name
	if [ -z "$(ls "$corpus" 2>/dev/null)" ]; then
		fail "$name" "$corpus is missing or empty"
		continue
	fi
	check "$name" "$builddir/$target" "$corpus"/*
done
