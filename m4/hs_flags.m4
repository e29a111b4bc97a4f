# Flags of our own, each tried before it is used.  They end up in HS_CPPFLAGS,
# HS_CFLAGS and HS_LDFLAGS and reach the compiler through AM_CPPFLAGS and its
# kin, so CPPFLAGS, CFLAGS and LDFLAGS stay the user's.

# HS_TRY_FLAG(VARIABLE, FLAG, [IF-TAKEN], [IF-NOT])
# Adds FLAG to VARIABLE (HS_CPPFLAGS, HS_CFLAGS or HS_LDFLAGS) when a program
# compiles AND links with it and not one warning is heard.  Quote a FLAG with
# commas twice.  The program is more than an empty main, since some flags only
# show a missing run-time library where there is a buffer to guard.
AC_DEFUN([HS_TRY_FLAG], [
  AS_VAR_PUSHDEF([hs_cache], [hs_cv_flag_$2])
  AC_CACHE_CHECK([whether $CC takes $2], [hs_cache], [
    hs_keep_CPPFLAGS=$CPPFLAGS hs_keep_CFLAGS=$CFLAGS hs_keep_LDFLAGS=$LDFLAGS
    CPPFLAGS="$HS_CPPFLAGS $CPPFLAGS"
    CFLAGS="$HS_CFLAGS $CFLAGS -Werror"
    LDFLAGS="$HS_LDFLAGS $LDFLAGS"
    AS_CASE([$1],
      [HS_CPPFLAGS], [CPPFLAGS="$2 $CPPFLAGS"],
      [HS_LDFLAGS], [LDFLAGS="$2 $LDFLAGS"],
      [CFLAGS="$2 $CFLAGS"])
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char buffer[64];

	snprintf(buffer, sizeof(buffer), "%s", argv[argc - 1]);
	return memchr(buffer, 'x', strlen(buffer)) != NULL;
}
]])], [AS_VAR_SET([hs_cache], [yes])], [AS_VAR_SET([hs_cache], [no])])
    CPPFLAGS=$hs_keep_CPPFLAGS CFLAGS=$hs_keep_CFLAGS LDFLAGS=$hs_keep_LDFLAGS
  ])
  AS_VAR_IF([hs_cache], [yes], [AS_VAR_APPEND([$1], [" $2"])
    $3], [$4])
  AS_VAR_POPDEF([hs_cache])
])

# HS_TRY_CFLAGS(FLAG ...)
# HS_TRY_FLAG for each of several plain flags of the compiler.
AC_DEFUN([HS_TRY_CFLAGS], [m4_foreach_w([hs_flag], [$1],
  [HS_TRY_FLAG([HS_CFLAGS], m4_defn([hs_flag]))])])

# HS_WARNINGS
# What we want to hear about.  --enable-werror makes each an error; it is off
# by default because a newer compiler always has something new to say.
AC_DEFUN([HS_WARNINGS], [
  HS_TRY_CFLAGS([-Wall -Wextra -Wformat=2 -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wvla -Wundef
    -Wwrite-strings -Wcast-qual -Wno-unused-parameter
    -Wno-missing-field-initializers])
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat warnings as errors])],
    [], [enable_werror=no])
])

# HS_WERROR
# Puts -Werror on, after everything that had to be tried without it.
AC_DEFUN([HS_WERROR], [
  AS_IF([test "x$enable_werror" = xyes], [AS_VAR_APPEND([HS_CFLAGS], [" -Werror"])])
])
