#include "core/apply/journal/audit.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"

#define VALUE_MAX 300

/* key="value": one line whatever stands in it. */
static void add(struct str *line, const char *key, const char *value)
{
	hs_auto_free char *safe = NULL;

	if (!value)
		return;
	safe = hs_text_safe(value, strlen(value), VALUE_MAX);
	hs_str_printf(line, "%s%s=\"", line->len ? " " : "", key);
	for (const char *at = safe; *at; at++) {
		if (*at == '"' || *at == '\\')
			hs_str_putc(line, '\\');
		hs_str_putc(line, *at);
	}
	hs_str_putc(line, '"');
}

/* The socket of whoever keeps the log, of either kind, or -1. */
static int open_log(int *ret_kind)
{
	static const int kinds[] = {SOCK_DGRAM, SOCK_STREAM};
	const struct sockaddr_un address = {
		.sun_family = AF_UNIX,
		.sun_path = _PATH_LOG,
	};

	for (size_t i = 0; i < HS_LENGTH(kinds); i++) {
		int fd = socket(AF_UNIX,
				kinds[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		*ret_kind = kinds[i];
		if (fd >= 0 && !connect(fd, (const struct sockaddr *)&address,
					sizeof(address)))
			return fd;
		hs_cleanup_close(&fd);
	}
	return -1;
}

/* syslog(3) would wait for one who does not listen, and a change that is half
 * made cannot. */
static void tell_log(const struct str *line)
{
	int kind;
	hs_auto_close int fd = open_log(&kind);
	hs_auto_str struct str text = {0};
	time_t now = time(NULL);
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%b %e %H:%M:%S", &tm);
	hs_str_printf(&text, "<%d>%s " PACKAGE_NAME "[%ld]: %s",
		      LOG_AUTHPRIV | LOG_NOTICE, when, (long)getpid(),
		      hs_str_text(line));
	/* in a stream each ends with its NUL */
	(void)!(fd >= 0 && send(fd, text.data, text.len + (kind == SOCK_STREAM),
				MSG_NOSIGNAL) < 0);
}

void hs_audit(const char *id, const char *event, const char *who,
	      const char *detail)
{
	hs_auto_str struct str line = {0};

	add(&line, "tx", id);
	add(&line, "event", event);
	add(&line, "who", who);
	add(&line, "detail", detail);
	tell_log(&line);
}

void hs_audit_me(const char *id, const char *event, const char *detail)
{
	hs_auto_free char *me = hs_who_me();

	hs_audit(id, event, me, detail);
}

void hs_audit_look(const char *id, enum checked checked, const char *detail)
{
	hs_auto_str struct str line = {0};

	add(&line, "tx", id);
	add(&line, "event", "verify");
	add(&line, "result", checked == CHECKED_RIGHT ? "right" : "wrong");
	add(&line, "detail", detail);
	tell_log(&line);
}

static void tell_file(const char *id, const struct tx_file *file)
{
	hs_auto_str struct str line = {0};

	add(&line, "tx", id);
	add(&line, "event", "file");
	add(&line, "path", file->path);
	add(&line, "before", file->hash_before);
	add(&line, "after", file->hash_after);
	tell_log(&line);
}

void hs_audit_begin(const struct ledger *ledger)
{
	hs_auto_free char *who = hs_who_text(&ledger->who);

	hs_audit(ledger->id, "begin", who, ledger->title);
	HS_EACH(file, &ledger->files)
		tell_file(ledger->id, file);
}
