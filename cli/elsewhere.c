#include "cli/elsewhere.h"

#include <string.h>

#include "cli/plain/prompt.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"
#include "core/server/iis/script_run.h"

static const struct change *script_of(const struct job *job)
{
	return job->facts.offline ? hs_iis_script_in(&job->plan) : NULL;
}

static void print_script(const struct change *script, FILE *to)
{
	hs_auto_free char *line = hs_iis_script_line(script);

	cli_print_row(to, _("next"),
		      _("run on the server itself, as administrator:"));
	cli_print_row(to, "", line);
}

void cli_print_elsewhere(const struct job *job, FILE *to)
{
	const struct change *script = script_of(job);

	if (script)
		print_script(script, to);
	if (!hs_plan_is_empty(&job->plan))
		cli_print_tasks(&job->plan, TASK_AFTER, to);
}

/* Its lines, none of which may do anything to this terminal. */
static void print_lines(const struct str *output, FILE *to)
{
	hs_auto_free char *copy = hs_strdup(hs_str_text(output));
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\r\n"))) {
		if (!*line)
			continue;
		cli_print_row(to, "windows", line);
	}
}

int cli_offer_elsewhere(const struct job *job, bool has_user, FILE *to,
			struct error *err)
{
	const struct change *script = script_of(job);
	hs_auto_run_result struct run_result result = {0};
	int status;

	if (!script || !has_user || !hs_iis_is_here(&job->root, NULL))
		return 0;
	fputs(_("This is the Windows around WSL: the script can be started "
		"from here,\nwhere this terminal was opened as "
		"administrator.\n"),
	      to);
	fflush(to);
	if (cli_ask_yes(to, _("Run it now through powershell.exe?")) != 1)
		return 0;
	status = hs_iis_script_run(&job->root, script, &result, err);
	print_lines(&result.out, to);
	print_lines(&result.err, to);
	return status;
}
