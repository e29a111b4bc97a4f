#include "core/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "core/base/str.h"
#include "core/base/text.h"

static int log_fd = -1;
static void (*log_sink)(const char *line);

int hs_log_open(const char *path, struct error *err)
{
	int fd = open(path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			      O_NONBLOCK,
		      0600);

	if (fd < 0) {
		int sys = errno;
		hs_auto_free char *safe = hs_text_safe(path, strlen(path), 200);

		errno = sys;
		hs_fail_errno(err, HS_CANNOT, "cannot write the log %s", safe);
		hs_error_where(err, "--log");
		return -1;
	}
	if (log_fd >= 0)
		close(log_fd);
	log_fd = fd;
	return 0;
}

void hs_log_sink(void (*sink)(const char *line))
{
	log_sink = sink;
}

void hs_log_close(void)
{
	log_fd = -1;
	log_sink = NULL;
}

/* One write per line, so that lines of two programs do not mix. A log that
 * cannot be written must not stop the work. */
static void append(const char *line)
{
	hs_auto_str struct str out = {0};
	struct timespec now;
	struct tm tm;
	char stamp[32];
	ssize_t ignored;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	hs_str_printf(&out, "%s.%03ldZ [%d] %s\n", stamp, now.tv_nsec / 1000000,
		      (int)getpid(), line);
	ignored = write(log_fd, out.data, out.len);
	(void)ignored;
}

void hs_log(const char *format, ...)
{
	hs_auto_str struct str raw = {0};
	hs_auto_free char *line = NULL;
	int sys = errno;
	va_list args;

	if (log_fd < 0 && !log_sink)
		return;
	va_start(args, format);
	hs_str_vprintf(&raw, format, args);
	va_end(args);
	line = hs_text_safe(hs_str_text(&raw), raw.len, 4096);
	if (log_fd >= 0)
		append(line);
	if (log_sink)
		log_sink(line);
	errno = sys;
}
