#include "tests/unit/scratch.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "core/base/str.h"

static char top[40];

const char *scratch_make(void)
{
	snprintf(top, sizeof(top), "/tmp/https-setup-unit.XXXXXX");
	assert_non_null(mkdtemp(top));
	/* servers that run as somebody else read here */
	assert_int_equal(chmod(top, 0755), 0);
	return top;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

void scratch_remove(void)
{
	nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *scratch_path(const char *name)
{
	return hs_format("%s/%s", top, name);
}

/* The path, with the directories above it. */
static char *make_way(const char *name)
{
	char *path = scratch_path(name);

	for (char *c = path + strlen(top) + 1; *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(path, 0755);
		*c = '/';
	}
	return path;
}

void scratch_write(const char *name, const char *text)
{
	hs_auto_free char *path = make_way(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void scratch_link(const char *target, const char *name)
{
	hs_auto_free char *path = make_way(name);

	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

char *scratch_read(const char *name)
{
	hs_auto_free char *path = scratch_path(name);
	FILE *file = fopen(path, "r");
	struct str text = {0};
	char bytes[4096];
	size_t got;

	if (!file)
		return NULL;
	while ((got = fread(bytes, 1, sizeof(bytes), file)))
		hs_str_add(&text, bytes, got);
	fclose(file);
	return hs_str_take(&text);
}
