/*
 * What became of a transaction, event by event: kept, taken back, undone
 * later; by whom, when, why, and whether a look from the outside bore it out.
 */
#ifndef CORE_APPLY_JOURNAL_EVENT_H
#define CORE_APPLY_JOURNAL_EVENT_H

#include <stdint.h>
#include <time.h>

#include "core/base/array.h"
#include "core/base/message.h"

/* Numbers are in the journals: never reuse one. */
enum why {
	WHY_NONE = 0,
	WHY_KEPT = 1, /* nobody had to confirm it */
	WHY_CONFIRMED = 2,
	WHY_EXPIRED = 3,  /* nobody confirmed in time */
	WHY_REVERTED = 4, /* somebody took it back */
	WHY_DIED = 5,	  /* the process that applied it ended */
	WHY_REBOOTED = 6, /* the machine was started anew meanwhile */
	WHY_FAILED = 7,	  /* a step failed */
	WHY_UNDONE = 8,	  /* rollback, later */
	WHY_MAX,
};
/* "confirmed", "not confirmed in time" ... */
const char *hs_why_text(enum why why);

/* How a look at it ended. */
enum checked { CHECKED_NOT = 0, CHECKED_RIGHT = 1, CHECKED_WRONG = 2 };

struct event {
	enum why why;
	char *who; /* "ada on pts/3 from 192.0.2.7", "the watchdog" */
	time_t when;
	enum checked checked;
	char *detail; /* of the look, or NULL */
};
struct events HS_ARRAY(struct event);

void hs_event_put(enum why why, const char *who, struct str *to);
void hs_event_take(struct message *from, struct events *events);
void hs_checked_put(enum checked checked, const char *detail, struct str *to);
/* About the last event. */
void hs_checked_take(struct message *from, struct events *events);
void hs_events_copy(const struct events *from, struct events *ret_copy);
void hs_events_done(struct events *events);

#endif
