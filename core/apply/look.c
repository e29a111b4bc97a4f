#include "core/apply/look.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

/* More than any configuration: such a file is nobody's to replace. */
#define LOOK_MAX (64UL << 20)

const char *hs_path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *hs_path_directory(const char *path)
{
	size_t length = (size_t)(hs_path_name(path) - path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return hs_strndup(path, length);
}

/* Links on the way are resolved inside the root, so that an offline tree
 * cannot lead us out of it. */
int hs_dir_open(const struct root *root, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	hs_auto_free char *outside = NULL;
	int fd;

	do
		fd = (int)syscall(SYS_openat2, root->fd, path, &how,
				  sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	outside = hs_root_outside(root, path);
	return hs_openat(AT_FDCWD, outside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct held_dir *hs_dirs_hold(struct held_dirs *dirs, const struct root *root,
			      const char *path)
{
	hs_auto_free char *directory = hs_path_directory(path);
	struct held_dir *held;
	int fd;

	HS_EACH(dir, dirs) {
		if (!strcmp(dir->path, directory))
			return dir;
	}
	fd = hs_dir_open(root, directory);
	if (fd < 0)
		return NULL;
	held = HS_GROW(dirs);
	*held = (struct held_dir){.path = hs_steal(directory), .fd = fd};
	return held;
}

bool hs_dir_is_there(const struct root *root, const struct held_dir *dir)
{
	struct stat held, now;

	return !fstat(dir->fd, &held) && !hs_root_stat(root, dir->path, &now) &&
	       held.st_dev == now.st_dev && held.st_ino == now.st_ino;
}

int hs_flush(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result && errno == EINTR);
	return result;
}

int hs_dirs_sync(struct held_dirs *dirs, struct error *err)
{
	int result = 0;

	HS_EACH(dir, dirs) {
		if (!dir->dirty)
			continue;
		dir->dirty = false;
		if (hs_flush(dir->fd))
			result = hs_fail_errno(err, HS_FAILED,
					       "cannot flush directory %s",
					       dir->path);
	}
	return result;
}

void hs_dirs_done(struct held_dirs *dirs)
{
	HS_EACH(dir, dirs) {
		close(dir->fd);
		free(dir->path);
	}
	HS_ARRAY_FREE(dirs);
}

void hs_sum_bytes(const unsigned char salt[static HS_SALT_SIZE],
		  enum file_kind kind, const void *bytes, size_t length,
		  struct file_sum *ret_sum)
{
	unsigned char salted[HS_SALT_SIZE + 1 + HS_HASH_SIZE];

	*ret_sum = (struct file_sum){.kind = kind};
	memcpy(salted, salt, HS_SALT_SIZE);
	salted[HS_SALT_SIZE] = (unsigned char)kind;
	hs_hash(bytes, length, salted + HS_SALT_SIZE + 1);
	hs_hash(salted, sizeof(salted), ret_sum->digest);
	explicit_bzero(salted, sizeof(salted));
}

bool hs_sum_equal(const struct file_sum *a, const struct file_sum *b)
{
	if (a->kind != b->kind || a->kind == FILE_OTHER)
		return false;
	return a->kind == FILE_ABSENT ||
	       !memcmp(a->digest, b->digest, HS_HASH_SIZE);
}

/* Reads all of `fd`, counted while reading.  The memory does not move without
 * being wiped: it may hold a private key. */
static int read_bytes(int fd, size_t size, struct file_look *look)
{
	size_t cap = size + 2;
	char *bytes = hs_alloc(cap);

	for (;;) {
		ssize_t n =
			read(fd, bytes + look->length, cap - look->length - 1);

		if (n < 0 && errno == EINTR)
			continue;
		look->bytes = bytes;
		if (n <= 0)
			return (int)n;
		look->length += (size_t)n;
		if (look->length > LOOK_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (look->length + 1 < cap)
			continue;
		bytes = hs_alloc(2 * cap);
		memcpy(bytes, look->bytes, look->length);
		explicit_bzero(look->bytes, cap);
		free(look->bytes);
		cap *= 2;
	}
}

static int read_attr(int fd, const char *name, struct file_attrs *attrs)
{
	ssize_t length = fgetxattr(fd, name, NULL, 0);
	struct file_attr *attr;
	unsigned char *value;

	if (length < 0)
		return -1;
	value = hs_alloc((size_t)length + 1);
	length = fgetxattr(fd, name, value, (size_t)length);
	if (length < 0) {
		free(value);
		return -1;
	}
	attr = HS_GROW(attrs);
	*attr = (struct file_attr){
		.name = hs_strdup(name),
		.value = value,
		.length = (size_t)length,
	};
	return 0;
}

static int read_attrs(int fd, struct file_attrs *attrs)
{
	hs_auto_free char *names = NULL;
	ssize_t length = flistxattr(fd, NULL, 0);

	if (length <= 0)
		return length < 0 && errno != ENOTSUP ? -1 : 0;
	names = hs_alloc((size_t)length + 1);
	length = flistxattr(fd, names, (size_t)length);
	if (length < 0)
		return -1;
	for (char *name = names; name < names + length;
	     name += strlen(name) + 1) {
		if (read_attr(fd, name, attrs))
			return -1;
	}
	return 0;
}

static void take_meta(const struct stat *st, struct file_look *look)
{
	look->meta.mode = st->st_mode & 07777;
	look->meta.uid = st->st_uid;
	look->meta.gid = st->st_gid;
	look->meta.mtime = st->st_mtim;
	look->links = st->st_nlink;
}

static int look_at_link(int dir, const char *name, const unsigned char *salt,
			struct file_look *look)
{
	char target[4096];
	ssize_t length = readlinkat(dir, name, target, sizeof(target) - 1);
	struct stat st;

	if (length < 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -1;
	take_meta(&st, look);
	look->bytes = hs_strndup(target, (size_t)length);
	look->length = (size_t)length;
	hs_sum_bytes(salt, FILE_LINK, target, (size_t)length, &look->sum);
	return 0;
}

static int look_at_file(int fd, const unsigned char *salt,
			struct file_look *look)
{
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	take_meta(&st, look);
	look->sum.kind = FILE_OTHER;
	if (!S_ISREG(st.st_mode) || (size_t)st.st_size > LOOK_MAX)
		return 0;
	if (read_attrs(fd, &look->meta.attrs))
		return -1;
	if (read_bytes(fd, (size_t)st.st_size, look))
		return errno == EFBIG ? 0 : -1;
	hs_sum_bytes(salt, FILE_REGULAR, look->bytes, look->length, &look->sum);
	return 0;
}

int hs_look(int dir, const char *name,
	    const unsigned char salt[static HS_SALT_SIZE],
	    struct file_look *ret_look)
{
	hs_auto_close int fd = -1;

	*ret_look = (struct file_look){0};
	fd = hs_openat(dir, name,
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			       O_CLOEXEC);
	if (fd >= 0)
		return look_at_file(fd, salt, ret_look);
	if (errno == ENOENT)
		return 0;
	if (errno == ELOOP)
		return look_at_link(dir, name, salt, ret_look);
	if (errno == ENXIO || errno == ENODEV) {
		ret_look->sum.kind = FILE_OTHER;
		return 0;
	}
	return -1;
}

void hs_look_done(struct file_look *look)
{
	if (look->bytes)
		explicit_bzero(look->bytes, look->length);
	free(look->bytes);
	hs_meta_done(&look->meta);
	*look = (struct file_look){0};
}

void hs_meta_copy(const struct file_meta *from, struct file_meta *ret_copy)
{
	*ret_copy = *from;
	ret_copy->attrs = (struct file_attrs){0};
	HS_EACH(attr, &from->attrs) {
		struct file_attr copy = {
			.name = hs_strdup(attr->name),
			.value = hs_alloc(attr->length),
			.length = attr->length,
		};

		memcpy(copy.value, attr->value, attr->length);
		HS_PUSH(&ret_copy->attrs, copy);
	}
}

void hs_meta_done(struct file_meta *meta)
{
	HS_EACH(attr, &meta->attrs) {
		free(attr->name);
		free(attr->value);
	}
	HS_ARRAY_FREE(&meta->attrs);
}
