#include "core/apply/journal/event.h"

#include "core/base/i18n.h"

#define TEXT_MAX (1U << 16)

static const char *const words[WHY_MAX] = {
	[WHY_NONE] = N_("unknown"),
	[WHY_KEPT] = N_("kept"),
	[WHY_CONFIRMED] = N_("confirmed"),
	[WHY_EXPIRED] = N_("not confirmed in time"),
	[WHY_REVERTED] = N_("reverted"),
	[WHY_DIED] = N_("the program that applied it was ended"),
	[WHY_REBOOTED] =
		N_("the machine was restarted before it was confirmed"),
	[WHY_FAILED] = N_("failed"),
	[WHY_UNDONE] = N_("undone"),
};

const char *hs_why_text(enum why why)
{
	return why < WHY_MAX ? words[why] : words[WHY_NONE];
}

void hs_event_put(enum why why, const char *who, struct str *to)
{
	hs_message_put_number(to, why);
	hs_message_put_text(to, who);
	hs_message_put_number(to, (uint64_t)time(NULL));
}

void hs_event_take(struct message *from, struct events *events)
{
	struct event *event = HS_GROW(events);

	*event = (struct event){0};
	event->why = (enum why)hs_message_number(from, 255);
	event->who = hs_message_text(from, TEXT_MAX);
	event->when = (time_t)hs_message_number(from, UINT64_MAX);
}

void hs_checked_put(enum checked checked, const char *detail, struct str *to)
{
	hs_message_put_number(to, checked);
	hs_message_put_text(to, detail);
}

void hs_checked_take(struct message *from, struct events *events)
{
	uint64_t checked = hs_message_number(from, CHECKED_WRONG);
	char *detail = hs_message_text(from, TEXT_MAX);
	struct event *last;

	if (!events->n) {
		free(detail);
		return;
	}
	last = &events->items[events->n - 1];
	free(last->detail);
	last->detail = detail;
	last->checked = (enum checked)checked;
}

void hs_events_copy(const struct events *from, struct events *ret_copy)
{
	*ret_copy = (struct events){0};
	HS_EACH(event, from) {
		struct event *copy = HS_GROW(ret_copy);

		*copy = *event;
		copy->who = hs_strdup(event->who);
		copy->detail = hs_strdup(event->detail);
	}
}

void hs_events_done(struct events *events)
{
	HS_EACH(event, events) {
		free(event->who);
		free(event->detail);
	}
	HS_ARRAY_FREE(events);
}
