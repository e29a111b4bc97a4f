#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/session.h"
#include "core/apply/writer.h"
#include "core/settings/questions/answers.h"

enum { ANSWERS_MAX = 1 << 20, SECRET_MAX = 4096 };

int cli_answers_load(const char *path, struct settings *settings,
		     struct error *err)
{
	hs_auto_free char *absolute = hs_path_absolute(path);
	hs_auto_str struct str bytes = {0};
	struct root host;
	int failed;

	if (hs_root_open(NULL, &host, err))
		return -1;
	failed = hs_root_read(&host, absolute, ANSWERS_MAX, &bytes, err);
	hs_root_close(&host);
	if (failed)
		return -1;
	return hs_answers_read(path, hs_str_text(&bytes), bytes.len, settings,
			       err);
}

int cli_answers_save(const struct job *job, const char *path, struct error *err)
{
	hs_auto_free char *absolute = hs_path_absolute(path);
	hs_auto_str struct str xml = {0};

	hs_answers_write(&job->settings, &xml);
	if (!hs_file_write(absolute, hs_str_text(&xml), xml.len, 0600, true,
			   err))
		return 0;
	hs_error_where(err, "%s", path);
	return -1;
}

/* Reads a descriptor to its end. -1 and errno. */
static int read_secret(int fd, char bytes[static SECRET_MAX + 1],
		       size_t *ret_length)
{
	size_t length = 0;
	ssize_t n;

	do {
		n = read(fd, bytes + length, SECRET_MAX + 1 - length);
		if (n < 0 && errno != EINTR)
			return -1;
		length += n > 0 ? (size_t)n : 0;
	} while (n != 0 && length <= SECRET_MAX);
	if (length > SECRET_MAX) {
		errno = EFBIG;
		return -1;
	}
	*ret_length = length;
	return 0;
}

static void drop_line_end(char *text, size_t length)
{
	text[length] = '\0';
	if (length && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length && text[length - 1] == '\r')
		text[--length] = '\0';
}

static int read_into(int fd, const char *where, struct settings *settings,
		     struct error *err)
{
	char bytes[SECRET_MAX + 1];
	size_t length = 0;
	int failed = read_secret(fd, bytes, &length);

	if (failed) {
		hs_fail_errno(err, HS_CANNOT, "the passphrase");
		hs_error_where(err, "%s", where);
	} else if (memchr(bytes, '\0', length)) {
		failed = hs_fail(err, HS_CANNOT, "the passphrase holds a NUL");
		hs_error_where(err, "%s", where);
	} else {
		drop_line_end(bytes, length);
		failed = hs_question_answer(
			hs_question_by_id("certificate.passphrase"), settings,
			bytes, ORIGIN_FLAG, where, err);
	}
	explicit_bzero(bytes, sizeof(bytes));
	return failed;
}

/* Where a passphrase is read from, and the flags that say so. */
struct secret_source {
	const char *file, *file_flag;
	int fd;
	const char *fd_flag;
};

static int load_secret(const struct secret_source *source,
		       struct settings *settings, struct error *err)
{
	hs_auto_close int fd = -1;

	if (source->fd >= 0)
		return read_into(source->fd, source->fd_flag, settings, err);
	if (!source->file)
		return 0;
	fd = open(source->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		hs_fail_errno(err, HS_CANNOT, "%s", source->file);
		hs_error_where(err, "%s", source->file_flag);
		return -1;
	}
	return read_into(fd, source->file_flag, settings, err);
}

int cli_passphrase_load(const struct options *options,
			struct settings *settings, struct error *err)
{
	const struct secret_source source = {
		options->passphrase_file, "--passphrase-file",
		options->passphrase_fd, "--passphrase-fd"};

	return load_secret(&source, settings, err);
}

int cli_out_passphrase_load(const struct options *options,
			    struct settings *settings, struct error *err)
{
	const struct secret_source source = {
		options->make.passphrase_file, "--out-passphrase-file",
		options->make.passphrase_fd, "--out-passphrase-fd"};

	if (load_secret(&source, settings, err))
		return -1;
	if (settings->certificate_passphrase &&
	    *settings->certificate_passphrase)
		return 0;
	hs_fail(err, HS_USAGE, "the new file needs a passphrase");
	hs_error_where(err, "--out-passphrase-file");
	hs_error_hint(err, "put one into a file that only you can read, and "
			   "write --out-passphrase-file FILE");
	return -1;
}
