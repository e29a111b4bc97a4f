# HS_CORE_DIR: our sources live in a directory named core, a name configure
# holds for core dumps: it runs `rm -f core ...` after each probe, and on exit
# a failing rm keeps confdefs.h, which fails `make distcheck`.  This shell
# function drops that one operand.  Call it straight after AC_INIT.
AC_DEFUN([HS_CORE_DIR], [
rm ()
{
  for hs_arg
  do
    shift
    test "x$hs_arg" = xcore || set -- "$[]@" "$hs_arg"
  done
  command rm "$[]@"
}
])
