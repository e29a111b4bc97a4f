#include "core/base/windows.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Where the variables of a standard installation lead. */
static const struct {
	const char *name, *path;
} variables[] = {
	{"%SystemDrive%", ""},
	{"%SystemRoot%", "/Windows"},
	{"%windir%", "/Windows"},
	{"%ProgramFiles%", "/Program Files"},
	{"%ProgramW6432%", "/Program Files"},
	{"%ProgramFiles(x86)%", "/Program Files (x86)"},
	{"%ProgramData%", "/ProgramData"},
	{"%ALLUSERSPROFILE%", "/ProgramData"},
};

int hs_windows_exists(const struct root *root, const char *path)
{
	struct stat st;

	return !hs_root_stat(root, path, &st);
}

/* The one entry of the folder with that name, case aside: 1 and its spelling;
 * 0: none; -1: several. */
static int find_entry(const struct root *root, const char *folder,
		      const char *name, char **ret_spelled)
{
	int fd = hs_root_openat(root, folder, O_RDONLY | O_DIRECTORY);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int found = 0;

	if (!entries) {
		hs_cleanup_close(&fd);
		return 0;
	}
	while ((entry = readdir(entries))) {
		if (strcasecmp(entry->d_name, name) != 0)
			continue;
		if (!found++)
			*ret_spelled = hs_strdup(entry->d_name);
	}
	closedir(entries);
	if (found < 2)
		return found;
	free(*ret_spelled);
	*ret_spelled = NULL;
	return -1;
}

/* Goes one name deeper: 1; 0: nothing is called so, nor is anything below it;
 * -1: it is not clear which entry is meant. */
static int step_into(const struct root *root, struct str *path,
		     const char *name)
{
	size_t before = path->len;
	char *spelled = NULL;
	int found;

	hs_str_printf(path, "/%s", name);
	if (hs_windows_exists(root, hs_str_text(path)))
		return 1;
	path->len = before;
	path->data[before] = '\0';
	found = find_entry(root, before ? hs_str_text(path) : "/", name,
			   &spelled);
	if (found >= 0)
		hs_str_printf(path, "/%s", found ? spelled : name);
	free(spelled);
	return found;
}

char *hs_windows_find(const struct root *root, const char *path)
{
	hs_auto_free char *copy = hs_strdup(path);
	hs_auto_str struct str found = {0};
	char *rest = copy, *name;
	int is_there = 1;

	while (is_there >= 0 && (name = strsep(&rest, "/"))) {
		if (!*name || !strcmp(name, "."))
			continue;
		if (is_there)
			is_there = step_into(root, &found, name);
		else
			hs_str_printf(&found, "/%s", name);
	}
	if (is_there < 0) {
		errno = ENOTUNIQ;
		return NULL;
	}
	if (!found.len)
		hs_str_putc(&found, '/');
	return hs_str_take(&found);
}

/* What the start of the path stands for, with the length it takes; NULL: it
 * does not lie on the system drive. */
static const char *start_of(const char *windows, size_t *ret_length)
{
	if (toupper((unsigned char)*windows) == 'C' && windows[1] == ':') {
		*ret_length = 2;
		return "";
	}
	for (size_t i = 0; i < HS_LENGTH(variables); i++) {
		size_t length = strlen(variables[i].name);

		if (strncasecmp(windows, variables[i].name, length) != 0)
			continue;
		*ret_length = length;
		return variables[i].path;
	}
	return NULL;
}

char *hs_windows_path(const struct root *root, const char *windows)
{
	size_t length;
	const char *start = start_of(windows, &length);
	hs_auto_free char *path = NULL;

	if (!start || (windows[length] && !strchr("\\/", windows[length])) ||
	    strchr(windows + length, '%') || strstr(windows, "..")) {
		errno = EXDEV;
		return NULL;
	}
	path = hs_format("%s%s", start, windows + length);
	for (char *c = path; *c; c++)
		if (*c == '\\')
			*c = '/';
	return hs_windows_find(root, path);
}
