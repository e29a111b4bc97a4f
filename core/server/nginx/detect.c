/* Finding nginx: its program, the one that runs, its configuration. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "core/server/nginx/host.h"
#include "core/server/process.h"

/* What detection works with. */
struct search {
	const struct root *root;
	const struct server_hint *hint;
	struct server_facts *facts;
	struct nginx_model *model;
	struct nginx_build build;
	struct nginx_masters masters;
	char *config;			   /* the hint's, absolute; or NULL */
	const struct nginx_master *master; /* the one that runs; or NULL */
};

static void free_model(void *pointer)
{
	struct nginx_model *model = pointer;

	hs_nginx_done(&model->conf);
	HS_ARRAY_FREE(&model->servers);
	HS_ARRAY_FREE(&model->tls);
	free(model->globals);
	free(model->error_log);
	free(model->access_log);
	free(model);
}

static void search_done(struct search *search)
{
	hs_nginx_build_done(&search->build);
	hs_nginx_masters_done(&search->masters);
	free(search->config);
}

static bool is_file(const struct root *root, const char *path)
{
	struct stat st;

	return !hs_root_stat(root, path, &st) && S_ISREG(st.st_mode);
}

static bool is_directory(const struct root *root, const char *path)
{
	struct stat st;

	return !hs_root_stat(root, path, &st) && S_ISDIR(st.st_mode);
}

/* Red Hat and its kin keep certificates below /etc/pki. */
static char *find_certificates(const struct search *search)
{
	if (search->hint->certificates)
		return hs_path_absolute(search->hint->certificates);
	return hs_strdup(is_directory(search->root, "/etc/pki/tls")
				 ? "/etc/pki/tls/https-setup"
				 : "/etc/ssl/https-setup");
}

/* Whether two paths lead to one file. */
static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	if (!strcmp(one, other))
		return true;
	return !stat(one, &a) && !stat(other, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* How many run that are not of another user. */
static size_t own_masters(const struct search *search)
{
	size_t n = 0;

	HS_EACH(master, &search->masters)
		n += !master->foreign;
	return n;
}

/* The program: the one named, that of the nginx which runs, the one in PATH,
 * or where its makers put it. */
static char *find_binary(const struct search *search)
{
	static const char *const places[] = {
		"/usr/local/nginx/sbin/nginx",
		"/usr/local/openresty/nginx/sbin/nginx",
		"/opt/openresty/nginx/sbin/nginx",
		"/opt/nginx/sbin/nginx",
		"/opt/local/sbin/nginx",
	};
	const char *named = search->hint->binary;
	char *found;

	if (named)
		return strchr(named, '/') ? hs_path_absolute(named)
					  : hs_run_find(named);
	HS_EACH(master, &search->masters) {
		bool meant = search->config && master->config &&
			     is_same_file(search->config, master->config);

		if (master->program && (meant || own_masters(search) == 1))
			return hs_strdup(master->program);
	}
	found = hs_run_find("nginx");
	for (size_t i = 0; !found && i < HS_LENGTH(places); i++) {
		if (!access(places[i], X_OK))
			found = hs_strdup(places[i]);
	}
	return found;
}

static void add_problem(struct search *search, const char *id, const char *what)
{
	hs_problem_add(&search->facts->problems, id, NULL, what);
}

static void refuse_several(struct search *search, const struct str *configs)
{
	hs_auto_free char *safe =
		hs_text_safe(configs->data, configs->len, 300);
	hs_auto_free char *what =
		hs_format(_("several nginx run here, none with the standard "
			    "configuration: choose one with --server-config "
			    "(%s)"),
			  safe);

	add_problem(search, "server.ambiguous-site", what);
}

/*
 * The one that runs with the configuration asked for, else the one with the
 * standard one, else the only one.  Titles may be cut off: a name that leads
 * nowhere tells nothing.
 */
static void choose_master(struct search *search)
{
	const char *wanted =
		search->config ? search->config : search->build.config;
	const struct nginx_master *only = NULL;
	hs_auto_str struct str configs = {0};
	size_t others = 0;

	HS_EACH(master, &search->masters) {
		hs_auto_free char *config =
			hs_nginx_master_config(master, &search->build);

		if (master->foreign && !search->config)
			continue;
		if (is_same_file(config, wanted)) {
			search->master = master;
			if (!master->foreign)
				return;
		}
		if (!is_file(search->root, config))
			continue;
		only = master;
		hs_str_printf(&configs, "%s%s", others++ ? ", " : "", config);
	}
	if (search->config)
		return;
	if (others > 1)
		refuse_several(search, &configs);
	else
		search->master = only;
}

static char *find_config(const struct search *search)
{
	if (search->config)
		return hs_strdup(search->config);
	if (search->master)
		return hs_nginx_master_config(search->master, &search->build);
	return hs_strdup(search->build.config);
}

static void set_running(struct search *search, pid_t pid, bool single)
{
	struct server_facts *facts = search->facts;

	if (single) {
		facts->abilities &= ~(unsigned)SERVER_RELOAD;
		add_problem(search, "server.unsupported-syntax",
			    _("this nginx runs with `master_process off`, and "
			      "such a one stops answering when it is reloaded: "
			      "run it with workers"));
	}
	facts->running = true;
	facts->pid = pid;
	facts->may_signal = !kill(pid, 0);
	search->model->started = hs_process_started(pid);
	search->model->implicit_port = hs_process_user(pid) ? 8000 : 80;
}

/* The first argument of a directive of the main context, completed. */
static char *main_path(const struct search *search, const char *name,
		       const char *standard)
{
	const struct ngx_conf *conf = &search->model->conf;
	int32_t d = hs_nginx_find(conf, NGX_NONE, name);
	hs_auto_free char *path =
		d == NGX_NONE ? NULL : hs_nginx_arg(conf, d, 1);

	if (!path)
		return hs_strdup(standard);
	return search->facts->prefix
		       ? hs_nginx_full_path(path, search->facts->prefix)
		       : hs_steal(path);
}

/* By the PID file, for one whose title was cut off or overwritten. */
static void look_in_pid_file(struct search *search)
{
	hs_auto_str struct str text = {0};
	bool single;
	pid_t pid;

	if (search->master ||
	    hs_root_read(search->root, search->facts->pid_file, 64, &text,
			 NULL) < 0)
		return;
	pid = (pid_t)strtol(hs_str_text(&text), NULL, 10);
	HS_EACH(master, &search->masters) {
		hs_auto_free char *config =
			hs_nginx_master_config(master, &search->build);

		/* it runs for sure, but with another configuration */
		if (master->pid == pid && !access(config, F_OK))
			return;
	}
	if (pid > 0 && hs_nginx_is_master(pid, &single) &&
	    hs_process_shares_files(pid))
		set_running(search, pid, single);
}

/* Reads the configuration; what is wrong with it becomes a problem. */
static int read_config(struct search *search, struct error *err)
{
	struct server_facts *facts = search->facts;
	struct error own = {0};

	if (!hs_nginx_read(search->root, facts->config, &search->model->conf,
			   &own)) {
		search->model->http =
			hs_nginx_find(&search->model->conf, NGX_NONE, "http");
		hs_nginx_list_sites(facts);
		return 0;
	}
	if (own.code == HS_REFUSED) {
		hs_problem_add(&facts->problems, own.id, own.where, own.what);
		return 0;
	}
	if (err && err->code == HS_OK)
		*err = own;
	return -1;
}

static void take_build(struct search *search)
{
	struct server_facts *facts = search->facts;
	const struct nginx_build *build = &search->build;

	facts->version = hs_strdup(build->version);
	search->model->version = build->number;
	facts->prefix = search->master && search->master->prefix &&
					!search->master->foreign
				? hs_format("%s/", search->master->prefix)
				: hs_strdup(build->prefix);
	if (!build->http2)
		facts->abilities &= ~(unsigned)SERVER_HTTP2;
	if (!build->sni)
		facts->abilities &= ~(unsigned)SERVER_SNI;
	if (build->number < 1013000)
		facts->abilities &= ~(unsigned)SERVER_REDIRECT_308;
	if (!build->ssl)
		add_problem(search, "server.module-missing",
			    _("this nginx was built without "
			      "http_ssl_module"));
}

/* The facts that are there in any case. */
static void begin_facts(struct search *search)
{
	struct server_facts *facts = search->facts;

	search->model = hs_alloc(sizeof(*search->model));
	search->model->http = NGX_NONE;
	search->model->implicit_port =
		hs_root_is_offline(search->root) || !geteuid() ? 80 : 8000;
	facts->id = hs_nginx_ops.id;
	facts->title = hs_nginx_ops.title;
	facts->abilities = hs_nginx_ops.abilities;
	facts->certificates = find_certificates(search);
	facts->model = search->model;
	facts->model_free = free_model;
}

static int fill_facts(struct search *search, struct error *err)
{
	struct server_facts *facts = search->facts;

	take_build(search);
	if (search->master) {
		search->model->globals = hs_strdup(search->master->globals);
		set_running(search, search->master->pid,
			    search->master->single);
	}
	if (read_config(search, err) < 0)
		return -1;
	facts->pid_file = main_path(search, "pid", search->build.pid_file);
	look_in_pid_file(search);
	search->model->error_log =
		main_path(search, "error_log", search->build.error_log);
	search->model->access_log = hs_strdup(search->build.access_log);
	return 0;
}

static int detect_live(struct search *search, struct error *err)
{
	hs_auto_free char *binary = NULL;
	hs_auto_free char *config = NULL;

	hs_nginx_find_masters(&search->masters);
	binary = find_binary(search);
	if (!binary || hs_nginx_ask_build(binary, &search->build,
					  search->hint->binary ? err : NULL))
		return search->hint->binary && err && err->code ? -1 : 0;
	choose_master(search);
	config = find_config(search);
	if (!is_file(search->root, config) && errno == ENOENT)
		return 0;
	begin_facts(search);
	search->facts->binary = hs_steal(binary);
	search->facts->config = hs_steal(config);
	return fill_facts(search, err);
}

/* The version of an installed package, from dpkg's status file: the text up to
 * the first '-', without an epoch. */
static char *packaged_version(const struct root *root)
{
	hs_auto_str struct str status = {0};
	const char *entry, *end, *version;

	if (hs_root_read(root, "/var/lib/dpkg/status", 64u << 20, &status,
			 NULL) < 0)
		return NULL;
	entry = strstr(hs_str_text(&status), "Package: nginx\n");
	if (!entry)
		return NULL;
	end = strstr(entry, "\n\n");
	version = strstr(entry, "\nVersion: ");
	if (!version || (end && version > end))
		return NULL;
	version += strlen("\nVersion: ");
	if (version[strspn(version, "0123456789")] == ':')
		version = strchr(version, ':') + 1;
	return hs_strndup(version, strspn(version, "0123456789."));
}

/* A file that somebody named may be another server's: no configuration of
 * nginx begins as XML does, or as UTF-16. */
static bool is_xml(const struct root *root, const char *path)
{
	hs_auto_close int fd = hs_root_openat(root, path, O_RDONLY);
	unsigned char start[64] = {0};
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start) - 1);
	size_t skip = 0;

	if (length >= 2 && start[0] + start[1] == 0xfe + 0xff)
		return true;
	if (!memcmp(start, "\xef\xbb\xbf", 3))
		skip = 3;
	skip += strspn((char *)start + skip, " \t\r\n");
	return length > 0 && start[skip] == '<';
}

/* A tree that does not run: its files alone tell. */
static int detect_offline(struct search *search, struct error *err)
{
	static const char *const places[] = {
		"/etc/nginx/nginx.conf",
		"/usr/local/nginx/conf/nginx.conf",
		"/usr/local/openresty/nginx/conf/nginx.conf",
		"/opt/openresty/nginx/conf/nginx.conf",
		"/usr/local/etc/nginx/nginx.conf",
	};
	const char *config = search->hint->config;
	char *version;

	for (size_t i = 0; !config && i < HS_LENGTH(places); i++) {
		if (is_file(search->root, places[i]))
			config = places[i];
	}
	if (!config || !is_file(search->root, config) ||
	    is_xml(search->root, config))
		return 0;
	begin_facts(search);
	version = packaged_version(search->root);
	search->facts->version = version;
	search->facts->config = hs_strdup(config);
	search->model->version = version ? hs_nginx_version(version) : 0;
	return read_config(search, err);
}

int hs_nginx_detect(const struct root *root, const struct server_hint *hint,
		    struct server_facts *ret_facts, struct error *err)
{
	HS_CLEANUP(search_done)
	struct search search = {
		.root = root,
		.hint = hint,
		.facts = ret_facts,
	};

	if (hs_root_is_offline(root))
		return detect_offline(&search, err);
	search.config = hint->config ? hs_path_absolute(hint->config) : NULL;
	return detect_live(&search, err);
}
