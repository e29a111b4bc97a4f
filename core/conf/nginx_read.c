/* A whole configuration: the main file and all it includes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/i18n.h"
#include "core/base/index.h"
#include "core/base/text.h"
#include "core/conf/nginx_parse.h"

/* Deeper includes would exhaust a walk, and nginx's patience. */
#define DEPTH_MAX (NGX_DEPTH - 1)

/* Where a file stands while it is read. */
enum state { FILE_NEW, FILE_OPEN, FILE_DONE };
struct progress {
	enum state state;
	int height; /* how deep its own includes go */
};

struct reader {
	const struct root *root;
	struct ngx_conf *conf;
	char *directory; /* of the main file; with a slash at its end */
	struct index by_path, by_real;
	char *parent, *parent_real; /* directory resolved last */
	struct progresses HS_ARRAY(struct progress) progress;
};

static void reader_done(struct reader *reader)
{
	free(reader->directory);
	hs_index_done(&reader->by_path);
	hs_index_done(&reader->by_real);
	free(reader->parent);
	free(reader->parent_real);
	HS_ARRAY_FREE(&reader->progress);
}

/* A path looked for among the files. */
struct key {
	const struct ngx_conf *conf;
	const char *text;
};

static bool is_path(const void *context, size_t file)
{
	const struct key *key = context;

	return !strcmp(key->conf->files.items[file].path, key->text);
}

static bool is_real(const void *context, size_t file)
{
	const struct key *key = context;

	return !strcmp(key->conf->files.items[file].real, key->text);
}

static uint64_t hash_path(const char *path)
{
	return hs_index_hash(HS_INDEX_SEED, path, strlen(path));
}

/* The file known by that path; NGX_NONE. */
static int32_t look_up(const struct reader *reader, const char *path)
{
	struct key key = {reader->conf, path};

	return (int32_t)hs_index_find(&reader->by_path, hash_path(path),
				      is_path, &key);
}

/* The file known by that path without links in it; NGX_NONE. */
static int32_t look_up_real(const struct reader *reader, const char *real)
{
	struct key key = {reader->conf, real};

	return (int32_t)hs_index_find(&reader->by_real, hash_path(real),
				      is_real, &key);
}

/* Whether the last part of a path is a link, as far as that can be seen: one
 * call of the system on the host. */
static bool is_link(const struct reader *reader, const char *path)
{
	hs_auto_close int fd = -1;
	struct stat st;
	char target;

	if (!hs_root_is_offline(reader->root))
		return readlink(path, &target, 1) >= 0 || errno != EINVAL;
	fd = hs_root_openat(reader->root, path, O_PATH | O_NOFOLLOW);
	return fd < 0 || fstat(fd, &st) || S_ISLNK(st.st_mode);
}

/* hs_root_resolve(), with the directory of many files resolved once. */
static char *resolve(struct reader *reader, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (!length || !strcmp(slash, "/.") || !strcmp(slash, "/..") ||
	    !slash[1] || is_link(reader, path))
		return hs_root_resolve(reader->root, path);
	if (!reader->parent || strncmp(reader->parent, path, length) != 0 ||
	    reader->parent[length]) {
		free(reader->parent);
		free(reader->parent_real);
		reader->parent = hs_strndup(path, length);
		reader->parent_real =
			hs_root_resolve(reader->root, reader->parent);
	}
	if (!reader->parent_real || !reader->parent_real[1])
		return hs_root_resolve(reader->root, path);
	return hs_format("%s%s", reader->parent_real, slash);
}

/* The file of that path, added when it is new. NGX_NONE and errno when there
 * is none.  Takes `path`. */
static int32_t need_file(struct reader *reader, char *path)
{
	struct progress fresh = {0};
	int32_t file = look_up(reader, path);
	char *real = NULL;

	if (file == NGX_NONE) {
		real = resolve(reader, path);
		if (real)
			file = look_up_real(reader, real);
	}
	if (file != NGX_NONE || !real) {
		free(real);
		free(path);
		return file;
	}
	if (!strcmp(real, path)) {
		free(real);
		real = path;
	}
	file = hs_nginx_add_file(reader->conf, path, real);
	HS_PUSH(&reader->progress, fresh);
	hs_index_add(&reader->by_path, hash_path(path), (size_t)file);
	hs_index_add(&reader->by_real, hash_path(real), (size_t)file);
	return file;
}

static int refuse(const struct reader *reader, int32_t directive,
		  const char *what, struct error *err)
{
	const struct ngx_directive *d = hs_nginx_get(reader->conf, directive);

	return hs_nginx_refuse(reader->conf->files.items[d->file].path, d->line,
			       "server.config-broken", what, err);
}

/* What may not be read is no fault of the configuration. */
static int refuse_missing(const struct reader *reader, int32_t directive,
			  const char *path, int reason, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 200);
	hs_auto_free char *what =
		hs_format(_("the included file %s cannot be read: %s"), safe,
			  strerror(reason));

	if (err && err->code == HS_OK)
		err->sys = reason;
	if (reason != EACCES)
		return refuse(reader, directive, what, err);
	hs_fail(err, HS_CANNOT, "%s", what);
	hs_error_hint(err, "run as a user who may read it");
	return -1;
}

/* Adds to the list of what the include directive reaches. */
static void add_include(struct reader *reader, int32_t directive, int32_t file)
{
	HS_PUSH(&reader->conf->includes, file);
	reader->conf->files.items[file].included++;
}

/* The files an include directive names, without reading them yet. */
static int expand(struct reader *reader, int32_t directive, struct error *err)
{
	struct ngx_conf *conf = reader->conf;
	hs_auto_free char *name = hs_nginx_arg(conf, directive, 1);
	hs_auto_free char *pattern = NULL;
	struct strings paths = {0};

	conf->directives.items[directive].include = (int32_t)conf->includes.n;
	if (!name)
		return 0;
	pattern = *name == '/' ? hs_strdup(name)
			       : hs_format("%s%s", reader->directory, name);
	if (!strpbrk(pattern, "*?["))
		hs_strings_add(&paths, pattern);
	else if (hs_root_glob(reader->root, pattern, &paths, err) < 0)
		return -1;
	HS_EACH(path, &paths) {
		int32_t file = need_file(reader, hs_strdup(*path));

		if (file == NGX_NONE) {
			refuse_missing(reader, directive, *path, errno, err);
			hs_strings_done(&paths);
			return -1;
		}
		add_include(reader, directive, file);
	}
	hs_strings_done(&paths);
	return 0;
}

static int read_file(struct reader *reader, int32_t file, int depth,
		     struct error *err);

/* The file as far as one include directive needs it. */
static int follow(struct reader *reader, int32_t directive, int32_t file,
		  int depth, struct error *err)
{
	struct error why = {0};
	int deepest;

	if (reader->progress.items[file].state == FILE_OPEN)
		return refuse(reader, directive,
			      _("this include comes back to its own file"),
			      err);
	if (reader->progress.items[file].state == FILE_NEW &&
	    depth <= DEPTH_MAX && read_file(reader, file, depth, &why) < 0) {
		if (why.code == HS_CANNOT)
			return refuse_missing(
				reader, directive,
				reader->conf->files.items[file].path, why.sys,
				err);
		if (err && err->code == HS_OK)
			*err = why;
		return -1;
	}
	deepest = depth + reader->progress.items[file].height;
	if (depth > DEPTH_MAX || deepest > DEPTH_MAX)
		return refuse(reader, directive, _("includes nest too deep"),
			      err);
	return 0;
}

/* One include directive of `file`, which stands `depth` includes deep. */
static int include(struct reader *reader, int32_t directive, int32_t file,
		   int depth, struct error *err)
{
	struct ngx_includes *includes = &reader->conf->includes;
	size_t i = includes->n;
	int32_t next;

	if (expand(reader, directive, err) < 0)
		return -1;
	HS_PUSH(includes, NGX_NONE);
	for (; (next = includes->items[i]) != NGX_NONE; i++) {
		int height;

		if (follow(reader, directive, next, depth + 1, err) < 0)
			return -1;
		height = reader->progress.items[next].height + 1;
		if (height > reader->progress.items[file].height)
			reader->progress.items[file].height = height;
	}
	return 0;
}

/* Gives back what the bytes do not need: there may be 10,000 of them. */
static void trim(struct str *bytes)
{
	if (bytes->cap < bytes->len + 64)
		return;
	bytes->cap = bytes->len + 1;
	bytes->data = hs_realloc(bytes->data, bytes->cap, 1);
}

static int read_file(struct reader *reader, int32_t file, int depth,
		     struct error *err)
{
	struct ngx_conf *conf = reader->conf;
	struct str bytes = {0};
	size_t from = conf->directives.n, to;

	if (hs_root_read(reader->root, conf->files.items[file].path,
			 NGX_FILE_MAX, &bytes, err) < 0)
		return -1;
	trim(&bytes);
	conf->files.items[file].bytes = bytes;
	reader->progress.items[file].state = FILE_OPEN;
	if (hs_nginx_parse_file(conf, file, err) < 0)
		return -1;
	to = conf->directives.n;
	for (size_t i = from; i < to; i++) {
		if (hs_nginx_is(conf, (int32_t)i, "include") &&
		    include(reader, (int32_t)i, file, depth, err) < 0)
			return -1;
	}
	reader->progress.items[file].state = FILE_DONE;
	return 0;
}

static int read_all(struct reader *reader, const char *path, struct error *err)
{
	int32_t file = need_file(reader, hs_strdup(path));

	if (file == NGX_NONE) {
		hs_auto_free char *safe = hs_text_safe(path, strlen(path), 300);

		hs_fail_errno(err, HS_CANNOT,
			      "the nginx configuration %s cannot be read",
			      safe);
		return -1;
	}
	return read_file(reader, file, 0, err);
}

int hs_nginx_read(const struct root *root, const char *path,
		  struct ngx_conf *ret_conf, struct error *err)
{
	struct reader reader = {.root = root, .conf = ret_conf};
	const char *slash = strrchr(path, '/');
	int result;

	*ret_conf = (struct ngx_conf){0};
	reader.directory =
		hs_strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
	result = read_all(&reader, path, err);
	reader_done(&reader);
	if (result < 0)
		hs_nginx_done(ret_conf);
	return result;
}
