#!/bin/sh
# Makes ./configure, in a tree that has just been cloned.
set -eu
cd "$(dirname "$0")"
mkdir -p build-aux
# automake uses the TAP driver but does not install it by itself
cp "$(automake --print-libdir)/tap-driver.sh" build-aux/tap-driver.sh
autoreconf --force --install "$@"
