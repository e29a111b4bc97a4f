/*
 * What a trial start has to know of the configuration: where nginx writes, so
 * that it can do so apart from everything, and how it starts.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/index.h"
#include "core/server/nginx/host.h"

/* What is found on the way. */
struct look {
	const struct server_facts *server;
	struct nginx_mounts *mounts;
	struct nginx_start *start;
	struct strings logs;
	struct index index; /* of them */
};

static bool is_that(const void *context, size_t item)
{
	const struct strings *logs = &((const struct look *)context)->logs;

	return !strcmp(logs->items[item], logs->items[logs->n - 1]);
}

static char *complete(const struct look *look, const char *path)
{
	const char *prefix = look->server->prefix;

	return hs_nginx_full_path(path, prefix ? prefix : "/");
}

/* Each once. */
static void note_log(struct look *look, const char *path)
{
	char *full;
	uint64_t hash;

	if (!strcmp(path, "off") || !strcmp(path, "stderr") ||
	    strpbrk(path, "$:"))
		return;
	full = complete(look, path);
	hash = hs_index_hash(HS_INDEX_SEED, full, strlen(full));
	HS_PUSH(&look->logs, full);
	if (hs_index_find(&look->index, hash, is_that, look) < 0) {
		hs_index_add(&look->index, hash, look->logs.n - 1);
		return;
	}
	free(full);
	look->logs.n--;
}

static void note_pid(struct look *look, const char *path)
{
	free(look->start->pid_file);
	look->start->pid_file = complete(look, path);
}

static void note_daemon(struct look *look, const char *value)
{
	look->start->foreground = !strcmp(value, "off");
}

/* A socket that is there would be in the way. */
static void note_listen(struct look *look, const char *value)
{
	if (!strncmp(value, "unix:/", 6))
		hs_nginx_mounts_renew(look->mounts, value + 5);
}

static const struct {
	const char *name;
	void (*note)(struct look *look, const char *value);
} notes[] = {
	{"access_log", note_log}, {"error_log", note_log},
	{"lock_file", note_log},  {"pid", note_pid},
	{"daemon", note_daemon},  {"listen", note_listen},
};

static void note_all(struct look *look, const struct ngx_conf *conf)
{
	for (int32_t d = 0; (size_t)d < conf->directives.n; d++) {
		for (size_t i = 0; i < HS_LENGTH(notes); i++) {
			hs_auto_free char *value = NULL;

			if (!hs_nginx_is(conf, d, notes[i].name))
				continue;
			value = hs_nginx_arg(conf, d, 1);
			if (value)
				notes[i].note(look, value);
		}
	}
}

/* What stands on its command line counts as well. */
static void note_globals(struct look *look, const char *globals)
{
	struct ngx_conf conf = {0};

	if (globals &&
	    !hs_nginx_parse("-g", globals, strlen(globals), &conf, NULL))
		note_all(look, &conf);
	hs_nginx_done(&conf);
}

/* What is read has to begin anew.  False: that cannot be made there. */
static bool renew(struct look *look, const char *path)
{
	struct stat st;

	if (!path || (!stat(path, &st) && !S_ISREG(st.st_mode)))
		return false;
	hs_nginx_mounts_renew(look->mounts, path);
	return true;
}

/* Wherever its words go (syslog, standard error, a file of each module), on
 * trial they go to a log of ours as well, beside its PID file. */
static void add_log(struct look *look)
{
	const struct nginx_model *model = look->server->model;
	struct nginx_start *start = look->start;
	hs_auto_free char *path = hs_format("%s.trial", start->pid_file);
	hs_auto_free char *arg = hs_nginx_quote(path);

	/* before 1.5.2 there may be one only */
	if (!arg || model->version < 1005002 || !renew(look, path))
		return;
	hs_replace(&start->log, path);
	free(start->globals);
	start->globals = hs_format("%s error_log %s;",
				   model->globals ? model->globals : "", arg);
}

void hs_nginx_look_at_start(const struct server_facts *server,
			    struct nginx_mounts *mounts,
			    struct nginx_start *ret_start)
{
	const struct nginx_model *model = server->model;
	struct look look = {server, mounts, ret_start, {0}, {0}};

	*ret_start = (struct nginx_start){
		.pid_file = hs_strdup(server->pid_file),
		.globals = hs_strdup(model->globals),
	};
	if (model->access_log)
		note_log(&look, model->access_log);
	note_all(&look, &model->conf);
	note_globals(&look, model->globals);
	if (model->error_log && *model->error_log == '/')
		ret_start->log = hs_strdup(model->error_log);
	renew(&look, ret_start->log);
	HS_EACH(path, &look.logs) {
		if (!ret_start->log || strcmp(*path, ret_start->log) != 0)
			hs_nginx_mounts_drop(mounts, *path);
	}
	if (renew(&look, ret_start->pid_file)) {
		add_log(&look);
	} else {
		free(ret_start->pid_file);
		ret_start->pid_file = NULL;
	}
	hs_strings_done(&look.logs);
	hs_index_done(&look.index);
}
