#include "core/apply/new_files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/apply/writer.h"

#define DIRECTORY_MODE 0755

static int check_new(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st)) {
		if (errno == ENOENT)
			return 0;
		return hs_fail_errno(err, HS_CANNOT, "%s", path);
	}
	hs_fail(err, HS_CANNOT, "%s is there already", path);
	hs_error_hint(err, "name another place, or add --force to replace it");
	return -1;
}

static int make_directory(const char *path, struct error *err)
{
	hs_auto_free char *directory = hs_path_directory(path);

	if (!mkdir(directory, DIRECTORY_MODE) || errno == EEXIST)
		return 0;
	hs_fail_errno(err, HS_CANNOT, "cannot make directory %s", directory);
	hs_error_hint(err, "name one that is there, and that you may write to");
	return -1;
}

static int write_each(const struct new_file *files, size_t n, bool replace,
		      size_t *ret_written, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct new_file *file = &files[i];

		if (hs_file_write(file->path, file->bytes, file->length,
				  file->mode, replace, err))
			return -1;
		*ret_written = i + 1;
	}
	return 0;
}

int hs_new_files_write(const struct new_file *files, size_t n, bool replace,
		       struct error *err)
{
	size_t written = 0;

	for (size_t i = 0; i < n; i++) {
		if (make_directory(files[i].path, err) ||
		    (!replace && check_new(files[i].path, err)))
			return -1;
	}
	if (!write_each(files, n, replace, &written, err))
		return 0;
	for (size_t i = 0; !replace && i < written; i++)
		unlink(files[i].path);
	return -1;
}
