/*
 * Looks into JSON, for the shell tests: json FILE PATH prints the values at
 * PATH, each on a line.  PATH is keys between dots; `*` stands for every item
 * of an array, `#` for its length.  Status 1 when the file is not one JSON
 * object and nothing else, or when nothing is there.
 *
 *	json out findings.*.id
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static int print_value(const json_t *value)
{
	if (json_is_string(value))
		puts(json_string_value(value));
	else if (json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT))
		return 0;
	else
		putchar('\n');
	return 1;
}

static int print_at(const json_t *value, const char *path)
{
	size_t length = strcspn(path, ".");
	const char *rest = path + length + (path[length] == '.');
	const json_t *item;
	char key[64];
	size_t i;
	int found = 0;

	if (!value)
		return 0;
	if (!*path)
		return print_value(value);
	if (!strcmp(path, "#") && json_is_array(value))
		return printf("%zu\n", json_array_size(value)) > 0;
	snprintf(key, sizeof(key), "%.*s", (int)length, path);
	if (strcmp(key, "*") != 0)
		return print_at(json_object_get(value, key), rest);
	json_array_foreach(value, i, item) found += print_at(item, rest);
	return found;
}

int main(int argc, char *argv[])
{
	json_error_t error;
	json_t *value;
	int found;

	if (argc != 3)
		return 2;
	value = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(value)) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], error.line, error.text);
		return 1;
	}
	found = print_at(value, argv[2]);
	json_decref(value);
	return !found;
}
