# What the checks in tests/checks look at, as paths from the top.  Fixtures are
# left out: they hold other people's bytes.

# sources [DIR ...]: our C, below these folders or in the whole house.
sources()
{
	[ $# -gt 0 ] || set -- core tui screens cli tests
	(cd "$srcdir" && find "$@" -name '*.[ch]' 2>/dev/null | sort)
}

# scripts: our shell scripts.
scripts()
{
	(cd "$srcdir" && {
		ls autogen.sh quickstart .ci/run 2>/dev/null || :
		find share tests -name '*.sh' 2>/dev/null | not_fixtures | sort
	})
}

# texts: every file that people write by hand.
texts()
{
	(cd "$srcdir" && {
		ls configure.ac Makefile.am README.md .clang-format \
			.editorconfig .gitignore 2>/dev/null || :
		find m4 core tui screens cli share tests \( -name '*.md' \
			-o -name '*.am' -o -name '*.m4' -o -name '*.awk' \) \
			2>/dev/null | not_fixtures
	})
	sources
	scripts
}

not_fixtures()
{
	grep -Ev '^tests/(golden/.*/|fuzz/corpus/|.*/fixtures/)' || :
}

# in_sources AWK-PROGRAM [DIR ...]: runs it over them.
in_sources()
{
	in_program=$1
	shift
	sources "$@" | (cd "$srcdir" && xargs awk "$in_program" /dev/null)
}
