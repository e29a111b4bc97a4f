# HS_LIBCURL_SONAME: the file name to dlopen() libcurl by, in HS_LIBCURL.
# Its ABI has been number 4 since 2006; a system that calls it otherwise
# (Debian's gnutls flavour, say) sets HS_LIBCURL at configure time.
AC_DEFUN([HS_LIBCURL_SONAME], [
  AC_ARG_VAR([HS_LIBCURL], [libcurl's file name @<:@libcurl.so.4@:>@])
  AS_VAR_SET_IF([HS_LIBCURL], [], [HS_LIBCURL=libcurl.so.4])
  AC_DEFINE_UNQUOTED([HS_LIBCURL], ["$HS_LIBCURL"],
    [File name of libcurl, for dlopen()])
])
