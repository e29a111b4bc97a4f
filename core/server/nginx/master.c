/* Running nginxes, found by what their masters call themselves. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/server/nginx/host.h"
#include "core/server/process.h"

static const char title[] = "nginx: master process ";

/* Which of its arguments take a value, and those that make it a command that
 * ends by itself (ngx_get_options). */
#define VALUED "cpge"
#define FLAGS "q"
#define COMMANDS "vVhtTs?"

/* Where an option's value goes. */
static char **value_of(struct nginx_master *master, char option)
{
	switch (option) {
	case 'c':
		return &master->config;
	case 'p':
		return &master->prefix;
	case 'g':
		return &master->globals;
	default:
		return NULL;
	}
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] &&
	       strchr(VALUED FLAGS COMMANDS, word[1]) &&
	       (!word[2] || strchr(VALUED, word[1]));
}

/* Adds a word to the value of the option before it: the blanks in a title
 * are those between arguments and those within one alike. */
static void add_value(struct nginx_master *master, char option,
		      const char *word)
{
	char **value = value_of(master, option);
	char *longer;

	if (!value)
		return;
	longer = *value ? hs_format("%s %s", *value, word) : hs_strdup(word);
	free(*value);
	*value = longer;
}

/* The arguments behind the program's name; -1: it is a command. */
static int parse_words(char *const *words, size_t n, bool joined,
		       struct nginx_master *master)
{
	char option = '\0';
	bool has_value = false;

	for (size_t i = 0; i < n; i++) {
		const char *word = words[i];

		if (option && (joined ? !is_option(word) : !has_value)) {
			add_value(master, option, word);
			has_value = true;
			continue;
		}
		option = '\0';
		if (!is_option(word))
			continue;
		if (strchr(COMMANDS, word[1]))
			return -1;
		option = strchr(VALUED, word[1]) ? word[1] : '\0';
		has_value = word[2];
		if (has_value)
			add_value(master, option, word + 2);
	}
	return 0;
}

static void split(const char *line, size_t length, char between,
		  struct strings *ret_words)
{
	const char *end = line + length;

	while (line < end) {
		const char *stop = memchr(line, between, (size_t)(end - line));
		size_t size = (size_t)((stop ? stop : end) - line);

		HS_PUSH(ret_words, hs_strndup(line, size));
		line += size + 1;
	}
}

/* A single process (master_process off) keeps its command line.  Programs
 * beside nginx have names that begin like its own, so these are all. */
static bool is_nginx_name(const char *word)
{
	static const char *const names[] = {"nginx", "nginx-debug",
					    "openresty"};
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;

	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

int hs_nginx_parse_master(const char *line, size_t length,
			  struct nginx_master *ret_master)
{
	struct strings words = {0};
	bool joined =
		length >= strlen(title) && !memcmp(line, title, strlen(title));
	int result = -1;

	*ret_master = (struct nginx_master){.single = !joined};
	if (joined) {
		line += strlen(title);
		length = strnlen(line, length - strlen(title));
	}
	split(line, length, joined ? ' ' : '\0', &words);
	if (words.n && (joined || is_nginx_name(words.items[0])))
		result = parse_words(words.items + 1, words.n - 1, joined,
				     ret_master);
	hs_strings_done(&words);
	return result;
}

static void master_done(struct nginx_master *master)
{
	free(master->program);
	free(master->config);
	free(master->prefix);
	free(master->globals);
}

/* -p as an absolute directory: nginx takes it from where it was started. */
static void complete_prefix(struct nginx_master *master)
{
	hs_auto_free char *directory = NULL;
	char *full;

	if (!master->prefix || *master->prefix == '/')
		return;
	directory = hs_process_directory(master->pid);
	full = hs_format("%s/%s", directory ? directory : "", master->prefix);
	free(master->prefix);
	master->prefix = full;
}

static int look_at(pid_t pid, struct nginx_master *ret_master)
{
	hs_auto_str struct str line = {0};

	if (hs_process_read(pid, "cmdline", &line) < 0 || !line.len ||
	    hs_nginx_parse_master(line.data, line.len, ret_master) < 0)
		return -1;
	ret_master->pid = pid;
	return 0;
}

bool hs_nginx_is_master(pid_t pid, bool *ret_single)
{
	struct nginx_master master = {0};
	bool is = !look_at(pid, &master);

	*ret_single = master.single;
	master_done(&master);
	return is;
}

/*
 * Anybody may give his processes any title.  What one of another user says of
 * itself is not acted upon: its program is not run, its -g and -p are not
 * handed to nginx, which loads modules from where they say.
 */
static void distrust(struct nginx_master *master)
{
	long user = hs_process_user(master->pid);

	master->foreign = user != 0 && user != (long)geteuid();
	if (!master->foreign)
		return;
	hs_replace(&master->program, NULL);
	hs_replace(&master->globals, NULL);
}

/* A new worker is called what its master is for a moment.  Its number may be
 * the lower one: numbers begin anew when they have run out. */
static bool is_child(const struct nginx_masters *masters, pid_t pid)
{
	pid_t parent = hs_process_parent(pid);

	HS_EACH(master, masters) {
		if (master->pid == parent)
			return true;
	}
	return false;
}

/* Whatever is called a master. */
static void find_titles(struct nginx_masters *ret_masters)
{
	struct pids pids = {0};

	hs_processes(&pids);
	HS_EACH(pid, &pids) {
		struct nginx_master master = {0};

		if (look_at(*pid, &master) < 0 ||
		    !hs_process_shares_files(*pid))
			master_done(&master);
		else
			HS_PUSH(ret_masters, master);
	}
	HS_ARRAY_FREE(&pids);
}

void hs_nginx_find_masters(struct nginx_masters *ret_masters)
{
	struct nginx_masters titles = {0};

	find_titles(&titles);
	HS_EACH(master, &titles) {
		if (is_child(&titles, master->pid)) {
			master_done(master);
			continue;
		}
		master->program = hs_process_program(master->pid);
		complete_prefix(master);
		distrust(master);
		HS_PUSH(ret_masters, *master);
	}
	HS_ARRAY_FREE(&titles);
}

char *hs_nginx_master_config(const struct nginx_master *master,
			     const struct nginx_build *build)
{
	const char *prefix = master->prefix ? master->prefix : build->prefix;
	size_t length = strlen(prefix);
	hs_auto_free char *with_slash = hs_format(
		"%s%s", prefix, length && prefix[length - 1] == '/' ? "" : "/");

	return hs_nginx_full_path(
		master->config ? master->config : build->config, with_slash);
}

void hs_nginx_masters_done(struct nginx_masters *masters)
{
	HS_EACH(master, masters)
		master_done(master);
	HS_ARRAY_FREE(masters);
}
