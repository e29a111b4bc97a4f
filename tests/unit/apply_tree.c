#include "tests/unit/apply_tree.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TLS "/etc/ssl/https-setup/www"

/* Old times: what is restored has them again. */
static const struct timespec long_ago[2] = {{.tv_sec = 1000000000},
					    {.tv_sec = 1000000000}};

static const struct {
	const char *path, *text;
	mode_t mode;
} files[] = {
	{"/etc/nginx/a.conf", "server { listen 80; }\r\n", 0644},
	{"/etc/nginx/b.conf", "# b\nno newline", 0640},
	{"/etc/nginx/old.conf", "gone soon\n", 0600},
	{"/etc/nginx/other.conf", "not ours\n", 0644},
};

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_below(const struct tree *tree, const char *name)
{
	hs_auto_free char *path = hs_format("%s/%s", tree->path, name);

	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_directory(const struct tree *tree, const char *name)
{
	hs_auto_free char *path = hs_format("%s%s", tree->path, name);

	if (mkdir(path, 0755))
		abort();
}

void tree_put(const struct tree *tree, const char *path, const char *text)
{
	hs_auto_free char *full = hs_format("%s%s", tree->path, path);
	hs_auto_close int fd =
		open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
}

char *tree_get(const struct tree *tree, const char *path)
{
	struct str bytes = {0};

	if (hs_root_read(&tree->root, path, 1 << 20, &bytes, NULL))
		return NULL;
	return hs_str_take(&bytes);
}

void tree_reset(struct tree *tree)
{
	static const char *const old[] = {"etc", "var", "run"};

	for (size_t i = 0; i < HS_LENGTH(old); i++)
		remove_below(tree, old[i]);
	make_directory(tree, "/etc");
	make_directory(tree, "/etc/nginx");
	make_directory(tree, "/etc/nginx/enabled");
	make_directory(tree, "/etc/ssl");
	for (size_t i = 0; i < HS_LENGTH(files); i++) {
		hs_auto_free char *full =
			hs_format("%s%s", tree->path, files[i].path);

		tree_put(tree, files[i].path, files[i].text);
		if (chmod(full, files[i].mode) ||
		    utimensat(AT_FDCWD, full, long_ago, 0))
			abort();
	}
}

static struct str borrow(const char *text)
{
	return (struct str){
		.data = (char *)(size_t)text,
		.len = text ? strlen(text) : 0,
	};
}

static void plan_write(struct plan *plan, enum change_phase phase,
		       const char *path, const char *before, const char *after)
{
	struct str old = borrow(before), new = borrow(after);

	hs_plan_write(plan, phase, path, 0644, before ? &old : NULL, &new,
		      "test");
}

static void plan_link(struct plan *plan, const char *path, const char *target)
{
	struct change *change = HS_GROW(&plan->changes);

	*change = (struct change){
		.kind = CHANGE_LINK,
		.path = hs_strdup(path),
		.target = hs_strdup(target),
		.reason = hs_strdup("test"),
		.undo = hs_strdup("test"),
	};
}

static void make_plan(struct plan *plan)
{
	struct str old = borrow(files[2].text);
	struct str key = borrow("very secret key\n");
	struct change *change;

	change = hs_plan_write(plan, PHASE_HTTPS, TLS "/privkey.pem", 0600,
			       NULL, &key, "test");
	change->secret = true;
	plan_write(plan, PHASE_HTTPS, TLS "/fullchain.pem", NULL, "chain\n");
	plan_write(plan, PHASE_HTTPS, TLS "/nginx.conf", NULL,
		   "key " TLS "/privkey.pem;\n");
	plan_write(plan, PHASE_HTTPS, "/etc/nginx/a.conf", files[0].text,
		   "server { listen 80; include " TLS "/nginx.conf; }\r\n");
	plan_write(plan, PHASE_HTTPS, "/etc/nginx/b.conf", files[1].text,
		   "# b\nnew newline\n");
	hs_plan_remove(plan, PHASE_HTTPS, "/etc/nginx/old.conf", &old, "test");
	plan_link(plan, "/etc/nginx/enabled/www", "../a.conf");
	plan_write(plan, PHASE_PROVED, TLS "/nginx.conf",
		   "key " TLS "/privkey.pem;\n",
		   "key " TLS "/privkey.pem; hsts;\n");
	plan_write(plan, PHASE_PROVED, "/etc/nginx/other.conf", files[3].text,
		   "hsts too\n");
}

void tree_make(struct tree *tree, bool fast)
{
	const char *tmp = getenv("TMPDIR");

	if (fast && !access("/dev/shm", W_OK | X_OK))
		tmp = "/dev/shm";
	*tree = (struct tree){
		.path = hs_format("%s/apply-tree.XXXXXX", tmp ? tmp : "/tmp"),
	};
	if (!mkdtemp(tree->path) || hs_root_open(tree->path, &tree->root, NULL))
		abort();
	hs_state_init(&tree->state, &tree->root, NULL);
	make_plan(&tree->plan);
	tree_reset(tree);
}

void tree_remove(struct tree *tree)
{
	remove_below(tree, ".");
	rmdir(tree->path);
	hs_plan_done(&tree->plan);
	hs_state_done(&tree->state);
	hs_root_close(&tree->root);
	free(tree->path);
}

static struct str *listing;
static size_t listing_skip;

static int list_one(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	char bytes[4096];
	ssize_t n = 0;

	(void)ftw;
	hs_str_printf(listing, "%s %o", path + listing_skip,
		      (unsigned)st->st_mode);
	if (type == FTW_SL) {
		n = readlink(path, bytes, sizeof(bytes));
	} else if (type == FTW_F) {
		hs_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

		n = read(fd, bytes, sizeof(bytes));
		hs_str_printf(listing, " %s",
			      st->st_mtime == 1000000000 ? "old" : "new");
	}
	hs_str_putc(listing, ' ');
	hs_str_add(listing, bytes, n > 0 ? (size_t)n : 0);
	hs_str_putc(listing, '\n');
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* nftw() lists in the order of the directory: sorted, so that it compares. */
static char *sort_lines(struct str *text)
{
	struct strings lines = {0};
	struct str sorted = {0};
	char *rest = text->data, *line;

	while (rest && (line = strsep(&rest, "\n")))
		hs_strings_add(&lines, line);
	qsort(lines.items, lines.n, sizeof(*lines.items), by_text);
	HS_EACH(one, &lines)
		hs_str_printf(&sorted, "%s\n", *one);
	hs_strings_done(&lines);
	return hs_str_take(&sorted);
}

char *tree_snapshot(const struct tree *tree)
{
	hs_auto_free char *path = hs_format("%s/etc", tree->path);
	hs_auto_str struct str text = {0};

	listing = &text;
	listing_skip = strlen(tree->path);
	if (nftw(path, list_one, 16, FTW_PHYS))
		abort();
	return sort_lines(&text);
}

int tree_apply(struct tree *tree, struct error *err)
{
	struct transaction *tx;
	int result;

	if (hs_transaction_begin(&tree->state, &tree->root, &tree->plan, "test",
				 NULL, &tx, err))
		return -1;
	result = hs_transaction_commit(tx, PHASE_HTTPS, err) ||
		 hs_transaction_commit(tx, PHASE_PROVED, err) ||
		 hs_transaction_finish(tx, err);
	hs_transaction_free(tx);
	return result ? -1 : 0;
}

char *tree_expected(struct tree *tree, int phase)
{
	struct transaction *tx;
	char *snapshot;

	tree_reset(tree);
	if (phase >= PHASE_HTTPS) {
		if (hs_transaction_begin(&tree->state, &tree->root, &tree->plan,
					 "test", NULL, &tx, NULL) ||
		    hs_transaction_commit(tx, PHASE_HTTPS, NULL) ||
		    (phase > PHASE_HTTPS &&
		     hs_transaction_commit(tx, PHASE_PROVED, NULL)) ||
		    hs_transaction_finish(tx, NULL))
			abort();
		hs_transaction_free(tx);
	}
	snapshot = tree_snapshot(tree);
	tree_reset(tree);
	return snapshot;
}

int tree_undo(struct tree *tree)
{
	struct conflicts conflicts;
	struct tx_server server;
	char *id;

	return hs_transaction_undo(&tree->state, &tree->root, NULL, &conflicts,
				   &id, &server, NULL) != 0;
}

int tree_recover(struct tree *tree)
{
	struct strings ids;
	struct conflicts conflicts;
	int result = hs_transactions_recover(&tree->state, &tree->root, &ids,
					     &conflicts, NULL);

	hs_strings_done(&ids);
	return result != 0;
}

int tree_open(void **state)
{
	tree_make(*state, true);
	return 0;
}

int tree_open_on_disk(void **state)
{
	tree_make(*state, false);
	return 0;
}

int tree_close(void **state)
{
	tree_remove(*state);
	return 0;
}
