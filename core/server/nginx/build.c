/* What an nginx program says of itself: `nginx -V`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/run.h"
#include "core/base/text.h"
#include "core/server/nginx/host.h"

#define TIMEOUT_MS 10000

int hs_nginx_version(const char *text)
{
	int major, minor, patch;

	if (sscanf(text, "%d.%d.%d", &major, &minor, &patch) != 3 ||
	    major < 0 || major > 999 || minor < 0 || minor > 999 || patch < 0 ||
	    patch > 999)
		return 0;
	return major * 1000000 + minor * 1000 + patch;
}

/* "nginx version: nginx/1.22.1 (Debian)"; forks that tell the version of
 * nginx they were made from put it in parentheses behind theirs. */
static const char *find_version(const char *text)
{
	size_t line = strcspn(text, "\n");
	const char *base = memmem(text, line, "(nginx/", 7);
	const char *slash = memchr(text, '/', line);

	if (strncmp(text, "nginx version:", 14) != 0)
		return NULL;
	if (base)
		return base + 7;
	return slash ? slash + 1 : NULL;
}

/* One argument of configure, quotes taken off; NULL at the end. */
static char *next_argument(const char **at)
{
	struct str word = {0};
	bool quoted = false;

	*at += strspn(*at, " \n");
	if (!**at)
		return NULL;
	for (; **at && (quoted || !strchr(" \n", **at)); (*at)++) {
		if (**at == '\'')
			quoted = !quoted;
		else
			hs_str_putc(&word, **at);
	}
	return hs_str_take(&word);
}

struct option {
	const char *name;
	size_t offset; /* of a char * in struct nginx_build */
};

static const struct option options[] = {
	{"--prefix=", offsetof(struct nginx_build, prefix)},
	{"--conf-path=", offsetof(struct nginx_build, config)},
	{"--pid-path=", offsetof(struct nginx_build, pid_file)},
	{"--error-log-path=", offsetof(struct nginx_build, error_log)},
	{"--http-log-path=", offsetof(struct nginx_build, access_log)},
};

static void take_argument(const char *argument, struct nginx_build *build)
{
	for (size_t i = 0; i < HS_LENGTH(options); i++) {
		size_t length = strlen(options[i].name);

		if (!strncmp(argument, options[i].name, length))
			hs_replace((char **)((char *)build + options[i].offset),
				   argument + length);
	}
	if (!strcmp(argument, "--with-http_ssl_module"))
		build->ssl = true;
	if (!strcmp(argument, "--with-http_v2_module"))
		build->http2 = true;
}

char *hs_nginx_full_path(const char *path, const char *prefix)
{
	return *path == '/' ? hs_strdup(path) : hs_format("%s%s", prefix, path);
}

static void complete_path(char **path, const char *standard, const char *prefix)
{
	char *full = hs_nginx_full_path(*path ? *path : standard, prefix);

	free(*path);
	*path = full;
}

/* What configure was not told has nginx's defaults (auto/options). */
static void complete_paths(struct nginx_build *build)
{
	const char *prefix = build->prefix ? build->prefix : "/usr/local/nginx";
	size_t length = strlen(prefix);
	char *full = hs_format("%s%s", prefix,
			       length && prefix[length - 1] == '/' ? "" : "/");

	free(build->prefix);
	build->prefix = full;
	complete_path(&build->config, "conf/nginx.conf", full);
	complete_path(&build->pid_file, "logs/nginx.pid", full);
	if (!build->error_log || strcmp(build->error_log, "stderr") != 0)
		complete_path(&build->error_log, "logs/error.log", full);
	complete_path(&build->access_log, "logs/access.log", full);
}

int hs_nginx_parse_build(const char *text, struct nginx_build *ret_build)
{
	const char *version, *arguments;
	char *argument;

	*ret_build = (struct nginx_build){0};
	version = find_version(text);
	if (!version)
		return -1;
	ret_build->version =
		hs_strndup(version, strspn(version, "0123456789."));
	ret_build->number = hs_nginx_version(version);
	ret_build->sni = !strstr(text, "TLS SNI support disabled");
	arguments = strstr(text, "configure arguments:");
	if (arguments)
		arguments += strlen("configure arguments:");
	while (arguments && (argument = next_argument(&arguments))) {
		take_argument(argument, ret_build);
		free(argument);
	}
	complete_paths(ret_build);
	return 0;
}

int hs_nginx_ask_build(const char *binary, struct nginx_build *ret_build,
		       struct error *err)
{
	const char *const argv[] = {binary, "-V", NULL};
	struct run run = {.argv = argv, .timeout_ms = TIMEOUT_MS};
	hs_auto_run_result struct run_result result = {0};
	hs_auto_free char *safe = hs_text_safe(binary, strlen(binary), 200);

	*ret_build = (struct nginx_build){0};
	if (hs_run(&run, &result, err) < 0)
		return -1;
	if (result.status ||
	    hs_nginx_parse_build(hs_str_text(&result.err), ret_build) < 0) {
		hs_fail(err, HS_CANNOT, "%s -V does not answer as nginx does",
			safe);
		hs_error_hint(err, "name the program with --server-binary");
		return -1;
	}
	return 0;
}

void hs_nginx_build_done(struct nginx_build *build)
{
	free(build->version);
	free(build->prefix);
	free(build->config);
	free(build->pid_file);
	free(build->error_log);
	free(build->access_log);
	*build = (struct nginx_build){0};
}
