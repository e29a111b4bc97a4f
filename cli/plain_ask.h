/*
 * One question of the catalogue, asked on one line: label, numbered choices,
 * the default last; `?` helps, `<` goes back, `q` quits.
 */
#ifndef CLI_PLAIN_ASK_H
#define CLI_PLAIN_ASK_H

#include "core/apply/job.h"
#include "core/settings/questions.h"

enum reply {
	REPLY_NEXT, /* answered, or left as it is */
	REPLY_BACK,
	REPLY_QUIT,
	REPLY_END, /* the input ended */
};

/* Asks until there is an answer of the question's kind, and stores it. The
 * job's facts offer choices for servers and sites. */
enum reply cli_plain_ask(const struct question *question, struct job *job);

/* Prints the findings about a question, "Error:" first; how many errors. */
size_t cli_plain_findings(const struct findings *findings,
			  const struct question *question);

#endif
