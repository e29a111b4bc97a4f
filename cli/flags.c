#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "core/base/i18n.h"

#define AT(field) offsetof(struct options, field)

static const struct flag flags[] = {
	{"json", FLAG_BOOL, AT(json), FLAGS_JSON, NULL,
	 N_("one JSON object on standard output")},
	{"yes", FLAG_BOOL, AT(yes), FLAGS_YES, NULL,
	 N_("do it without asking; needed without a terminal")},
	{"answers", FLAG_TEXT, AT(answers), FLAGS_ANSWERS, "FILE",
	 N_("take the settings from an answers file; flags win over it")},
	{"save-answers", FLAG_TEXT, AT(save_answers), FLAGS_SAVE, "FILE",
	 N_("write the settings to an answers file, without secrets")},
	{"passphrase-file", FLAG_TEXT, AT(passphrase_file), FLAGS_SECRET,
	 "FILE", N_("the certificate's passphrase is this file's text")},
	{"passphrase-fd", FLAG_DESCRIPTOR, AT(passphrase_fd), FLAGS_SECRET, "N",
	 N_("the certificate's passphrase is read from this descriptor")},
	{"ca", FLAG_TEXT, AT(job.ca), FLAGS_TRUST, "FILE",
	 N_("more trust anchors (PEM), wherever trust is judged")},
	{"timeout", FLAG_SECONDS, AT(job.timeout_ms), FLAGS_PROBE, "SECONDS",
	 N_("longest time for each probe of the live site (5)")},
	{"no-trial", FLAG_BOOL, AT(job.no_trial), FLAGS_TRIAL, NULL,
	 N_("without starting the server on trial before anything is "
	    "written")},
	{"state-dir", FLAG_TEXT, AT(job.state_dir), FLAGS_STATE, "DIR",
	 N_("where journal, backups and lock are kept")},
	{"cert-dir", FLAG_TEXT, AT(job.cert_dir), FLAGS_CERT_DIR, "DIR",
	 N_("where certificates are installed")},
	{"name", FLAG_LIST, AT(make.names), FLAGS_NAMES, "NAME",
	 N_("a host name or IP address to be in it; may be repeated")},
	{"key-type", FLAG_TEXT, AT(make.key_type), FLAGS_NAMES, "TYPE",
	 N_("rsa-2048, rsa-3072, rsa-4096, p-256 or p-384 (p-256)")},
	{"days", FLAG_TEXT, AT(make.days), FLAGS_DAYS, "DAYS",
	 N_("for how long it is valid (398; 3650 for a CA)")},
	{"ca-dir", FLAG_TEXT, AT(make.ca_dir), FLAGS_CA, "DIR",
	 N_("where the CA is kept: root.pem and root.key")},
	{"request", FLAG_TEXT, AT(make.request), FLAGS_CA, "FILE",
	 N_("sign this request (PKCS#10) instead of making a key")},
	{"init", FLAG_BOOL, AT(make.init), FLAGS_CA, NULL,
	 N_("make the CA itself; --name says what it is called")},
	{"client", FLAG_BOOL, AT(make.client), FLAGS_CA, NULL,
	 N_("issue a certificate for a client instead of a server")},
	{"format", FLAG_TEXT, AT(make.format), FLAGS_FORMAT, "FORMAT",
	 N_("pem, pem-with-key, key, der, pkcs12, pkcs12-old or roots")},
	{"out-passphrase-file", FLAG_TEXT, AT(make.passphrase_file),
	 FLAGS_FORMAT, "FILE",
	 N_("the new file's passphrase is this file's text")},
	{"out-passphrase-fd", FLAG_DESCRIPTOR, AT(make.passphrase_fd),
	 FLAGS_FORMAT, "N",
	 N_("the new file's passphrase is read from this descriptor")},
	{"out", FLAG_TEXT, AT(make.out), FLAGS_NEW, "PATH",
	 N_("where to write: a directory, or for one file its path")},
	{"force", FLAG_BOOL, AT(make.force), FLAGS_NEW, NULL,
	 N_("replace files that are there already")},
	{"plain", FLAG_BOOL, AT(plain), FLAGS_WIZARD, NULL,
	 N_("ask line by line instead of on screens")},
	{"demo", FLAG_BOOL, AT(demo), FLAGS_WIZARD, NULL,
	 N_("try it on a private nginx in a temporary directory")},
	{"unattended", FLAG_BOOL, AT(unattended), FLAGS_WIZARD, NULL,
	 N_("with --demo: without questions")},
	{"resume", FLAG_BOOL, AT(resume), FLAGS_WIZARD, NULL,
	 N_("go on where the last wizard was cut off")},
	{"theme", FLAG_TEXT, AT(theme), FLAGS_WIZARD, "THEME",
	 N_("how the screens look: default, high-contrast or mono")},
	{"no-mouse", FLAG_BOOL, AT(no_mouse), FLAGS_WIZARD, NULL,
	 N_("leave the mouse to the terminal")},
	{"no-color", FLAG_BOOL, AT(no_color), FLAGS_EVERY, NULL,
	 N_("no colours (also: NO_COLOR in the environment)")},
	{"ascii", FLAG_BOOL, AT(ascii), FLAGS_EVERY, NULL,
	 N_("only ASCII characters for lines and marks")},
	{"verbose", FLAG_BOOL, AT(verbose), FLAGS_EVERY, NULL,
	 N_("tell on standard error what is being done")},
	{"log", FLAG_TEXT, AT(log), FLAGS_EVERY, "FILE",
	 N_("append what is being done to a file")},
	{"help", FLAG_BOOL, AT(help), FLAGS_EVERY, NULL, N_("how it is used")},
	{"version", FLAG_BOOL, AT(version), FLAGS_EVERY, NULL,
	 N_("which version this is")},
};

const struct flag *cli_flags(size_t *ret_count)
{
	*ret_count = HS_LENGTH(flags);
	return flags;
}

const char *cli_question_flag(const struct question *question)
{
	if (question->kind == QUESTION_SECRET)
		return NULL;
	return question->flag ? question->flag : question->no_flag;
}

static const char *const value_names[] = {
	[QUESTION_TEXT] = "NAME",     [QUESTION_PATH] = "PATH",
	[QUESTION_SECRET] = NULL,     [QUESTION_BOOL] = NULL,
	[QUESTION_CHOICE] = "WORD",   [QUESTION_WORD] = N_("WORD"),
	[QUESTION_PORT] = "PORT",     [QUESTION_CODE] = "CODE",
	[QUESTION_DURATION] = "TIME", [QUESTION_ADDRESSES] = "ADDRESS",
	[QUESTION_NAME] = "NAME",     [QUESTION_NAMES] = "NAME",
};

const char *cli_question_value(const struct question *question)
{
	return value_names[question->kind];
}

bool cli_takes_question(const struct command *command,
			const struct question *question)
{
	return !command || command->steps & 1u << question->step;
}

bool cli_takes_flag(const struct command *command, const struct flag *flag)
{
	unsigned wizard = FLAGS_WIZARD | FLAGS_ANSWERS | FLAGS_SECRET |
			  FLAGS_SAVE | FLAGS_STATE | FLAGS_CERT_DIR |
			  FLAGS_TRUST | FLAGS_PROBE | FLAGS_TRIAL;
	unsigned groups = command ? command->flags : wizard;

	return (groups | FLAGS_EVERY) & flag->group;
}

const struct flag *cli_flag(const char *name)
{
	for (size_t i = 0; i < HS_LENGTH(flags); i++)
		if (!strcmp(flags[i].name, name))
			return &flags[i];
	return NULL;
}
