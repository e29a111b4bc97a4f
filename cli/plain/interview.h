/*
 * The questions of the plain face in the order in which they are asked: what
 * matters, or on demand all of the catalogue.  What the catalogue has and no
 * row here speaks of is asked as well, at the end of its step.
 */
#ifndef CLI_PLAIN_INTERVIEW_H
#define CLI_PLAIN_INTERVIEW_H

#include "cli/plain/ask.h"

/* One question of the line. */
struct asking {
	const char *id;
	bool (*fits)(const struct job *job); /* there is such a thing */
	/* It could not be found out, or matters: asked also of those who want
	 * to be asked little.  NULL here and there: always. */
	bool (*matters)(const struct job *job);
	/* Asked by this, instead of as the question that it belongs to. */
	enum reply (*own)(struct job *job, struct error *err);
};

struct interview {
	struct job *job;
	bool details; /* what most can leave alone is asked as well */
	struct askings HS_ARRAY(struct asking) line;
	size_t at, end; /* the one that is next; behind the last one */
	int announced;	/* the last step that was named; -1: none */
};

void cli_interview_begin(struct interview *ret_interview, struct job *job);
void cli_interview_done(struct interview *interview);

/* Goes to the first question of a step or behind it; cli_interview_change():
 * to ask all of that step and nothing else. */
void cli_interview_go(struct interview *interview, enum step step);
void cli_interview_change(struct interview *interview, enum step step);

/* Goes back to the last question that is asked; false: there is none. */
bool cli_interview_back(struct interview *interview);

/* Asks what is left, then what errors are about until none stands.
 * REPLY_BACK: from the first one. */
enum reply cli_interview_run(struct interview *interview, struct error *err);

/* "Step 3 of 9: Name"; steps on the way there without a question are named,
 * so that none seems to be missing. */
void cli_interview_announce(struct interview *interview, enum step step);

#endif
