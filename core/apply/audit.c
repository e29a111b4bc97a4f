#include "core/apply/audit.h"

#include <string.h>
#include <syslog.h>

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

static void send(const struct str *line)
{
	openlog(PACKAGE_NAME, LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", hs_str_text(line));
	closelog();
}

void hs_audit(const char *id, const char *event, const char *who,
	      const char *detail)
{
	hs_auto_str struct str line = {0};

	add(&line, "tx", id);
	add(&line, "event", event);
	add(&line, "who", who);
	add(&line, "detail", detail);
	send(&line);
}

void hs_audit_me(const char *id, const char *event, const char *detail)
{
	hs_auto_free char *name = NULL;
	struct who who;

	hs_who_am_i(&who);
	name = hs_who_text(&who);
	hs_audit(id, event, name, detail);
	hs_who_done(&who);
}

static void tell_file(const char *id, const struct tx_file *file)
{
	hs_auto_str struct str line = {0};

	add(&line, "tx", id);
	add(&line, "event", "file");
	add(&line, "path", file->path);
	add(&line, "before", file->hash_before);
	add(&line, "after", file->hash_after);
	send(&line);
}

void hs_audit_begin(const struct ledger *ledger)
{
	hs_auto_free char *who = hs_who_text(&ledger->who);

	hs_audit(ledger->id, "begin", who, ledger->title);
	HS_EACH(file, &ledger->files)
		tell_file(ledger->id, file);
}
