#include "core/apply/request_files.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/apply/new_files.h"
#include "core/base/text.h"
#include "core/cert/make/create.h"
#include "core/settings/host_name.h"

#define KEY_MODE 0600
#define REQUEST_MODE 0644

char *hs_request_directory(const char *name)
{
	const char *home = getenv("HOME");

	if (strncmp(name, "*.", 2) == 0)
		name += 2;
	return hs_format("%s/%s", home && *home == '/' ? home : "",
			 *name ? name : "request");
}

/* When the request beside whose key this is was made; 0: it is none. */
static time_t made_at(const char *request, char **ret_key)
{
	size_t length = strlen(request) - strlen("request.pem");
	struct stat st;

	*ret_key = hs_format("%.*sprivkey.pem", (int)length, request);
	if (stat(*ret_key, &st) || !S_ISREG(st.st_mode))
		return 0;
	return stat(request, &st) ? 0 : st.st_mtime;
}

char *hs_request_open(void)
{
	hs_auto_free char *directory = hs_request_directory("*.*");
	hs_auto_free char *pattern = hs_format("%s/request.pem", directory);
	char *newest = NULL;
	time_t newest_at = 0;
	glob_t found;

	if (glob(pattern, GLOB_NOSORT, NULL, &found))
		return NULL;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *key;
		time_t at = made_at(found.gl_pathv[i], &key);

		if (at > newest_at) {
			hs_replace(&newest, key);
			newest_at = at;
		}
		free(key);
	}
	globfree(&found);
	return newest;
}

/* Names */

static int refuse_name(const char *name, const char *problem, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);

	hs_fail(err, HS_USAGE, "\"%s\" cannot be a name: %s", safe, problem);
	hs_error_hint(err, "Write names like www.example.org, or addresses, "
			   "with a space between them.");
	return -1;
}

static int add_name(const char *word, struct strings *names, struct error *err)
{
	hs_auto_free char *name = hs_host_name_normal(word);
	const char *host = strncmp(name, "*.", 2) ? name : name + 2;
	const char *problem =
		hs_host_name_is_ip(name) ? NULL : hs_host_name_problem(host);

	if (problem)
		return refuse_name(word, problem, err);
	if (!hs_strings_has(names, name))
		hs_strings_add(names, name);
	return 0;
}

static int read_names(const char *text, struct strings *names,
		      struct error *err)
{
	static const char apart[] = " ,;";

	while (*(text += strspn(text, apart))) {
		size_t length = strcspn(text, apart);
		hs_auto_free char *word = hs_strndup(text, length);

		if (add_name(word, names, err))
			return -1;
		text += length;
	}
	if (names->n)
		return 0;
	hs_fail(err, HS_USAGE, "the certificate needs a name");
	hs_error_hint(err, "Write the names that visitors use, with a space "
			   "between them.");
	return -1;
}

/* Making */

static int write_files(const struct request_files *made, const char *key_pem,
		       struct error *err)
{
	const struct new_file files[] = {
		{made->key, key_pem, strlen(key_pem), KEY_MODE},
		{made->request, hs_str_text(&made->pem), made->pem.len,
		 REQUEST_MODE},
	};

	return hs_new_files_write(files, HS_LENGTH(files), false, err);
}

int hs_request_files_make(const char *names_text, const char *key_type,
			  const char *directory, struct request_files *ret_made,
			  struct error *err)
{
	struct strings names = {0};
	struct cert_request wanted = {.names = &names, .key_type = key_type};
	char *key_pem = NULL;
	int result = -1;

	*ret_made = (struct request_files){
		.key = hs_format("%s/privkey.pem", directory),
		.request = hs_format("%s/request.pem", directory),
	};
	if (!read_names(names_text, &names, err) &&
	    !hs_cert_request_create(&wanted, &ret_made->pem, &key_pem, err))
		result = write_files(ret_made, key_pem, err);
	hs_cert_key_free(key_pem);
	hs_strings_done(&names);
	return result;
}

void hs_request_files_done(struct request_files *made)
{
	free(made->key);
	free(made->request);
	hs_str_done(&made->pem);
}
