# What every shell test begins with:
#
#	. "${srcdir:-.}/tests/lib.sh"
#
# It makes the shell strict, goes to a directory of the test's own ($tmp, which
# is gone afterwards: KEEP=1 keeps it), and offers
#
#	tests/lib/tap.sh	ok, is, like, exits, ... : what the test says
#	tests/lib/server.sh	free_port, start_nginx, wait_until
#	tests/lib/cert.sh	a test CA: issue, make_p12
#
# `make check` sets HTTPS_SETUP, srcdir and builddir; by hand, run a test from
# the top of the source tree: sh tests/integration/NAME.sh
set -eu
umask 022
unset LANGUAGE

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-$srcdir}" && pwd)
HTTPS_SETUP=${HTTPS_SETUP:-$builddir/https-setup}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export srcdir builddir HTTPS_SETUP PATH

tmp=$(mktemp -d "${TMPDIR:-/tmp}/https-setup-test.XXXXXX")
tmp=$(cd "$tmp" && pwd -P)
TMPDIR=$tmp HOME=$tmp
export tmp TMPDIR HOME
cd "$tmp"

. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/server.sh"
. "$srcdir/tests/lib/cert.sh"

trap 'leave $?' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
