#include "cli/results/json.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/plan/diff.h"

/* Bytes as they stand when they are valid UTF-8; else each line of them made
 * harmless, because a JSON string can hold nothing else. */
static json_t *bytes_as_json(const char *bytes, size_t length)
{
	json_t *string = json_stringn(bytes, length);
	hs_auto_str struct str safe = {0};

	while (!string && length) {
		const char *stop = memchr(bytes, '\n', length);
		size_t n = stop ? (size_t)(stop - bytes) : length;
		hs_auto_free char *line = hs_text_safe(bytes, n, 0);

		hs_str_puts(&safe, line);
		if (stop)
			hs_str_putc(&safe, '\n');
		n += stop != NULL;
		bytes += n;
		length -= n;
	}
	return string ? string : json_string(hs_str_text(&safe));
}

json_t *cli_json_text(const char *text)
{
	return text ? bytes_as_json(text, strlen(text)) : json_null();
}

json_t *cli_json_strings(const struct strings *list)
{
	json_t *array = json_array();

	HS_EACH(text, list)
		json_array_append_new(array, cli_json_text(*text));
	return array;
}

json_t *cli_json_time(time_t time)
{
	struct tm tm;
	char text[32];

	if (!time || !gmtime_r(&time, &tm))
		return json_null();
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

json_t *cli_json_begin(const char *command)
{
	json_t *object = json_object();

	json_object_set_new(object, "schema", json_integer(1));
	json_object_set_new(object, "command",
			    command ? json_string(command) : json_null());
	return object;
}

void cli_json_print(json_t *object)
{
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, cli_json_text(text));
}

static json_t *finding_as_json(const struct finding *finding)
{
	json_t *object = json_object();

	set_text(object, "id", finding->id);
	set_text(object, "severity", hs_severity_word(finding->severity));
	set_text(object, "question", finding->question);
	set_text(object, "where", finding->where);
	set_text(object, "message", finding->message);
	set_text(object, "remedy", finding->remedy);
	set_text(object, "source", finding->source);
	return object;
}

json_t *cli_json_findings(const struct findings *findings)
{
	json_t *array = json_array();

	HS_EACH(finding, findings)
		json_array_append_new(array, finding_as_json(finding));
	return array;
}

static json_t *diff_as_json(const struct change *change)
{
	hs_auto_str struct str diff = {0};

	if (change->kind == CHANGE_RUN || change->kind == CHANGE_LINK)
		return json_null();
	hs_diff_change(change, &diff);
	return bytes_as_json(hs_str_text(&diff), diff.len);
}

static json_t *change_as_json(const struct change *change)
{
	json_t *object = json_object();
	bool runs = change->kind == CHANGE_RUN;
	bool created = change->kind == CHANGE_CREATE;
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", (unsigned)change->mode & 07777);
	set_text(object, "kind", hs_change_word(change->kind));
	set_text(object, "path", change->path);
	set_text(object, "mode", created ? mode : NULL);
	set_text(object, "reason", change->reason);
	json_object_set_new(object, "diff", diff_as_json(change));
	set_text(object, "undo", change->undo);
	set_text(object, "phase",
		 change->phase == PHASE_PROVED ? "proved" : "https");
	if (change->target)
		set_text(object, "target", change->target);
	if (runs)
		json_object_set_new(object, "command",
				    cli_json_strings(&change->command));
	return object;
}

json_t *cli_json_changes(const struct plan *plan)
{
	static const enum change_phase phases[] = {PHASE_HTTPS, PHASE_PROVED};
	json_t *array = json_array();

	if (hs_plan_is_empty(plan))
		return array;
	for (size_t i = 0; i < HS_LENGTH(phases); i++)
		HS_EACH(change, &plan->changes)
			if (change->phase == phases[i])
				json_array_append_new(array,
						      change_as_json(change));
	return array;
}

json_t *cli_json_conflicts(const struct conflicts *conflicts)
{
	json_t *array = json_array();

	HS_EACH(conflict, conflicts) {
		json_t *object = json_object();

		set_text(object, "path", conflict->path);
		set_text(object, "backup", conflict->backup);
		json_array_append_new(array, object);
	}
	return array;
}

json_t *cli_json_error(const struct error *err)
{
	json_t *object = json_object();

	json_object_set_new(object, "code", json_integer(err->code));
	set_text(object, "id", *err->id ? err->id : NULL);
	set_text(object, "what", err->what);
	set_text(object, "where", *err->where ? err->where : NULL);
	set_text(object, "hint", *err->hint ? err->hint : NULL);
	return object;
}

void cli_json_add_check(json_t *object, const struct job *job)
{
	bool ok = hs_findings_worst(&job->findings) < SEVERITY_ERROR;

	json_object_set_new(object, "ok", json_boolean(ok));
	json_object_set_new(object, "findings",
			    cli_json_findings(&job->findings));
	json_object_set_new(object, "certificate",
			    cli_json_certificate(&job->facts.bundle));
}

static json_t *checklist_as_json(const struct plan *plan)
{
	json_t *array = json_array();

	HS_EACH(task, &plan->tasks) {
		json_t *object = json_object();

		set_text(object, "when", hs_task_word(task->when));
		set_text(object, "step", task->text);
		set_text(object, "reason", task->reason);
		json_object_set_new(object, "command",
				    cli_json_strings(&task->command));
		json_array_append_new(array, object);
	}
	return array;
}

void cli_json_add_plan(json_t *object, const struct plan *plan)
{
	json_object_set_new(object, "changes", cli_json_changes(plan));
	json_object_set_new(object, "notes", cli_json_strings(&plan->notes));
	json_object_set_new(object, "checklist", checklist_as_json(plan));
}

json_t *cli_json_judged(const char *command, const struct job *job,
			const struct plan *plan)
{
	json_t *object = cli_json_begin(command);

	cli_json_add_check(object, job);
	if (plan)
		cli_json_add_plan(object, plan);
	return object;
}

/* How it stands now.  With nothing to do, what was asked for is committed
 * already; what failed before it began has no state. */
static const char *state_word(const struct job_outcome *outcome,
			      const struct error *err)
{
	if (outcome->transaction)
		return hs_transaction_word(outcome->state);
	return err->code ? NULL : hs_transaction_word(TX_COMMITTED);
}

void cli_json_add_outcome(json_t *object, const struct job_outcome *outcome,
			  const struct error *err)
{
	set_text(object, "transaction", outcome->transaction);
	set_text(object, "state", state_word(outcome, err));
	set_text(object, "trial", outcome->trial);
	json_object_set_new(object, "verify",
			    cli_json_findings(&outcome->live));
	json_object_set_new(object, "verified",
			    json_boolean(outcome->verified));
	json_object_set_new(object, "changed",
			    cli_json_strings(&outcome->changed));
	json_object_set_new(object, "conflicts",
			    cli_json_conflicts(&outcome->conflicts));
	cli_json_add_error(object, err);
}

void cli_json_add_error(json_t *object, const struct error *err)
{
	if (err->code)
		json_object_set_new(object, "error", cli_json_error(err));
}
