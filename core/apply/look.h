/*
 * Looks at files as the writer and the undoing need them: what stands at a
 * name (by salted digest), with its metadata, in a directory held open.
 *
 * The digest is SHA-256(salt, kind, SHA-256(bytes)).  With a fresh random
 * salt for each transaction a record of it tells nothing about a private key,
 * not even whether two machines have the same one.
 */
#ifndef CORE_APPLY_LOOK_H
#define CORE_APPLY_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/root.h"

#define HS_SALT_SIZE 32

enum file_kind { FILE_ABSENT, FILE_REGULAR, FILE_LINK, FILE_OTHER };

/* What stands at a path; a link's digest is that of its target's text. */
struct file_sum {
	enum file_kind kind;
	unsigned char digest[HS_HASH_SIZE];
};

struct file_attr {
	char *name;
	unsigned char *value;
	size_t length;
};
struct file_attrs HS_ARRAY(struct file_attr);

/* What a file has beside its bytes. */
struct file_meta {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec mtime;
	struct file_attrs attrs; /* ACLs are among them */
};

/* One look at a path; bytes are wiped when it is done. */
struct file_look {
	struct file_sum sum;
	struct file_meta meta;
	nlink_t links;
	char *bytes; /* or a link's target, with a NUL behind */
	size_t length;
};

/* Directories held open while their files are worked on. */
struct held_dir {
	char *path; /* as seen from inside the root */
	int fd;
	bool dirty; /* a name in it changed since the last sync */
};
struct held_dirs HS_ARRAY(struct held_dir);

/* Opens the directory of `path` (links resolved inside the root), once. NULL
 * and errno when it cannot be; the pointer is good until the next call. */
struct held_dir *hs_dirs_hold(struct held_dirs *dirs, const struct root *root,
			      const char *path);
/* Opens one directory itself. -1 and errno. */
int hs_dir_open(const struct root *root, const char *path);
/* Whether its path still leads to it: somebody may have put another one in its
 * place. */
bool hs_dir_is_there(const struct root *root, const struct held_dir *dir);
/* fsync(), again where only a signal came in between; what a disk refused is
 * never asked for twice.  -1 and errno. */
int hs_flush(int fd) HS_MUST_CHECK;
/* hs_flush() of every dirty one; HS_FAILED. */
int hs_dirs_sync(struct held_dirs *dirs, struct error *err) HS_MUST_CHECK;
void hs_dirs_done(struct held_dirs *dirs);

/* The name in its directory: what follows the last slash. */
const char *hs_path_name(const char *path);
/* The directory of an absolute path, to be freed: "/" at the top. */
char *hs_path_directory(const char *path);

/* The salted digest of bytes. */
void hs_sum_bytes(const unsigned char salt[static HS_SALT_SIZE],
		  enum file_kind kind, const void *bytes, size_t length,
		  struct file_sum *ret_sum);
bool hs_sum_equal(const struct file_sum *a, const struct file_sum *b);

/* Looks at dir/name without following a link; something that is neither file
 * nor link, or larger than 64 MiB, is FILE_OTHER. -1 and errno. */
int hs_look(int dir, const char *name,
	    const unsigned char salt[static HS_SALT_SIZE],
	    struct file_look *ret_look);
void hs_look_done(struct file_look *look);
#define hs_auto_look HS_CLEANUP(hs_look_done)
void hs_meta_copy(const struct file_meta *from, struct file_meta *ret_copy);
void hs_meta_done(struct file_meta *meta);

#endif
