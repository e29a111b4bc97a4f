#include "core/server/iis/script_run.h"

#include <ctype.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/windows.h"

#define POWERSHELL "/Windows/System32/WindowsPowerShell/v1.0/powershell.exe"
#define TIMEOUT_MS (10 * 60 * 1000)
#define OUTPUT_MAX ((size_t)1 << 20)

char hs_iis_drive(const char *root)
{
	if (strncmp(root, "/mnt/", 5) || !isalpha((unsigned char)root[5]) ||
	    root[6])
		return 'C';
	return (char)toupper((unsigned char)root[5]);
}

static char *read_version(void)
{
	hs_auto_str struct str text = {0};
	struct root host;
	int result;

	if (hs_root_open(NULL, &host, NULL))
		return hs_strdup("");
	result = hs_root_read(&host, "/proc/version", 4096, &text, NULL);
	hs_root_close(&host);
	return hs_strdup(result ? "" : hs_str_text(&text));
}

/* WSL says "Microsoft" there since its first version, later in lower case. */
bool hs_iis_is_here(const struct root *root, const char *version)
{
	hs_auto_free char *own = version ? NULL : read_version();
	hs_auto_free char *program = hs_windows_find(root, POWERSHELL);

	return strcasestr(version ? version : own, "microsoft") &&
	       !strncmp(root->path, "/mnt/", 5) && root->path[5] &&
	       !root->path[6] && program && hs_windows_exists(root, program);
}

const struct change *hs_iis_script_in(const struct plan *plan)
{
	HS_EACH(change, &plan->changes) {
		if (change->kind == CHANGE_RUN && change->command.n > 1 &&
		    !strcmp(change->command.items[0], "powershell.exe"))
			return change;
	}
	return NULL;
}

char *hs_iis_script_line(const struct change *change)
{
	struct str line = {0};

	HS_EACH(word, &change->command) {
		const char *quote = strchr(*word, ' ') ? "\"" : "";

		hs_str_printf(&line, "%s%s%s%s", line.len ? " " : "", quote,
			      *word, quote);
	}
	return hs_str_take(&line);
}

/* The last line that says something. */
static char *last_words(const struct str *output)
{
	const char *text = hs_str_text(output);
	size_t end = output->len, start;

	while (end && isspace((unsigned char)text[end - 1]))
		end--;
	for (start = end; start && text[start - 1] != '\n';)
		start--;
	return hs_text_safe(text + start, end - start, 300);
}

int hs_iis_script_run(const struct root *root, const struct change *change,
		      struct run_result *ret_result, struct error *err)
{
	hs_auto_free char *inside = hs_windows_find(root, POWERSHELL);
	hs_auto_free char *program =
		inside ? hs_root_outside(root, inside) : NULL;
	hs_auto_free const char **argv =
		hs_alloc((change->command.n + 1) * sizeof(*argv));
	hs_auto_free char *words = NULL;
	struct run run = {
		.argv = argv,
		.timeout_ms = TIMEOUT_MS,
		.output_max = OUTPUT_MAX,
	};

	if (!program)
		return hs_fail(err, HS_CANNOT, "there is no powershell.exe");
	for (size_t i = 0; i < change->command.n; i++)
		argv[i] = change->command.items[i];
	argv[0] = program;
	if (hs_run(&run, ret_result, err))
		return -1;
	if (!ret_result->status)
		return 0;
	words = last_words(&ret_result->out);
	hs_fail(err, HS_FAILED, "the script failed on Windows: %s", words);
	hs_error_hint(err, "start the terminal of WSL as administrator; the "
			   "whole story is in https-setup-log.txt beside it");
	return -1;
}
