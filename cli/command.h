/*
 * The commands: one row each.  Dispatch, usage texts and nearest names all
 * come from this table.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "cli/options.h"

struct command {
	const char *name;    /* "check", "cert show" */
	const char *usage;   /* what stands behind it: "SETTINGS" */
	const char *summary; /* a few words, for the list */
	const char *help;    /* sentences */
	unsigned flags;	     /* enum flag_group bits beside FLAGS_EVERY */
	unsigned steps;	     /* bit per enum step: whose questions it takes */
	size_t arguments;    /* how many words it takes beside its flags */
	bool writes;	     /* may change the host */
	/* Does it; returns the exit status. Non-zero with `err` set is told
	 * by the caller; with `err` unset it has told itself. */
	int (*run)(struct options *options, struct error *err);
};

/* Every question, and those that say which server and site is meant. */
#define STEPS_ALL ((1u << STEP_MAX) - 1)
#define STEPS_SERVER (1u << STEP_SERVER)
#define STEPS_CERTIFICATE (1u << STEP_CERTIFICATE)
#define STEPS_NAME (1u << STEP_NAME)
#define STEPS_BINDINGS (1u << STEP_BINDINGS)

/* The table; *ret_count rows. */
const struct command *const *cli_commands(size_t *ret_count);

/*
 * The command that argv begins with; *ret_words says of how many words its
 * name is.  NULL with `err` (HS_USAGE and the nearest name) when there is no
 * such command.
 */
const struct command *cli_command_find(int argc, char *const argv[],
				       int *ret_words, struct error *err);

/* Prints how a command (NULL: the program) is used. */
void cli_print_help(const struct command *command, FILE *to);

extern const struct command cli_cmd_detect, cli_cmd_check, cli_cmd_plan;
extern const struct command cli_cmd_apply, cli_cmd_verify, cli_cmd_rollback;
extern const struct command cli_cmd_recover, cli_cmd_status, cli_cmd_history;
extern const struct command cli_cmd_disable, cli_cmd_renew, cli_cmd_questions;
extern const struct command cli_cmd_rules, cli_cmd_cert_show, cli_cmd_doctor;
extern const struct command cli_cmd_cert_self_sign, cli_cmd_cert_request;
extern const struct command cli_cmd_cert_install_reply, cli_cmd_cert_issue;
extern const struct command cli_cmd_cert_export;
extern const struct command cli_cmd_confirm, cli_cmd_revert;

#endif
