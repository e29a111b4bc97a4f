/*
 * The one atomic writer.  A new content is staged beside its target (owner,
 * mode, extended attributes and all), flushed and read back; it goes live by
 * exchange of names, so what was there before is never lost, not even an edit
 * of the last microsecond.  Nothing here knows plans or transactions.
 */
#ifndef CORE_APPLY_WRITER_H
#define CORE_APPLY_WRITER_H

#include "core/apply/look.h"

/* Creates dir/name (0600 from its first byte) with the bytes and, last, the
 * metadata; `mtime` is set when asked for.  It is on its way to the disk then,
 * and on it after hs_stage_settle(): begun together, several files get there
 * in little more time than one.  HS_CANNOT; the file is gone then. */
int hs_stage_write(int dir, const char *name, const void *bytes, size_t length,
		   const struct file_meta *meta, bool set_mtime, int *ret_fd,
		   struct error *err) HS_MUST_CHECK;
/* Flushes it, reads it back, closes it (also when that fails: HS_CANNOT). */
int hs_stage_settle(int *fd, const void *bytes, size_t length,
		    struct error *err) HS_MUST_CHECK;
/* Both, for one file. */
int hs_stage_file(int dir, const char *name, const void *bytes, size_t length,
		  const struct file_meta *meta, bool set_mtime,
		  struct error *err) HS_MUST_CHECK;
/* Creates the symbolic link dir/name. */
int hs_stage_link(int dir, const char *name, const char *target,
		  struct error *err) HS_MUST_CHECK;

/* How a change of names ended. */
enum swap { SWAP_DONE, SWAP_UNEXPECTED, SWAP_FAILED };

/*
 * Makes `aside` what `name` is, and the other way round.  What comes out must
 * be one of the `count` sums, else the names are changed back at once and
 * SWAP_UNEXPECTED is returned.  SWAP_FAILED: errno; also where what came out
 * cannot be looked at.  The caller syncs.
 */
enum swap hs_swap(int dir, const char *name, const char *aside,
		  const unsigned char salt[static HS_SALT_SIZE],
		  const struct file_sum *expected, size_t count);
/* Moves `from` to `to`, which must not exist (SWAP_UNEXPECTED). */
enum swap hs_move_new(int dir, const char *from, const char *to);
/* Moves `name` out of the way to `aside`; else as hs_swap(). */
enum swap hs_move_aside(int dir, const char *name, const char *aside,
			const unsigned char salt[static HS_SALT_SIZE],
			const struct file_sum *expected, size_t count);

/* Why a file or its directory cannot be replaced: mount point, immutable,
 * read-only file system, more than one link ...  HS_CANNOT. */
int hs_check_replaceable(int dir, const char *name, const char *path,
			 const struct file_look *look,
			 struct error *err) HS_MUST_CHECK;

/* Writes a file of the operator's own choosing (a certificate, answers):
 * `path` as the kernel sees it.  `replace` false: it must not exist.
 * HS_CANNOT. */
int hs_file_write(const char *path, const void *bytes, size_t length,
		  mode_t mode, bool replace, struct error *err) HS_MUST_CHECK;

#endif
