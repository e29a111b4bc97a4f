# HS_SANITIZERS: --enable-sanitizers[=LIST] and --enable-fuzzing.
#
# A sanitizer that was asked for and does not work is an error, not a shrug.
# Fuzzing needs clang: the targets in tests/fuzz then get libFuzzer's main();
# without it they get our own, which replays files, so that `make check` runs
# the corpus with every compiler.
AC_DEFUN([HS_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@],
      [build with sanitizers @<:@address,undefined@:>@])],
    [AS_IF([test "x$enableval" = xyes],
      [enable_sanitizers=address,undefined])],
    [enable_sanitizers=no])
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing],
      [link the fuzz targets with libFuzzer (needs clang)])],
    [], [enable_fuzzing=no])

  AS_IF([test "x$enable_sanitizers" != xno], [
    hs_before=$HS_CFLAGS
    HS_TRY_FLAG([HS_CFLAGS], [-fsanitize=$enable_sanitizers],
      [HS_LDFLAGS="$HS_LDFLAGS -fsanitize=$enable_sanitizers"],
      [AC_MSG_ERROR([$CC cannot build with -fsanitize=$enable_sanitizers])])
    HS_TRY_CFLAGS([-fno-omit-frame-pointer -fno-sanitize-recover=all])
  ])

  HS_FUZZ_LDFLAGS=
  AS_IF([test "x$enable_fuzzing" != xno], [
    HS_TRY_FLAG([HS_CFLAGS], [-fsanitize=fuzzer-no-link],
      [HS_FUZZ_LDFLAGS=-fsanitize=fuzzer],
      [AC_MSG_ERROR([--enable-fuzzing needs clang: CC=clang ./configure ...])])
  ])
  AC_SUBST([HS_FUZZ_LDFLAGS])
  AM_CONDITIONAL([HS_FUZZING], [test "x$enable_fuzzing" != xno])
])
