#include <stdio.h>

#include "cli/command.h"
#include "cli/face.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/start.h"
#include "cli/watch.h"
#include "core/base/log.h"

static void log_to_stderr(const char *line)
{
	fprintf(stderr, "https-setup: %s\n", line);
}

static int open_log(const struct options *options, struct error *err)
{
	if (options->verbose)
		hs_log_sink(log_to_stderr);
	return options->log ? hs_log_open(options->log, err) : 0;
}

static int run(struct options *options, struct error *err)
{
	if (options->help) {
		cli_print_help(options->command, stdout);
		return HS_OK;
	}
	if (options->version) {
		puts(PACKAGE_STRING);
		return HS_OK;
	}
	if (open_log(options, err))
		return (int)err->code;
	if (options->command)
		return options->command->run(options, err);
	if (options->demo)
		return cli_demo_run(options, err);
	return cli_wizard_run(options, err);
}

static void tell_error(const struct options *options, const struct error *err)
{
	json_t *object;

	if (!err->code)
		return;
	if (!options->json) {
		cli_print_error(err);
		return;
	}
	object = cli_json_begin(options->command ? options->command->name
						 : NULL);
	cli_json_add_error(object, err);
	cli_json_print(object);
}

/* Whether the exit status tells what became of the host: then it stays true
 * whoever could be told the rest. */
static bool may_change_host(const struct options *options)
{
	return !options->help && !options->version &&
	       (!options->command || options->command->writes);
}

/* What was to be read and could not be written is a failure. */
static int end_output(const struct options *options, int status)
{
	struct error err = {0};

	if (!cli_output_finish(&err))
		return status;
	if (may_change_host(options))
		hs_error_hint(&err, "the exit status is about the change all "
				    "the same; see https-setup history");
	else if (!status)
		status = HS_CANNOT;
	cli_print_error(&err);
	return status;
}

int main(int argc, char *argv[])
{
	struct options options;
	struct error err = {0};
	int status = HS_USAGE;

	cli_start();
	if (cli_watch_is_wanted(argc, argv))
		return cli_watch_run(argv);
	cli_start_language();
	if (!cli_options_parse(argc, argv, &options, &err)) {
		cli_output_init(&options);
		status = run(&options, &err);
	}
	tell_error(&options, &err);
	status = end_output(&options, status);
	cli_options_done(&options);
	return status;
}
