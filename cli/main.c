#include <stdio.h>

#include "cli/command.h"
#include "cli/face.h"
#include "cli/json.h"
#include "cli/output.h"
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

int main(int argc, char *argv[])
{
	struct options options;
	struct error err = {0}, late = {0};
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
	if (cli_output_finish(&late)) {
		cli_print_error(&late);
		status = status ? status : HS_CANNOT;
	}
	cli_options_done(&options);
	return status;
}
