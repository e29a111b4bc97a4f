/*
 * Results as JSON: one object on standard output, "schema": 1.  Text that is
 * no valid UTF-8 is made harmless; what is missing is null.
 */
#ifndef CLI_RESULTS_JSON_H
#define CLI_RESULTS_JSON_H

#include <jansson.h>

#include "core/apply/job/job.h"
#include "core/cert/read/inventory.h"

/* Text, as it stands when it is valid UTF-8; NULL is null. */
json_t *cli_json_text(const char *text);
json_t *cli_json_strings(const struct strings *list);
/* "2026-12-10T11:12:13Z", or null for 0. */
json_t *cli_json_time(time_t time);

/* {"schema":1,"command":command}: what every object begins with. */
json_t *cli_json_begin(const char *command);
/* Prints it and drops it. */
void cli_json_print(json_t *object);

json_t *cli_json_findings(const struct findings *findings);
/* The leaf with its key and chain; null while there is none. */
json_t *cli_json_certificate(const struct bundle *bundle);
json_t *cli_json_changes(const struct plan *plan);
json_t *cli_json_conflicts(const struct conflicts *conflicts);
json_t *cli_json_error(const struct error *err);

/* The object of a command that judged the settings: what `check` says and,
 * where there is a `plan`, what that says. */
json_t *cli_json_judged(const char *command, const struct job *job,
			const struct plan *plan);
/* Adds the parts of `check`: ok, findings, certificate. */
void cli_json_add_check(json_t *object, const struct job *job);
/* Adds what else the files hold: certificates, keys, requests. */
void cli_json_add_inventory(json_t *object, const struct inventory *inventory);
/* Adds those of `plan`: changes, notes. */
void cli_json_add_plan(json_t *object, const struct plan *plan);
/* Adds those of `apply`: transaction, state, verify, changed, conflicts, and
 * the error, when there is one. */
void cli_json_add_outcome(json_t *object, const struct job_outcome *outcome,
			  const struct error *err);
/* Adds the error, when there is one. */
void cli_json_add_error(json_t *object, const struct error *err);

#endif
