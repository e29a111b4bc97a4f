# Walking a vendor's guide in the wizard, on the tree of a Windows server.
# Needs tests/lib/cert.sh and the program tests/screens/play.

config=root/Windows/System32/inetsrv/config
hosts=$config/applicationHost.config

# tree_of CASE: the server of a golden case as it was before, a fresh copy
tree_of()
{
	chmod -R u+w root 2>/dev/null || :
	rm -rf root "$tmp/state"
	cp -R "$srcdir/tests/golden/$1/before" root
	chmod -R u+w root
}

# session NAME [OPTION ...]: plays what stands on standard input, with the
# options in $given.
session()
{
	session_name=$1
	shift
	cat >session
	check "$session_name" "$builddir/tests/screens/play" "$@" session \
		"$HTTPS_SETUP" --root root --state-dir "$tmp/state" \
		--ca "$certs/root.crt" ${given-}
	sed -n 's/^# .*session:/# /p' "$tmp/out"
}

# has TITLE FILE TEXT: a line of the file is this one, indentation and line
# end aside.
has()
{
	sed 's/^[ 	]*//; s/\r$//' "$2" >lines
	check "$1" grep -Fqx -e "$3" lines
}
