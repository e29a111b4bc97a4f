/*
 * A small server configuration in a temporary tree, and a plan for it that has
 * every kind of change: for the tests of the room that writes.
 */
#ifndef TESTS_UNIT_APPLY_TREE_H
#define TESTS_UNIT_APPLY_TREE_H

#include "core/apply/transaction/transaction.h"
#include "core/base/root.h"

struct tree {
	char *path;
	struct root root;
	struct state state;
	struct plan plan;
};

/* A temporary tree with its files and the plan; in memory when `fast`, where
 * the machine has a place for that. */
void tree_make(struct tree *tree, bool fast);
/* Everything below it is as it was in the beginning, its state is empty. */
void tree_reset(struct tree *tree);
void tree_remove(struct tree *tree);

/* Before and after a test of cmocka whose state is a tree: in memory, on the
 * disk; gone. */
int tree_open(void **state);
int tree_open_on_disk(void **state);
int tree_close(void **state);

void tree_put(const struct tree *tree, const char *path, const char *text);
/* To be freed; NULL when there is no such file. */
char *tree_get(const struct tree *tree, const char *path);

/* Every name below /etc with mode, bytes, and the time of files that are not
 * new: two snapshots are equal when nothing that matters differs. To be
 * freed. */
char *tree_snapshot(const struct tree *tree);
/* The same after the plan was carried out, up to and with the phase; -1: none
 * of it. To be freed. */
char *tree_expected(struct tree *tree, int phase);

/* Begin, both phases, finish. */
int tree_apply(struct tree *tree, struct error *err);
/* The last one is undone, what was cut off is recovered: 0, or 1. */
int tree_undo(struct tree *tree);
int tree_recover(struct tree *tree);

#endif
