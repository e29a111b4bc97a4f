#include "cli/watch.h"

#include <stdlib.h>
#include <string.h>

#include "cli/session.h"
#include "core/apply/job/watch.h"
#include "core/base/log.h"

/* Where its arguments stand. */
enum { WORD = 1, ID, OWNER, SINCE, STATE_DIR, CERT_DIR };

bool cli_watch_is_wanted(int argc, char *const argv[])
{
	return argc == HS_WATCH_ARGUMENTS + 2 &&
	       !strcmp(argv[WORD], HS_WATCH_WORD);
}

/* An empty word stands for none. */
static const char *word_or_null(const char *word)
{
	return *word ? word : NULL;
}

int cli_watch_run(char *const argv[])
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	const struct job_options options = {
		.state_dir = word_or_null(argv[STATE_DIR]),
		.cert_dir = word_or_null(argv[CERT_DIR]),
	};
	struct settings settings;
	struct error err = {0};
	int failed;

	hs_settings_init(&settings);
	failed = hs_job_open(&job, &options, &settings, &err);
	hs_settings_done(&settings);
	if (!failed)
		failed = hs_watch_run(&job, argv[ID],
				      (pid_t)strtol(argv[OWNER], NULL, 10),
				      strtoull(argv[SINCE], NULL, 10), &err);
	if (failed)
		hs_log("watchdog: %s", hs_error_english(&err));
	return failed ? (int)err.code : HS_OK;
}
