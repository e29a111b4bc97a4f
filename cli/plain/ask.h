/*
 * One question of the catalogue, asked on one line: label, numbered choices,
 * the default last; `?` helps, `<` goes back, `q` quits.
 */
#ifndef CLI_PLAIN_ASK_H
#define CLI_PLAIN_ASK_H

#include "core/apply/job/job.h"
#include "core/base/str.h"
#include "core/settings/questions/questions.h"

enum reply {
	REPLY_NEXT, /* answered, or left as it is */
	REPLY_BACK,
	REPLY_QUIT,
	REPLY_END,    /* the input ended */
	REPLY_AGAIN,  /* the same is to be asked once more */
	REPLY_DONE,   /* nothing more is to be asked today */
	REPLY_FAILED, /* the error says why */
};

/* Asks until there is an answer of the question's kind, and stores it. The
 * job's facts offer choices for servers and sites; `keeps`: Enter leaves the
 * present answer. */
enum reply cli_plain_ask(const struct question *question, struct job *job,
			 bool keeps);

/* Asks what is no setting: a question with label, help, values and perhaps
 * choices, of which one must be meant then.  Enter stands for `present`. */
enum reply cli_plain_ask_own(const struct question *question,
			     const char *present, struct str *ret_text);

#endif
