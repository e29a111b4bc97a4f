#include "core/plan/plan.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"

/* The bytes as a copy of their own, NUL behind them; NULL stays NULL. */
static char *copy_bytes(const char *bytes, size_t length)
{
	return bytes ? hs_strndup(bytes, length) : NULL;
}

static void drop_bytes(char **bytes, size_t *length, bool secret)
{
	/* wipes; takes memory of the secure heap and of the common one */
	if (secret && *bytes)
		OPENSSL_secure_clear_free(*bytes, *length);
	else
		free(*bytes);
	*bytes = NULL;
	*length = 0;
}

static void change_done(struct change *change)
{
	if (!change->lent)
		drop_bytes(&change->before, &change->before_length,
			   change->secret);
	drop_bytes(&change->after, &change->after_length, change->secret);
	free(change->path);
	free(change->reason);
	free(change->undo);
	free(change->target);
	hs_strings_done(&change->command);
	free(change->firewall);
	free(change->port.tag);
	free(change->port.place);
}

static void own(struct change *change)
{
	if (change->lent)
		change->before =
			copy_bytes(change->before, change->before_length);
	change->lent = false;
}

void hs_plan_own(struct plan *plan)
{
	HS_EACH(change, &plan->changes)
		own(change);
}

static void hide_bytes(char **bytes, size_t length)
{
	char *hidden;

	if (!*bytes || CRYPTO_secure_allocated(*bytes))
		return;
	hidden = OPENSSL_secure_malloc(length + 1);
	if (!hidden) /* no room left there: still wiped at the end */
		return;
	memcpy(hidden, *bytes, length + 1);
	explicit_bzero(*bytes, length);
	free(*bytes);
	*bytes = hidden;
}

void hs_change_hide(struct change *change)
{
	own(change);
	change->secret = true;
	hide_bytes(&change->before, change->before_length);
	hide_bytes(&change->after, change->after_length);
}

/* The last change to that path in that phase or an earlier one. */
static struct change *find_change(struct plan *plan, enum change_phase phase,
				  const char *path)
{
	struct change *found = NULL;

	HS_EACH(change, &plan->changes) {
		if (change->path && change->phase <= phase &&
		    change->kind != CHANGE_RUN && !strcmp(change->path, path) &&
		    (!found || change->phase >= found->phase))
			found = change;
	}
	return found;
}

static bool is_same(const char *a, size_t a_length, const char *b,
		    size_t b_length)
{
	if (!a || !b)
		return !a && !b;
	return a_length == b_length && !memcmp(a, b, b_length);
}

static void remove_change(struct plan *plan, struct change *change)
{
	size_t index = (size_t)(change - plan->changes.items);

	change_done(change);
	memmove(change, change + 1,
		(plan->changes.n - index - 1) * sizeof(*change));
	plan->changes.n--;
}

/* What the content before and after says about the kind. */
static void set_kind(struct change *change)
{
	static const char *const undos[] = {
		[CHANGE_EDIT] = N_("restore the file"),
		[CHANGE_CREATE] = N_("remove the file"),
		[CHANGE_REMOVE] = N_("put the file back"),
	};

	if (!change->after)
		change->kind = CHANGE_REMOVE;
	else
		change->kind = change->before ? CHANGE_EDIT : CHANGE_CREATE;
	hs_replace(&change->undo, _(undos[change->kind]));
}

/* Appends what the second change does to the reason, once. */
static void add_reason(struct change *change, const char *english)
{
	const char *reason = _(english);
	char *joined;

	if (!reason || (change->reason && strstr(change->reason, reason)))
		return;
	joined = change->reason ? hs_format("%s, %s", change->reason, reason)
				: hs_strdup(reason);
	free(change->reason);
	change->reason = joined;
}

/* What a file is to be: NULL, it goes. */
struct wanted {
	enum change_phase phase;
	const char *path, *reason;
	mode_t mode;
	const struct str *after; /* NULL: `take` says it */
	struct str *take;	 /* moves into the plan */
};

static const struct str *text_of(const struct wanted *wanted)
{
	return wanted->take ? wanted->take : wanted->after;
}

static void set_after(struct change *change, const struct wanted *wanted)
{
	const struct str *text = text_of(wanted);

	if (text)
		change->mode = wanted->mode;
	change->after_length = text ? text->len : 0;
	if (wanted->take)
		change->after = hs_str_take(wanted->take);
	else
		change->after =
			text ? copy_bytes(hs_str_text(text), text->len) : NULL;
}

/* A second change to the same path in the same phase. */
static struct change *amend(struct plan *plan, struct change *change,
			    const struct wanted *wanted)
{
	drop_bytes(&change->after, &change->after_length, change->secret);
	set_after(change, wanted);
	if (is_same(change->before, change->before_length, change->after,
		    change->after_length)) {
		remove_change(plan, change);
		return NULL;
	}
	if (change->secret)
		hs_change_hide(change);
	set_kind(change);
	add_reason(change, wanted->reason);
	return change;
}

/* What `path` holds once the plan has come as far as this change. */
struct content {
	const char *bytes; /* NULL: no such file */
	size_t length;
	bool secret;
	char *lent; /* the bytes, where they need no copy */
};

static struct content content_now(const struct change *earlier,
				  const struct str *before,
				  const struct wanted *wanted)
{
	if (earlier)
		return (struct content){earlier->after, earlier->after_length,
					earlier->secret, NULL};
	if (before)
		return (struct content){hs_str_text(before), before->len, false,
					wanted->take ? before->data : NULL};
	return (struct content){0};
}

static struct change *put(struct plan *plan, const struct str *before,
			  const struct wanted *wanted)
{
	struct change *earlier = find_change(plan, wanted->phase, wanted->path);
	const struct str *text = text_of(wanted);
	struct content now = content_now(earlier, before, wanted);
	struct change change = {.phase = wanted->phase};

	if (earlier && earlier->phase == wanted->phase)
		return amend(plan, earlier, wanted);
	if (is_same(now.bytes, now.length, text ? hs_str_text(text) : NULL,
		    text ? text->len : 0))
		return NULL;
	change.path = hs_strdup(wanted->path);
	change.reason = hs_strdup(_(wanted->reason));
	change.lent = now.lent != NULL;
	change.before = now.lent ? now.lent : copy_bytes(now.bytes, now.length);
	change.before_length = now.length;
	set_after(&change, wanted);
	set_kind(&change);
	if (now.secret)
		hs_change_hide(&change);
	HS_PUSH(&plan->changes, change);
	return &plan->changes.items[plan->changes.n - 1];
}

struct change *hs_plan_write(struct plan *plan, enum change_phase phase,
			     const char *path, mode_t mode,
			     const struct str *before, const struct str *after,
			     const char *reason)
{
	struct wanted wanted = {
		.phase = phase,
		.path = path,
		.reason = reason,
		.mode = mode,
		.after = after,
	};

	return put(plan, before, &wanted);
}

struct change *hs_plan_take(struct plan *plan, enum change_phase phase,
			    const char *path, mode_t mode,
			    const struct str *before, struct str *after,
			    const char *reason)
{
	struct wanted wanted = {
		.phase = phase,
		.path = path,
		.reason = reason,
		.mode = mode,
		.take = after,
	};
	struct change *change = put(plan, before, &wanted);

	hs_str_done(after);
	return change;
}

struct change *hs_plan_remove(struct plan *plan, enum change_phase phase,
			      const char *path, const struct str *before,
			      const char *reason)
{
	struct wanted wanted = {.phase = phase, .path = path, .reason = reason};

	return put(plan, before, &wanted);
}

struct change *hs_plan_link(struct plan *plan, enum change_phase phase,
			    const char *path, const char *target,
			    const char *reason)
{
	struct change *change = HS_GROW(&plan->changes);

	*change = (struct change){
		.kind = CHANGE_LINK,
		.phase = phase,
		.path = hs_strdup(path),
		.target = hs_strdup(target),
		.reason = hs_strdup(_(reason)),
		.undo = hs_strdup(_("remove the link")),
	};
	return change;
}

struct change *hs_plan_run(struct plan *plan, enum change_phase phase,
			   const char *const *argv, const char *reason,
			   const char *undo)
{
	struct change *change = HS_GROW(&plan->changes);

	*change = (struct change){
		.kind = CHANGE_RUN,
		.phase = phase,
		.reason = hs_strdup(_(reason)),
		.undo = hs_strdup(_(undo)),
	};
	for (; *argv; argv++)
		hs_strings_add(&change->command, *argv);
	return change;
}

void hs_plan_note(struct plan *plan, const char *format, ...)
{
	hs_auto_str struct str note = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&note, _(format), args);
	va_end(args);
	if (!hs_strings_has(&plan->notes, hs_str_text(&note)))
		hs_strings_add(&plan->notes, hs_str_text(&note));
}

struct task *hs_plan_task(struct plan *plan, enum task_when when,
			  const char *reason, const char *format, ...)
{
	struct task *task = HS_GROW(&plan->tasks);
	hs_auto_str struct str text = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&text, _(format), args);
	va_end(args);
	*task = (struct task){
		.when = when,
		.text = hs_str_take(&text),
		.reason = hs_strdup(_(reason)),
	};
	return task;
}

const char *hs_task_word(enum task_when when)
{
	return when == TASK_BEFORE ? "before" : "after";
}

bool hs_plan_is_empty(const struct plan *plan)
{
	HS_EACH(change, &plan->changes) {
		if (change->kind != CHANGE_RUN || change->firewall)
			return false;
	}
	return true;
}

const char *hs_change_word(enum change_kind kind)
{
	static const char *const words[] = {
		[CHANGE_EDIT] = N_("edit"), [CHANGE_CREATE] = N_("create"),
		[CHANGE_LINK] = N_("link"), [CHANGE_REMOVE] = N_("remove"),
		[CHANGE_RUN] = N_("run"),
	};

	return words[kind];
}

void hs_plan_done(struct plan *plan)
{
	HS_EACH(change, &plan->changes)
		change_done(change);
	HS_ARRAY_FREE(&plan->changes);
	hs_strings_done(&plan->notes);
	HS_EACH(task, &plan->tasks) {
		free(task->text);
		free(task->reason);
		hs_strings_done(&task->command);
	}
	HS_ARRAY_FREE(&plan->tasks);
}
