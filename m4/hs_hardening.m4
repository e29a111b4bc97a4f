# HS_HARDENING: what compiler and linker can do for a program that runs as root
# and reads other people's files, after the OpenSSF guide "Compiler Options
# Hardening Guide for C and C++".  Every flag is tried by linking with it.
# Sanitizers bring checks of their own that quarrel with these: with them, and
# with --disable-hardening, nothing is added.  Call it after HS_SANITIZERS.
AC_DEFUN([HS_HARDENING], [
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [leave out the hardening flags])],
    [], [enable_hardening=yes])
  AS_IF([test "x$enable_sanitizers$enable_fuzzing" != xnono &&
         test "x$enable_hardening" = xyes],
    [enable_hardening="no, because of sanitizers"])
  AS_IF([test "x$enable_hardening" = xyes], [
    HS_TRY_FLAG([HS_CPPFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3], [],
      [HS_TRY_FLAG([HS_CPPFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])])
    HS_TRY_CFLAGS([-fstack-protector-strong -fstack-clash-protection
      -fcf-protection=full -ftrivial-auto-var-init=zero])
    HS_TRY_FLAG([HS_CFLAGS], [-fPIE], [HS_TRY_FLAG([HS_LDFLAGS], [-pie])])
    HS_TRY_FLAG([HS_LDFLAGS], [[-Wl,-z,relro]])
    HS_TRY_FLAG([HS_LDFLAGS], [[-Wl,-z,now]])
    HS_TRY_FLAG([HS_LDFLAGS], [[-Wl,-z,noexecstack]])
  ])
])
