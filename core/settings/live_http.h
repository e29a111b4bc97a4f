/*
 * What HTTP answers say about redirect and HSTS: the half of the live.* rules
 * that reads URLs and headers.  Each tells whether one probed address is
 * wrong, and how, as a clause behind the address: "answers 200".
 */
#ifndef CORE_SETTINGS_LIVE_HTTP_H
#define CORE_SETTINGS_LIVE_HTTP_H

#include "core/settings/rules.h"

bool hs_live_hsts_missing(const struct judged *judged,
			  const struct probe_result *result, struct str *how);
bool hs_live_hsts_duplicate(const struct judged *judged,
			    const struct probe_result *result, struct str *how);
bool hs_live_hsts_inner_path(const struct judged *judged,
			     const struct probe_result *result,
			     struct str *how);
bool hs_live_hsts_value(const struct judged *judged,
			const struct probe_result *result, struct str *how);
bool hs_live_hsts_on_http(const struct judged *judged,
			  const struct probe_result *result, struct str *how);
bool hs_live_redirect_missing(const struct judged *judged,
			      const struct probe_result *result,
			      struct str *how);
bool hs_live_redirect_loop(const struct judged *judged,
			   const struct probe_result *result, struct str *how);
bool hs_live_redirect_target(const struct judged *judged,
			     const struct probe_result *result,
			     struct str *how);
bool hs_live_not_found(const struct judged *judged,
		       const struct probe_result *result, struct str *how);
bool hs_live_no_answer(const struct judged *judged,
		       const struct probe_result *result, struct str *how);

#endif
