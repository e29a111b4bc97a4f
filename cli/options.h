/*
 * The command line: which command, which settings, and how to go about it.
 * Flags of the settings are the rows of the question catalogue; the others
 * stand in one table here.  Both are written `--flag value` or `--flag=value`.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "core/apply/job/job.h"
#include "core/settings/questions/questions.h"

struct command;

/* What is asked for where a certificate is made or written. */
struct make_options {
	struct strings names; /* --name, each time */
	const char *key_type, *days;
	const char *out; /* directory or file */
	const char *format;
	const char *ca_dir;
	const char *request; /* of somebody else, to be signed */
	bool init, client, force;
	const char *passphrase_file; /* of what is written */
	int passphrase_fd;	     /* -1: none */
};

struct options {
	const struct command *command; /* NULL: none, the wizard */
	struct settings settings;      /* what flags and answers say */
	struct job_options job;
	struct make_options make;
	struct strings arguments; /* what is neither command nor flag */

	bool help, version, json, yes, verbose, no_color, ascii;
	bool plain, demo, unattended, resume, no_mouse;
	const char *theme; /* of the screens, or NULL */
	const char *answers, *save_answers, *log;
	const char *passphrase_file;
	int passphrase_fd; /* -1: none */
	struct {
		char *state_dir, *cert_dir; /* made absolute */
	} kept;
};

/* Which commands know a flag of the table. */
enum flag_group {
	FLAGS_EVERY = 1 << 0,	 /* all of them, and the wizard */
	FLAGS_JSON = 1 << 1,	 /* all of them but the wizard */
	FLAGS_ANSWERS = 1 << 2,	 /* that take settings */
	FLAGS_SECRET = 1 << 3,	 /* that read a certificate */
	FLAGS_SAVE = 1 << 4,	 /* that may write an answers file */
	FLAGS_STATE = 1 << 5,	 /* that look at what was done */
	FLAGS_CERT_DIR = 1 << 6, /* that plan where certificates go */
	FLAGS_TRUST = 1 << 7,	 /* that judge trust */
	FLAGS_PROBE = 1 << 8,	 /* that look at the live site */
	FLAGS_YES = 1 << 9,	 /* that ask before they write */
	FLAGS_WIZARD = 1 << 10,	 /* the wizard alone */
	FLAGS_NEW = 1 << 11,	 /* that write new files */
	FLAGS_NAMES = 1 << 12,	 /* that make a key and name it */
	FLAGS_DAYS = 1 << 13,	 /* that choose how long it is valid */
	FLAGS_CA = 1 << 14,	 /* that have a CA */
	FLAGS_FORMAT = 1 << 15,	 /* that choose a format */
	FLAGS_TRIAL = 1 << 16,	 /* that start the server on trial */
};

enum flag_kind {
	FLAG_BOOL,
	FLAG_TEXT,
	FLAG_DESCRIPTOR,
	FLAG_SECONDS,
	FLAG_LIST, /* may be repeated */
};

struct flag {
	const char *name; /* without its dashes */
	enum flag_kind kind;
	size_t offset; /* of the field in struct options */
	unsigned group;
	const char *values; /* "FILE"; NULL for a switch */
	const char *help;
};

/* The table of the flags that are no questions; *ret_count rows. */
const struct flag *cli_flags(size_t *ret_count);
/* The row with that name, or NULL. */
const struct flag *cli_flag(const char *name);

/* The flag of a question as it is spelt on the command line, without its
 * dashes; NULL when it has none (secrets are read from a file). */
const char *cli_question_flag(const struct question *question);
/* What stands for its value in usage texts: "PATH"; NULL for a switch. */
const char *cli_question_value(const struct question *question);

/* Whether a command (NULL: the wizard) takes that question as a flag. */
bool cli_takes_question(const struct command *command,
			const struct question *question);
/* Whether it takes that flag of the table. */
bool cli_takes_flag(const struct command *command, const struct flag *flag);

/*
 * Reads the command line.  What it found stays in *ret_options even when it
 * fails, so the error can be told as asked for (--json).  HS_USAGE names the
 * flag, and the nearest one when it is unknown.  Strings belong to argv.
 */
int cli_options_parse(int argc, char *const argv[], struct options *ret_options,
		      struct error *err) HS_MUST_CHECK;
void cli_options_done(struct options *options);

#endif
