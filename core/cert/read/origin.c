#include "core/cert/read/origin.h"

#include <errno.h>
#include <string.h>

#include "core/base/text.h"
#include "core/cert/read/apart.h"

#define PASTED "the pasted text"

static void note_unread(struct origin *origin, const struct error *why)
{
	if (why->sys == EFBIG)
		hs_gather_note(&origin->found, origin->part, "cert.too-large",
			       "%s is larger than 4 MiB", origin->safe);
	else
		hs_gather_note(&origin->found, origin->part, "cert.unreadable",
			       "%s", why->what);
}

static struct origin *add(struct origins *origins, enum cert_part part,
			  const char *path)
{
	struct origin *origin = HS_GROW(origins);

	*origin = (struct origin){.part = part, .path = hs_strdup(path)};
	origin->safe = path ? hs_text_safe(path, strlen(path), 200)
			    : hs_strdup(PASTED);
	return origin;
}

static void read_file(const struct root *root, const char *full,
		      struct origin *origin)
{
	struct error err = {0};
	struct stat st;

	if (hs_root_read(root, full, HS_ORIGIN_MAX, &origin->bytes, &err)) {
		note_unread(origin, &err);
		return;
	}
	origin->has_bytes = true;
	if (hs_root_stat(root, full, &st))
		return;
	origin->mode = st.st_mode;
	origin->is_foreign = st.st_uid && st.st_uid != geteuid();
}

/* A pattern of all files in a directory, whatever its name. */
static char *pattern_of(const char *directory)
{
	struct str pattern = {0};

	for (const char *c = directory; *c; c++) {
		if (strchr("\\*?[]", *c))
			hs_str_putc(&pattern, '\\');
		hs_str_putc(&pattern, *c);
	}
	hs_str_puts(&pattern, "/*");
	return hs_str_take(&pattern);
}

/* Where one file of many is, as the operator would name it: a path that began
 * where he stands stays so. */
static const char *shorten(const char *path, const char *full,
			   const char *found)
{
	size_t front = strlen(full) - strlen(path);

	return strncmp(found, full, front) ? found : found + front;
}

static void add_many(const struct root *root, enum cert_part part,
		     const char *path, const char *full, const char *pattern,
		     struct origins *origins)
{
	struct strings found = {0};
	struct error err = {0};
	size_t taken = 0, total = 0;

	if (hs_root_glob(root, pattern, &found, &err)) {
		note_unread(add(origins, part, path), &err);
		return;
	}
	HS_EACH(one, &found) {
		struct origin *origin;
		struct stat st;

		if (hs_root_stat(root, *one, &st) || !S_ISREG(st.st_mode))
			continue;
		total += (size_t)st.st_size;
		if (++taken > HS_ORIGINS_MAX || total > HS_ORIGIN_MAX)
			break;
		origin = add(origins, part, shorten(path, full, *one));
		origin->is_one_of = true;
		read_file(root, *one, origin);
	}
	if (taken > HS_ORIGINS_MAX || total > HS_ORIGIN_MAX)
		hs_gather_note(&add(origins, part, path)->found, part,
			       "cert.too-large",
			       "there is more in %s than %d files or 4 MiB",
			       path, HS_ORIGINS_MAX);
	hs_strings_done(&found);
}

static void add_named(const struct root *root, enum cert_part part,
		      const char *path, struct origins *origins)
{
	hs_auto_free char *full = hs_path_absolute(path), *pattern = NULL;
	struct stat st;
	int is_missing = hs_root_stat(root, full, &st);

	if (!is_missing && S_ISDIR(st.st_mode))
		pattern = pattern_of(full);
	else if (is_missing && strpbrk(path, "*?["))
		pattern = hs_strdup(full);
	if (pattern)
		add_many(root, part, path, full, pattern, origins);
	else
		read_file(root, full, add(origins, part, path));
}

/* They may be a key's. */
static void forget_bytes(struct origin *origin)
{
	if (origin->bytes.data)
		OPENSSL_cleanse(origin->bytes.data, origin->bytes.cap);
	hs_str_done(&origin->bytes);
}

static void gather(const struct cert_source *source, struct origins *origins)
{
	struct cert_input *inputs =
		hs_alloc((origins->n + 1) * sizeof(*inputs));
	struct gathered *found = hs_alloc((origins->n + 1) * sizeof(*found));
	size_t n = 0;

	HS_EACH(origin, origins) {
		if (!origin->has_bytes)
			continue;
		inputs[n++] = (struct cert_input){
			.part = origin->part,
			.path = origin->safe,
			.bytes = hs_str_text(&origin->bytes),
			.length = origin->bytes.len,
			.passphrase = source->passphrase,
		};
	}
	hs_gather_apart(inputs, n, source->patience, found);
	n = 0;
	HS_EACH(origin, origins) {
		if (origin->has_bytes)
			origin->found = found[n++];
		/* of what is neither, others may make more */
		if (origin->found.certificates.n || origin->found.keys.n)
			forget_bytes(origin);
	}
	free(inputs);
	free(found);
}

void hs_origins_read(const struct root *root, const struct cert_source *source,
		     struct origins *ret_origins)
{
	struct origins *origins = ret_origins;

	*origins = (struct origins){0};
	if (source->text) {
		struct origin *pasted = add(origins, CERT_PART_FILE, NULL);

		pasted->bytes.data = hs_strdup(source->text);
		pasted->bytes.len = strlen(source->text);
		pasted->bytes.cap = pasted->bytes.len + 1;
		pasted->has_bytes = true;
	} else {
		add_named(root, CERT_PART_FILE, source->file, origins);
	}
	if (source->key)
		add_named(root, CERT_PART_KEY, source->key, origins);
	if (source->chain)
		add_named(root, CERT_PART_CHAIN, source->chain, origins);
	if (source->ca)
		add_named(root, CERT_PART_CA, source->ca, origins);
	gather(source, origins);
}

void hs_origins_done(struct origins *origins)
{
	HS_EACH(origin, origins) {
		free(origin->path);
		free(origin->safe);
		forget_bytes(origin);
		hs_gathered_done(&origin->found);
	}
	HS_ARRAY_FREE(origins);
}
