/* The scripts themselves, from share/windows. */
#include <string.h>

#include "core/server/iis/script.h"

/* One list of lines for each of them: apply_lines, undo_lines ... */
#include "core/server/iis/script_lines.inc"

static const struct {
	const char *which;
	const char *const *lines;
} scripts[] = {
	{"apply", apply_lines},
	{"common", common_lines},
	{"undo", undo_lines},
};

void hs_iis_script_text(const char *which, struct str *ret_text)
{
	for (size_t i = 0; i < HS_LENGTH(scripts); i++) {
		if (strcmp(scripts[i].which, which))
			continue;
		for (const char *const *line = scripts[i].lines; *line; line++)
			hs_str_printf(ret_text, "%s\r\n", *line);
	}
}
