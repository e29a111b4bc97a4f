#include "tui/widgets/browser.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "tui/i18n.h"
#include "tui/text.h"

/* More are not listed: nobody finds anything among them. */
#define ENTRIES_MAX 5000
/* The directory above the entries, what the file is below them. */
#define ROWS_BESIDES 3

struct entry {
	char *name;
	bool is_directory;
};

struct browser {
	struct tui_widget base;
	const struct tui_browser_ops *ops;
	int min_rows;
	char *directory; /* "/" or without a slash at its end */
	struct entry *entries;
	int n, at, files;
	char *description; /* of the one at the cursor; NULL: not known yet */
};

/* Paths */

static char *join(const char *directory, const char *name)
{
	return tui_format("%s/%s", directory[1] ? directory : "", name);
}

static char *path_at(const struct browser *browser)
{
	return join(browser->directory, browser->entries[browser->at].name);
}

/* Reading */

static void free_entries(struct entry *entries, int n)
{
	for (int i = 0; i < n; i++)
		free(entries[i].name);
	free(entries);
}

/* The way up is first, then directories, then files. */
static int rank(const struct entry *entry)
{
	if (strcmp(entry->name, "..") == 0)
		return 0;
	return entry->is_directory ? 1 : 2;
}

static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int difference = rank(a) - rank(b);

	return difference ? difference : strcmp(a->name, b->name);
}

/* Whether the name in the directory is one to list. */
static bool is_listed(const struct browser *browser, const char *directory,
		      const char *name, bool *ret_is_directory)
{
	bool up = strcmp(name, "..") == 0;
	char *path = join(directory, name);
	struct stat st;
	bool is = (up || *name != '.') && stat(path, &st) == 0;

	*ret_is_directory = is && S_ISDIR(st.st_mode);
	if (is && !*ret_is_directory)
		is = S_ISREG(st.st_mode) &&
		     browser->ops->offers(browser->ops->context, path);
	if (up && !directory[1])
		is = false;
	free(path);
	return is;
}

static struct entry *list(const struct browser *browser, const char *directory,
			  int *ret_n)
{
	DIR *stream = opendir(directory);
	struct entry *entries = NULL;
	struct dirent *found;
	bool is_directory;

	*ret_n = 0;
	while (stream && *ret_n < ENTRIES_MAX && (found = readdir(stream))) {
		if (!is_listed(browser, directory, found->d_name,
			       &is_directory))
			continue;
		entries = tui_realloc(entries, (size_t)*ret_n + 1,
				      sizeof(*entries));
		entries[(*ret_n)++] =
			(struct entry){tui_strdup(found->d_name), is_directory};
	}
	if (stream)
		closedir(stream);
	else
		*ret_n = -1;
	if (*ret_n > 1)
		qsort(entries, (size_t)*ret_n, sizeof(*entries), compare);
	return entries;
}

static void forget_description(struct browser *browser)
{
	tui_replace(&browser->description, NULL);
}

/* The cursor goes to that name, or to the first file. */
static void find(struct browser *browser, const char *name)
{
	browser->at = 0;
	browser->files = 0;
	for (int i = 0; i < browser->n; i++)
		browser->files += !browser->entries[i].is_directory;
	if (browser->files)
		browser->at = browser->n - browser->files;
	for (int i = 0; name && i < browser->n; i++)
		if (strcmp(browser->entries[i].name, name) == 0)
			browser->at = i;
	forget_description(browser);
}

static int show(struct browser *browser, const char *directory,
		const char *name)
{
	int n;
	struct entry *entries = list(browser, directory, &n);
	char *copy = tui_strdup(directory);

	if (n < 0) {
		free(copy);
		return -1;
	}
	free_entries(browser->entries, browser->n);
	free(browser->directory);
	browser->entries = entries;
	browser->n = n;
	browser->directory = copy;
	find(browser, name);
	return 0;
}

/* Splits the last part off; returns it. The root has none. */
static const char *cut(char *path, const char **ret_directory)
{
	char *slash = strrchr(path, '/');

	if (!slash || !slash[1])
		return NULL;
	*slash = '\0';
	*ret_directory = slash == path ? "/" : path;
	return slash + 1;
}

int tui_browser_open(struct tui_widget *widget, const char *path)
{
	struct browser *browser = (struct browser *)widget;
	char *copy = tui_strdup(path);
	const char *directory, *name;
	struct stat st;
	int result;

	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/'; n--)
		copy[n - 1] = '\0';
	if (stat(copy, &st) == 0 && S_ISDIR(st.st_mode)) {
		result = show(browser, copy, NULL);
	} else {
		name = cut(copy, &directory);
		result = name ? show(browser, directory, name) : -1;
	}
	free(copy);
	return result;
}

/* Drawing */

static int browser_height(const struct tui_widget *widget, int width)
{
	(void)width;
	return ((const struct browser *)widget)->min_rows;
}

static int list_rows(const struct browser *browser)
{
	int rows = browser->base.rows - ROWS_BESIDES;

	return rows < 1 ? 1 : rows;
}

/* The first entry that is shown: the cursor stays in the middle. */
static int first_shown(const struct browser *browser)
{
	int rows = list_rows(browser);
	int first = browser->at - rows / 2;

	if (first > browser->n - rows)
		first = browser->n - rows;
	return first < 0 ? 0 : first;
}

/* A name may hold anything; what no terminal should see is shown as '?'. */
static void draw_entry(const struct browser *browser,
		       const struct tui_area *area, int row, int i)
{
	const struct entry *entry = &browser->entries[i];
	char *text =
		tui_format("%s%s", entry->name, entry->is_directory ? "/" : "");

	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	tui_put(area, row, 0, i == browser->at ? TUI_BOLD : TUI_PLAIN, text);
	free(text);
}

static const char *what_it_is(const struct browser *browser)
{
	if (!browser->n)
		return _("nothing to choose here");
	if (browser->entries[browser->at].is_directory)
		return browser->files ? "" : _("no file to choose here");
	return browser->description ? browser->description : "...";
}

/* Where it is, and at which entry when not all are seen. */
static void draw_place(const struct browser *browser,
		       const struct tui_area *area)
{
	struct tui_area left = *area;
	char *text;

	if (browser->n > list_rows(browser)) {
		text = tui_format(_("%d of %d"), browser->at + 1, browser->n);
		left.width -= tui_width(text) + 1;
		tui_put(area, 0, left.width + 1, TUI_LINK, text);
		free(text);
	}
	tui_put_path(&left, 0, 0, TUI_TITLE, browser->directory);
}

/* In the rows there are. */
static void draw_description(const struct tui_area *area, const char *text)
{
	struct tui_wrap wrap = {text, area->width};
	size_t length;
	const char *line = tui_wrap_next(&wrap, &length);

	tui_put_part(area, 0, 0, TUI_PLAIN, line, length);
	if (wrap.rest)
		tui_put(area, 1, 0, TUI_PLAIN, wrap.rest);
}

static void draw_browser(const struct tui_widget *widget,
			 const struct tui_area *area, bool focused)
{
	const struct browser *browser = (const struct browser *)widget;
	int first = first_shown(browser);
	struct tui_area last = tui_area_at(area, widget->rows - 2, 0);

	(void)focused;
	draw_place(browser, area);
	for (int i = first; i < browser->n && i < first + list_rows(browser);
	     i++) {
		draw_entry(browser, area, i - first + 1, i);
	}
	draw_description(&last, what_it_is(browser));
}

static void browser_cursor(const struct tui_widget *widget, int width,
			   int *ret_row, int *ret_column)
{
	const struct browser *browser = (const struct browser *)widget;

	(void)width;
	*ret_row = browser->at - first_shown(browser) + 1;
	*ret_column = 0;
}

/* Keys */

static unsigned move(struct tui_widget *widget, int steps)
{
	struct browser *browser = (struct browser *)widget;
	int to = browser->at + steps;

	if (to >= browser->n)
		to = browser->n - 1;
	if (to < 0)
		to = 0;
	if (to != browser->at)
		forget_description(browser);
	browser->at = to;
	return TUI_HANDLED;
}

static unsigned go_up(struct tui_widget *widget)
{
	return move(widget, -1);
}

static unsigned go_down(struct tui_widget *widget)
{
	return move(widget, 1);
}

static unsigned go_page_up(struct tui_widget *widget)
{
	return move(widget, -list_rows((struct browser *)widget));
}

static unsigned go_page_down(struct tui_widget *widget)
{
	return move(widget, list_rows((struct browser *)widget));
}

static unsigned go_home(struct tui_widget *widget)
{
	return move(widget, -((struct browser *)widget)->n);
}

static unsigned go_end(struct tui_widget *widget)
{
	return move(widget, ((struct browser *)widget)->n);
}

/* The cursor stays on the directory that it comes from. */
static unsigned go_above(struct tui_widget *widget)
{
	struct browser *browser = (struct browser *)widget;
	char *copy = tui_strdup(browser->directory);
	const char *directory, *name = cut(copy, &directory);

	if (name)
		show(browser, directory, name);
	free(copy);
	return TUI_HANDLED;
}

static unsigned enter(struct tui_widget *widget)
{
	struct browser *browser = (struct browser *)widget;
	char *path;

	if (!browser->n)
		return TUI_HANDLED;
	if (strcmp(browser->entries[browser->at].name, "..") == 0)
		return go_above(widget);
	if (!browser->entries[browser->at].is_directory)
		return TUI_HANDLED | TUI_ACTIVATED;
	path = path_at(browser);
	show(browser, path, NULL);
	free(path);
	return TUI_HANDLED;
}

static unsigned go_into(struct tui_widget *widget)
{
	struct browser *browser = (struct browser *)widget;

	if (browser->n && rank(&browser->entries[browser->at]) == 1)
		return enter(widget);
	return TUI_HANDLED;
}

static unsigned handle_browser(struct tui_widget *widget,
			       const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_UP, go_up},	   {TUI_DOWN, go_down},
		{TUI_PAGE_UP, go_page_up}, {TUI_PAGE_DOWN, go_page_down},
		{TUI_HOME, go_home},	   {TUI_END, go_end},
		{TUI_LEFT, go_above},	   {TUI_BACKSPACE, go_above},
		{TUI_RIGHT, go_into},	   {TUI_ENTER, enter},
	};

	return tui_dispatch(bindings, TUI_LENGTH(bindings), widget, event);
}

static void free_browser(struct tui_widget *widget)
{
	struct browser *browser = (struct browser *)widget;

	free_entries(browser->entries, browser->n);
	free(browser->directory);
	free(browser->description);
}

static const struct tui_class browser_class = {
	.height = browser_height,
	.draw = draw_browser,
	.cursor = browser_cursor,
	.handle = handle_browser,
	.done = free_browser,
	.focusable = true,
	.stretches = true,
};

struct tui_widget *tui_browser_new(int min_rows,
				   const struct tui_browser_ops *ops)
{
	struct browser *browser = tui_alloc(sizeof(*browser));

	browser->base.class = &browser_class;
	browser->min_rows = min_rows;
	browser->ops = ops;
	browser->directory = tui_strdup("/");
	return &browser->base;
}

char *tui_browser_chosen(const struct tui_widget *widget)
{
	const struct browser *browser = (const struct browser *)widget;

	if (!browser->n || browser->entries[browser->at].is_directory)
		return NULL;
	return path_at(browser);
}

int tui_browser_files(const struct tui_widget *widget)
{
	return ((const struct browser *)widget)->files;
}

bool tui_browser_look(struct tui_widget *widget)
{
	struct browser *browser = (struct browser *)widget;
	char *path = browser->description ? NULL : tui_browser_chosen(widget);

	bool was_open;

	if (path)
		browser->description =
			browser->ops->describe(browser->ops->context, path);
	was_open = path && !browser->description;
	free(path);
	return was_open;
}
