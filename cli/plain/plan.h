/*
 * The plan for ears: what is done, why, how it is undone, and line by line
 * what comes and goes, in words instead of the signs of a diff.
 */
#ifndef CLI_PLAIN_PLAN_H
#define CLI_PLAIN_PLAN_H

#include <stdbool.h>

#include "core/plan/plan.h"

/* `whole`: with all that new files hold, too. */
void cli_plain_plan(const struct plan *plan, bool whole);

#endif
