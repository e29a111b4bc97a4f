/* nginx's own test, of the live configuration or of staged files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "core/server/nginx/host.h"

#define TIMEOUT_MS 20000

/* The line that says why: the first of a level that stops nginx. */
static const char *find_reason(const char *output)
{
	static const char *const levels[] = {"[emerg]", "[alert]", "[crit]",
					     "[error]"};

	for (size_t i = 0; i < HS_LENGTH(levels); i++) {
		const char *at = strstr(output, levels[i]);

		if (at)
			return at + strlen(levels[i]);
	}
	return output;
}

/* " in /path:12" at the end of the message: its length with the blank; 0:
 * there is none. */
static size_t find_place(const char *message, size_t length)
{
	size_t at = length;

	while (at && isdigit((unsigned char)message[at - 1]))
		at--;
	if (at == length || !at || message[at - 1] != ':')
		return 0;
	while (at >= 5 && memcmp(message + at - 5, " in /", 5) != 0)
		at--;
	return at >= 5 ? length - (at - 5) : 0;
}

void hs_nginx_blame(const char *output, enum hs_code code, struct error *err)
{
	const char *message = find_reason(output);
	size_t length, place;
	hs_auto_free char *what = NULL, *where = NULL;

	message += strspn(message, " \n");
	/* "123#123: " of a log line */
	if (message[strspn(message, "0123456789#")] == ':' &&
	    isdigit((unsigned char)*message))
		message = strchr(message, ':') + 1;
	message += strspn(message, " ");
	length = strcspn(message, "\n");
	place = find_place(message, length);
	what = hs_text_safe(message, length - place, 400);
	hs_fail(err, code, "nginx refuses its configuration: %s",
		*what ? what : _("it does not say why"));
	hs_error_id(err, "server.config-broken");
	if (!place)
		return;
	where = hs_text_safe(message + length - place + 4, place - 4, 300);
	hs_error_where(err, "%s", where);
}

/* The command line; `ret_argv` has room. */
static void make_command(const struct server_facts *server,
			 const char *ret_argv[static 12])
{
	const struct nginx_model *model = server->model;
	size_t n = 0;

	ret_argv[n++] = server->binary;
	ret_argv[n++] = "-t";
	ret_argv[n++] = "-c";
	ret_argv[n++] = server->config;
	if (server->prefix) {
		ret_argv[n++] = "-p";
		ret_argv[n++] = server->prefix;
	}
	if (model && model->globals) {
		ret_argv[n++] = "-g";
		ret_argv[n++] = model->globals;
	}
	/* before it has read its configuration it would write to a log that
	 * an ordinary user may not open */
	if (model && model->version >= 1019005) {
		ret_argv[n++] = "-e";
		ret_argv[n++] = "stderr";
	}
	ret_argv[n] = NULL;
}

static int judge(const struct run_result *result, struct error *err)
{
	if (result->timed_out) {
		hs_fail(err, HS_REFUSED,
			"nginx -t did not end within %d seconds",
			TIMEOUT_MS / 1000);
		hs_error_id(err, "server.config-broken");
		hs_error_hint(err, "nothing was changed; look for what it "
				   "waits for");
		return -1;
	}
	if (!result->status)
		return 0;
	hs_nginx_blame(hs_str_text(&result->err), HS_REFUSED, err);
	hs_error_hint(err, "nothing was changed; put that line right and try "
			   "again");
	return -1;
}

int hs_nginx_trial(const struct server_facts *server,
		   const struct staged_files *files, bool *ret_isolated,
		   struct error *err)
{
	const char *argv[12];
	struct run run = {.argv = argv, .timeout_ms = TIMEOUT_MS};
	HS_CLEANUP(hs_run_result_done) struct run_result result = {0};
	struct nginx_mounts *mounts = NULL;
	int started;

	*ret_isolated = false;
	if (!server->binary)
		return 0;
	make_command(server, argv);
	if (files->n) {
		mounts = hs_nginx_mounts(files);
		if (!mounts)
			return 0;
		run.prepare = hs_nginx_mount;
		run.context = mounts;
	}
	/* what fails before nginx runs is the namespace */
	started = hs_run(&run, &result, files->n ? NULL : err);
	hs_nginx_mounts_free(mounts);
	if (started < 0)
		return files->n ? 0 : -1;
	*ret_isolated = files->n > 0;
	return judge(&result, err);
}
