#include "core/settings/settings.h"

#include <string.h>

#include "core/settings/questions/kinds.h"

void hs_settings_init(struct settings *settings)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	memset(settings, 0, sizeof(*settings));
	for (size_t i = 0; i < count; i++)
		hs_question_reset(&questions[i], settings);
}

void hs_settings_copy(const struct settings *from, struct settings *ret_copy)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	*ret_copy = *from;
	for (size_t i = 0; i < count; i++) {
		const struct kind_ops *kind =
			hs_question_kind(questions[i].kind);
		struct answered *answered = &ret_copy->answered[i];

		if (kind->own)
			kind->own(hs_question_field(&questions[i], ret_copy));
		answered->where = hs_strdup(answered->where);
	}
	ret_copy->certificate_text = hs_strdup(from->certificate_text);
}

void hs_settings_paste(struct settings *settings, const char *text)
{
	char *copy = hs_strdup(text);

	if (settings->certificate_text)
		explicit_bzero(settings->certificate_text,
			       strlen(settings->certificate_text));
	free(settings->certificate_text);
	settings->certificate_text = copy;
}

void hs_settings_done(struct settings *settings)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++) {
		const struct kind_ops *kind =
			hs_question_kind(questions[i].kind);

		if (kind->clear)
			kind->clear(hs_question_field(&questions[i], settings));
		hs_replace(&settings->answered[i].where, NULL);
	}
	hs_settings_paste(settings, NULL);
}
