/*
 * The one catalogue of questions.  Fields on the screens, prompts of the plain
 * face, keys of the answers file, command-line flags, help texts and the man
 * page's list all come from this table: adding a question is one row.
 */
#ifndef CORE_SETTINGS_QUESTIONS_QUESTIONS_H
#define CORE_SETTINGS_QUESTIONS_QUESTIONS_H

#include <stddef.h>

#include "core/base/error.h"
#include "core/settings/settings.h"

enum question_kind {
	QUESTION_TEXT,	   /* char *: a name or word */
	QUESTION_PATH,	   /* char *: a file or directory */
	QUESTION_SECRET,   /* char * in the secure heap: never shown, stored */
	QUESTION_BOOL,	   /* bool */
	QUESTION_CHOICE,   /* int: index into choices */
	QUESTION_WORD,	   /* char *: one of choices */
	QUESTION_PORT,	   /* int */
	QUESTION_CODE,	   /* int: one of choices, as a number */
	QUESTION_DURATION, /* long long or int seconds: "31536000" "1y" "30d" */
	QUESTION_ADDRESSES, /* struct strings; the flag may be repeated */
	QUESTION_NAME,	    /* char *: host name, normalised to A-label */
	QUESTION_NAMES,	    /* struct strings: host names, IP addresses */
};

/* The wizard's steps, in order; a question belongs to one of them. */
enum step {
	STEP_SERVER,
	STEP_CERTIFICATE,
	STEP_NAME,
	STEP_BINDINGS,
	STEP_HSTS,
	STEP_FIREWALL,
	STEP_PRODUCT, /* there only for a product with questions of its own */
	STEP_REVIEW,
	STEP_APPLY,
	STEP_DONE,
	STEP_MAX,
};

struct choice {
	const char *word;  /* in flags and answers */
	const char *label; /* on screens: what it does to visitors */
};

struct question {
	const char *id;	     /* "hsts.max-age": answers file and findings */
	const char *flag;    /* "hsts-max-age", without dashes */
	const char *no_flag; /* "no-hsts" for a bool that can be denied; NULL */
	enum question_kind kind;
	enum step step;
	size_t offset, size;  /* of the field in struct settings */
	const char *fallback; /* the default as text; NULL: open */
	const char *values;   /* "1-65535", "seconds, or 1y 30d": for usage */
	const char *label;    /* a few words before the field */
	const char *help;     /* sentences: what it is for, what follows */
	const struct choice *choices; /* ends with a NULL word; or NULL */
	/* The rule that judges text which is no value of this kind: it is
	 * stored as -1 then.  NULL: such text is refused at once. */
	const char *judged_by;
	/* The product it is about; NULL: every one.  It may be answered
	 * whatever was chosen, and is asked only with that product. */
	const char *product;
	/* Likewise the server it is about. */
	const char *server;
};

/* The catalogue; *ret_count rows. */
const struct question *hs_questions(size_t *ret_count);
/* The row with that id or flag (also a no_flag), or NULL. */
const struct question *hs_question_by_id(const char *id);
const struct question *hs_question_by_flag(const char *flag);
size_t hs_question_index(const struct question *question);

/* Whether its answer is a list (struct strings). */
bool hs_question_is_list(const struct question *question);
/* Whether it matters to the chosen product and server. */
bool hs_question_is_relevant(const struct question *question,
			     const struct settings *settings);
/* Whether the step is there at all with the chosen product. */
bool hs_step_is_there(enum step step, const struct settings *settings);
/* The number people see it by, from 1, and how many there are. */
int hs_step_number(enum step step, const struct settings *settings);
int hs_step_count(const struct settings *settings);

/* The title of a step: "Certificate". */
const char *hs_step_title(enum step step);

/*
 * Answers a question with text, as typed or read.  `where` names its source
 * ("--name", "site.xml:12") or is NULL.  An answer of the wrong kind: HS_USAGE
 * with where, what and hint, and the old value stays.  A value of the right
 * kind that cannot work (port 0, max-age 0) is stored: rules judge it.
 * Empty text leaves words, names and paths open.  QUESTION_ADDRESSES takes
 * several, split by commas or spaces; a second answer from flags or from the
 * answers file adds to the first, any other replaces it.
 */
int hs_question_answer(const struct question *question,
		       struct settings *settings, const char *text,
		       enum origin origin, const char *where,
		       struct error *err) HS_MUST_CHECK;

/* Forgets an answer: back to the default. */
void hs_question_reset(const struct question *question,
		       struct settings *settings);

/* The present answer as text (what hs_question_answer() would take), to be
 * freed; "" when open; secrets yield "" or "********". */
char *hs_question_text(const struct question *question,
		       const struct settings *settings);

/* Whether somebody answered it (answers file, flag, operator). */
bool hs_question_is_answered(const struct question *question,
			     const struct settings *settings);

/* Who answered what, by id; ORIGIN_DEFAULT for an unknown id. */
enum origin hs_settings_origin(const struct settings *settings, const char *id);
/* Fills an open or default answer with what was found out. */
void hs_settings_found(struct settings *settings, const char *id,
		       const char *text);

#endif
