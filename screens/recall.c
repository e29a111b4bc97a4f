/* What might be meant by what is typed: paths on this machine, names of the
 * certificate and of the site, usual numbers. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/str.h"
#include "screens/screen.h"

/* More than that is no help any more. */
#define ENTRIES_MAX 500

/* Usual answers, where the catalogue has no list of them. */
static const struct {
	const char *id;
	const char *words[5];
} usual[] = {
	{"bindings.https-port", {"443", "8443"}},
	{"bindings.http-port", {"80", "8080"}},
	{"hsts.max-age", {"1y", "2y", "30d", "1d"}},
	{"apply.confirm-within", {"120", "60", "300", "0"}},
};

static void add_usual(const char *id, struct strings *list)
{
	for (size_t i = 0; i < HS_LENGTH(usual); i++)
		for (size_t k = 0;
		     strcmp(usual[i].id, id) == 0 && usual[i].words[k]; k++)
			hs_strings_add(list, usual[i].words[k]);
}

static void add_names(const struct facts *facts, struct strings *list)
{
	const struct certificate *leaf = hs_bundle_leaf(&facts->bundle);

	if (leaf)
		HS_EACH(name, &leaf->dns_names)
			if (strncmp(*name, "*.", 2) != 0)
				hs_strings_add(list, *name);
	if (facts->site)
		HS_EACH(name, &facts->site->names)
			hs_strings_add(list, *name);
}

static void add_addresses(const struct facts *facts, struct strings *list)
{
	hs_strings_add(list, "*");
	if (facts->site)
		HS_EACH(listen, &facts->site->listens)
			if (strcmp(listen->address, "*") != 0)
				hs_strings_add(list, listen->address);
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What the directory of that path holds; hidden files when they are asked
 * for. */
static void add_files(const char *text, struct strings *list)
{
	const char *slash = strrchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) + 1 : 0;
	hs_auto_free char *directory = hs_strndup(text, length);
	bool hidden = text[length] == '.';
	DIR *dir = opendir(length ? directory : ".");
	struct dirent *entry;

	while (dir && list->n < ENTRIES_MAX && (entry = readdir(dir))) {
		hs_auto_free char *path =
			hs_format("%s%s", directory, entry->d_name);
		hs_auto_free char *whole = NULL;

		if ((entry->d_name[0] == '.') != hidden ||
		    strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		whole = hs_format("%s%s", path, is_directory(path) ? "/" : "");
		hs_strings_add(list, whole);
	}
	if (dir)
		closedir(dir);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void collect(const struct question *question, const struct facts *facts,
		    const char *text, struct strings *list)
{
	if (question->kind == QUESTION_NAME)
		add_names(facts, list);
	else if (question->kind == QUESTION_ADDRESSES)
		add_addresses(facts, list);
	else if (question->kind == QUESTION_PATH)
		add_files(text, list);
	else
		add_usual(question->id, list);
	if (question->kind == QUESTION_PATH && list->n)
		qsort(list->items, list->n, sizeof(*list->items), compare);
}

/* Whether it stands in the list before, too. */
static bool is_repeated(const struct strings *list, size_t item)
{
	for (size_t i = 0; i < item; i++)
		if (strcmp(list->items[i], list->items[item]) == 0)
			return true;
	return false;
}

static char *offer(const struct tui_widget *field, const char *text, int n)
{
	const struct wizard *wizard = field->owner;
	size_t count;
	const struct question *question = &hs_questions(&count)[field->tag];
	struct strings list = {0};
	char *found = NULL;

	collect(question, &wizard->job->facts, text, &list);
	for (size_t i = 0; i < list.n && !found; i++) {
		const char *item = list.items[i];

		if (strncmp(item, text, strlen(text)) != 0 ||
		    strcmp(item, text) == 0 || is_repeated(&list, i))
			continue;
		if (n-- == 0)
			found = hs_strdup(item);
	}
	hs_strings_done(&list);
	return found;
}

void scr_recall_offer(struct wizard *wizard, const struct asked *asked)
{
	enum question_kind kind = asked->question->kind;
	bool offers = kind == QUESTION_NAME || kind == QUESTION_ADDRESSES ||
		      kind == QUESTION_PATH || kind == QUESTION_PORT ||
		      kind == QUESTION_DURATION;

	if (!offers || strcmp(asked->question->id, "site") == 0)
		return;
	asked->widget->owner = wizard;
	asked->widget->tag = (int)hs_question_index(asked->question);
	tui_field_set_source(asked->widget, offer);
}
