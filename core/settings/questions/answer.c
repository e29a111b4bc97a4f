/* Answers and who gave them (core/settings/questions/questions.h). */
#include <string.h>

#include "core/base/str.h"
#include "core/settings/questions/kinds.h"

static struct answered *answered_slot(const struct question *question,
				      struct settings *settings)
{
	return &settings->answered[hs_question_index(question)];
}

static void record(const struct question *question, struct settings *settings,
		   enum origin origin, const char *where)
{
	struct answered *answered = answered_slot(question, settings);

	answered->origin = origin;
	hs_replace(&answered->where, where);
}

/* Only flags and the answers file come in several pieces. */
static bool is_one_more(const struct answered *answered, enum origin origin)
{
	return answered->origin == origin &&
	       (origin == ORIGIN_ANSWERS || origin == ORIGIN_FLAG);
}

int hs_question_answer(const struct question *question,
		       struct settings *settings, const char *text,
		       enum origin origin, const char *where, struct error *err)
{
	const struct kind_ops *kind = hs_question_kind(question->kind);
	bool more = is_one_more(answered_slot(question, settings), origin);

	if (kind->take(question, settings, text, more, err) < 0) {
		if (where)
			hs_error_where(err, "%s", where);
		return -1;
	}
	record(question, settings, origin, where);
	return 0;
}

void hs_question_reset(const struct question *question,
		       struct settings *settings)
{
	const struct kind_ops *kind = hs_question_kind(question->kind);
	void *field = hs_question_field(question, settings);

	if (kind->clear)
		kind->clear(field);
	else
		memset(field, 0, question->size);
	/* No address at all is the default: HTTPS listens where HTTP does,
	 * which is "*" unless the operator once decided otherwise. */
	if (question->fallback && question->kind != QUESTION_ADDRESSES)
		kind->take(question, settings, question->fallback, false, NULL);
	record(question, settings, ORIGIN_DEFAULT, NULL);
}

char *hs_question_text(const struct question *question,
		       const struct settings *settings)
{
	const char *field = (const char *)settings + question->offset;
	struct str text = {0};

	hs_question_kind(question->kind)->show(question, field, &text);
	return hs_str_take(&text);
}

bool hs_question_is_answered(const struct question *question,
			     const struct settings *settings)
{
	size_t index = hs_question_index(question);

	return settings->answered[index].origin >= ORIGIN_ANSWERS;
}

enum origin hs_settings_origin(const struct settings *settings, const char *id)
{
	const struct question *question = hs_question_by_id(id);

	if (!question)
		return ORIGIN_DEFAULT;
	return settings->answered[hs_question_index(question)].origin;
}

void hs_settings_found(struct settings *settings, const char *id,
		       const char *text)
{
	const struct question *question = hs_question_by_id(id);
	const struct kind_ops *kind;

	if (!question || hs_question_is_answered(question, settings))
		return;
	kind = hs_question_kind(question->kind);
	if (kind->take(question, settings, text, false, NULL) == 0)
		record(question, settings, ORIGIN_FOUND, NULL);
}
