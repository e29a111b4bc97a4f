/*
 * What the steps of the wizard share: the wizard itself, the page each step
 * has, and the questions on it.  One file per step gives a `const struct
 * screen`; wizard.c walks them.
 */
#ifndef SCREENS_SCREEN_H
#define SCREENS_SCREEN_H

#include "core/apply/job/job.h"
#include "core/settings/questions/questions.h"
#include "screens/wizard.h"
#include "tui/widgets/browser.h"
#include "tui/widgets/button.h"
#include "tui/widgets/choice.h"
#include "tui/widgets/field.h"
#include "tui/widgets/form.h"
#include "tui/widgets/pager.h"
#include "tui/widgets/paste.h"

/* One question of the catalogue on a page. */
struct asked {
	const struct question *question;
	struct tui_widget *widget;
	struct tui_widget *notes; /* its findings, below it */
	struct strings words;	  /* what the rows of a choice stand for */
	char *refused;		  /* what is wrong with the text, or NULL */
	bool touched;		  /* its text is the operator's */
};

/* What a step shows.  It is made once and kept, so that going back and forth
 * loses nothing. */
struct page {
	struct tui_form form;
	struct asked *asked;
	size_t n;
	struct tui_widget *notes; /* findings about no field of this page */
	bool visited;
	/* What its screen added; each screen numbers its own. */
	struct tui_widget *own[12];
	struct strings words; /* what the rows of a choice of its own mean */
};

/* The page that is no step: a look at the live site. */
#define STEP_DOCTOR STEP_MAX
#define PAGES_MAX (STEP_MAX + 1)

/* The buttons of all pages. */
enum button {
	BUTTON_BACK = 1,
	BUTTON_NEXT,
	BUTTON_QUIT,
	BUTTON_SAVE,
	BUTTON_APPLY,
	BUTTON_KEEP,
	BUTTON_REVERT,
	BUTTON_FINISH,
	/* In a row within a page: the screen knows what they do. */
	BUTTON_BROWSE,
	BUTTON_DETAILS,
	BUTTON_REQUEST,
	BUTTON_LOOK,
};

struct wizard {
	struct job *job;
	const struct scr_options *options;
	struct page pages[PAGES_MAX];
	enum step step;

	/* The message line; hint is what the focus is for. */
	char *message;
	enum severity message_severity;
	bool has_message;

	/* Things to do again when typing has stopped. */
	bool look_again, read_again, judge_again;

	/* Review, Apply, Done */
	char *plan_problem; /* why there is no plan */
	bool planned;
	struct job_outcome outcome;
	long long deadline; /* boot-time milliseconds, 0: nothing waits */
	bool may_keep;	    /* what waits, from this very terminal */
	char *saved;	    /* path the answers were written to */
	char *requested;    /* path of a request that was made for a CA */
	struct error failure;

	struct glance *glance; /* at the live site, while it goes on */

	int status; /* that the wizard ends with */
	bool over;
};

/* One step.  Every function may be NULL. */
struct screen {
	enum step step;
	/* The questions in the order they are shown; ends with NULL.  Those
	 * of the step that are not named come behind. */
	const char *const *questions;
	/* Adds what it shows above and below its questions. */
	void (*begin)(struct wizard *wizard, struct page *page);
	void (*end)(struct wizard *wizard, struct page *page);
	/* Its buttons; NULL: Back and Next. */
	void (*buttons)(struct tui_widget *buttons);
	/* What the widget with the focus is for; NULL: as its question
	 * has it. */
	const char *(*hint)(const struct page *page);
	/* Each time it is come to. */
	void (*enter)(struct wizard *wizard, struct page *page);
	/* After settings, facts or findings changed. */
	void (*refresh)(struct wizard *wizard, struct page *page);
	/* A widget of its own changed. */
	void (*change)(struct wizard *wizard, struct tui_widget *widget);
	/* A button within its page. */
	void (*press)(struct wizard *wizard, enum button button);
	/* A key that nobody else wanted, and text of many lines that was
	 * pasted; false: neither does it. */
	bool (*key)(struct wizard *wizard, const struct tui_event *event);
	bool (*paste)(struct wizard *wizard, const char *text);
	/* Esc and the button Back; NULL: to the step before. */
	void (*back)(struct wizard *wizard);
	/* Ctrl-C, F10; NULL: the usual question. */
	void (*quit)(struct wizard *wizard);
	/* About once a second. */
	void (*tick)(struct wizard *wizard);
};

/* The screen of a step. */
const struct screen *scr_screen(enum step step);

extern const struct screen scr_server, scr_certificate, scr_name, scr_bindings,
	scr_hsts, scr_firewall, scr_product, scr_review, scr_apply, scr_done,
	scr_doctor;

/* Walking (walk.c) */

/* Goes to a step as if nothing stood in the way. */
void scr_go(struct wizard *wizard, enum step step);
/* Keeps the answers so far, for a wizard that goes on after this one. */
void scr_keep(const struct wizard *wizard);
/* To the next step, or says why not. */
void scr_next(struct wizard *wizard);
void scr_back(struct wizard *wizard);
/* The first reason of a step up to `step` that stands in the way, to be
 * freed; NULL: none. */
char *scr_obstacle(const struct wizard *wizard, enum step step);
/* What a button does. */
void scr_press(struct wizard *wizard, enum button button);
/* Ends the wizard. */
void scr_end(struct wizard *wizard, int status);

/* To the step and the field where that can be changed which a finding about
 * `question` (its id, or NULL) or `id` names; says so when there is none. */
void scr_cure(struct wizard *wizard, const char *question, const char *id);

/* Says something on the message line; it stays until the next key. */
void scr_say(struct wizard *wizard, enum severity severity, const char *format,
	     ...) HS_PRINTF(3, 4);
/* Draws all of it and shows it. */
void scr_draw(struct wizard *wizard);
/* The same as a dialog's background. */
void scr_draw_behind(void *wizard);
/* The help for what has the focus. */
void scr_help(struct wizard *wizard);
/* Tells an error in a dialog. */
void scr_tell_error(struct wizard *wizard, const char *title,
		    const struct error *err);

/* Hints (hint.c) */

/* Columns a hint may take. */
#define SCR_HINT_MAX 38
/* What a question is for, in a few words to be freed. */
char *scr_hint(const struct question *question);
/* A copy no longer than a hint may be, cut between two words. */
char *scr_shorten(const char *text);

/* Pictures above the wizard's own (view.c) */

struct scr_view {
	const char *title, *keys;
	const char *few_keys; /* on narrow screens; NULL: the same */
	struct tui_form form; /* released by scr_view_run() */
	/* When nothing is typed; true: there is more to come. Or NULL. */
	bool (*idle)(struct scr_view *view);
	/* A key the form did not want. Or NULL. */
	void (*key)(struct scr_view *view, const struct tui_event *event);
	bool links; /* a link in its pager is something to choose */
	/* Called when something was chosen, before the form is released. */
	void (*choose)(struct scr_view *view);
	void *context;
};

/* Shows it until something is chosen or Esc is pressed. */
void scr_view_run(struct scr_view *view);

/* Shows all that is wrong so far, step by step; what is chosen is gone to
 * (faults.c). */
void scr_faults(struct wizard *wizard);
/* Lets a field offer what might be meant (recall.c). */
void scr_recall_offer(struct wizard *wizard, const struct asked *asked);

/* Certificates (details.c, browse.c, describe.c, request.c) */

/* All there is to know about the certificate at hand. */
void scr_details(struct wizard *wizard);
/* The names of a certificate come from outside; the first fit one. */
const char *scr_certificate_name(const struct certificate *certificate);
/* "EC P-256", to be freed. */
char *scr_key_kind(const char *type, int bits, const char *curve);
/* "valid FROM [==|--] TO": today stands in it. */
char *scr_validity(const struct certificate *certificate, time_t now, int room);
/* What such a source holds, in one line to be freed; no secret in it. */
char *scr_describe(const struct cert_source *source);
/* Lets the operator look for a file, beginning at that of `path` or where
 * certificates usually are; NULL: none was chosen. To be freed. */
char *scr_browse(const char *path);
/* Makes a key and a request for these names (apart by commas or spaces) in
 * the directory and shows them; *ret_key and *ret_request are their paths, to
 * be freed. -1: it was told why not. */
int scr_request_make(struct wizard *wizard, const char *names,
		     const char *key_type, const char *directory,
		     char **ret_key, char **ret_request);

/* Pages (page.c) */

/* Makes the page of a step. */
void scr_page_build(struct wizard *wizard, const struct screen *screen);
void scr_page_done(struct page *page);
/* Widgets from settings, findings to their fields. */
void scr_page_refresh(struct wizard *wizard, enum step step);
/* The question a widget of the page is for, or NULL. */
struct asked *scr_asked(struct page *page, const struct tui_widget *widget);
/* The question with that id on the page, or NULL. */
struct asked *scr_asked_by_id(struct page *page, const char *id);
/* The step a finding belongs to. */
enum step scr_step_of(const struct finding *finding);
/* The look of a severity. */
enum tui_style scr_style(enum severity severity);
/* Adds a mark and a sentence below a field. */
void scr_note(struct tui_widget *notes, enum severity severity,
	      const char *format, ...) HS_PRINTF(3, 4);
/* Adds a row as it stands. */
void scr_row(struct tui_widget *notes, enum tui_style style, const char *format,
	     ...) HS_PRINTF(3, 4);
/* Adds the finding: what it says and what to do. */
void scr_note_finding(struct tui_widget *notes, const struct finding *finding);

/* The same as paragraphs of a pager. */
void scr_lines_note(struct tui_widget *pager, enum severity severity,
		    const char *format, ...) HS_PRINTF(3, 4);
void scr_lines_finding(struct tui_widget *pager, const struct finding *finding);

/* What is live, address by address (live.c) */

/* One address: where it is, and a few words on each of the rows. */
enum live_row {
	LIVE_WHERE,
	LIVE_CERTIFICATE,
	LIVE_PROTOCOL,
	LIVE_REDIRECT,
	LIVE_HSTS,
	LIVE_ROWS,
};
struct live_column {
	char *cells[LIVE_ROWS]; /* safe to show */
};
struct live_table HS_ARRAY(struct live_column);

/* What was seen; with `bundle`, whether its certificate is the one. */
void scr_live_collect(const struct probe_results *probes,
		      const struct bundle *bundle,
		      struct live_table *ret_table);
/* Adds it to the pager: side by side where there is room for it, else one
 * address below the other. */
void scr_live_show(const struct live_table *table, struct tui_widget *pager);
void scr_live_done(struct live_table *table);

/* A look at the live site beside the interface (glance.c) */

/* What a finding says, all of it safe to show; "" where nothing is said. */
enum seen_text {
	SEEN_ID,
	SEEN_QUESTION,
	SEEN_MESSAGE,
	SEEN_BROWSER,
	SEEN_MEANS,
	SEEN_CAUSE,
	SEEN_WHERE,
	SEEN_REMEDY,
	SEEN_TEXTS,
};
struct seen {
	enum severity severity;
	char *texts[SEEN_TEXTS];
};
struct seens HS_ARRAY(struct seen);

/* Starts a process that looks at https://NAME:PORT/ as the doctor does, with
 * what the job knows, and changes nothing here. NULL: it could not start. */
struct glance *scr_glance_start(const struct job *job, const char *name,
				int port, struct error *err);
/* Takes what has come meanwhile; true: that was all.  Never waits. */
bool scr_glance_read(struct glance *glance);
/* Since when, in whole seconds. */
int scr_glance_seconds(const struct glance *glance);
/* What came, the worst first; -1: it came to no end. */
int scr_glance_take(struct glance *glance, struct live_table *ret_table,
		    struct seens *ret_seens);
/* Ends the process if it still looks, and frees it; NULL is none. */
void scr_glance_end(struct glance *glance);
void scr_seens_done(struct seens *seens);

/* Choices (offer.c) */

/* What a row of a choice says, to be freed. */
char *scr_choice_label(const struct question *question,
		       const struct choice *choice);
/* Says beside each answer of the page that would not do why. */
void scr_offer_reasons(struct wizard *wizard, struct page *page);

/* Answers (answer.c) */

/* A widget fit for the kind of question. */
struct tui_widget *scr_answer_widget(const struct question *question);
/* Fills a choice: what its rows stand for and what they say. */
void scr_answer_offer(struct asked *asked, const char *word, const char *label);
void scr_answer_offer_none(struct asked *asked);
/* Shows the present answer, unless its text is the operator's. */
void scr_answer_load(struct asked *asked, const struct settings *settings);
/* Takes what the widget shows for an answer; asked->refused says what is
 * wrong with it. */
void scr_answer_take(struct asked *asked, struct settings *settings);
/* Answers a question on behalf of the operator with `text`. */
void scr_answer_set(struct asked *asked, struct settings *settings,
		    const char *text);

/* The job (work.c) */

/* An answer changed: what depends on it is judged at once, or marked to be
 * done again when typing has stopped. */
void scr_work_answered(struct wizard *wizard, const struct question *question);
/* Does what waits to be done; false: nothing did. */
bool scr_work_catch_up(struct wizard *wizard);
/* Reads the certificate; says so when it takes its time, and Esc cancels. */
int scr_work_read(struct wizard *wizard, struct error *err);
/* Makes the plan; wizard->plan_problem says why there is none. */
void scr_work_plan(struct wizard *wizard);
/* Whether it still waits; when not, the wizard's status and failure say who
 * ended it how. */
bool scr_work_still_waits(struct wizard *wizard);
/* Keeps what is waiting; false: that may not be done from here, as was said. */
bool scr_work_keep(struct wizard *wizard);
/* The terminal is gone: what waits is left to its watchdog, and can be kept
 * from a new login; without one it is taken back. */
void scr_work_let_go(struct wizard *wizard);
/* Takes back what is waiting. */
void scr_work_revert(struct wizard *wizard, const char *why);

/* Shows how it ended, what changed, how to undo it. */
void scr_show_summary(const struct wizard *wizard, struct tui_widget *pager);
/* The same for after the screens, to be freed; NULL: nothing but an error to
 * tell. */
char *scr_last_words(const struct wizard *wizard);
/* The address of a site: "https://www.example.test:8443/", to be freed; no name
 * yet is NULL. */
char *scr_url(const char *name, int port);

#endif
