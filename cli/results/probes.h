/*
 * What was seen of a live site, as text and JSON.
 */
#ifndef CLI_RESULTS_PROBES_H
#define CLI_RESULTS_PROBES_H

#include <jansson.h>

#include "core/probe/probe.h"

/* One line an address, and one for each answer it gave; to standard
 * output. */
void cli_print_probes(const struct probe_results *results);

json_t *cli_json_probes(const struct probe_results *results);

#endif
