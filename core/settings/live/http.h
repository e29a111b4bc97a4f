/*
 * What HTTP answers say about redirect and HSTS: the half of the live.* rules
 * that reads URLs and headers.
 */
#ifndef CORE_SETTINGS_LIVE_HTTP_H
#define CORE_SETTINGS_LIVE_HTTP_H

#include "core/settings/live/live.h"

live_is_wrong hs_live_hsts_missing, hs_live_hsts_duplicate;
live_is_wrong hs_live_hsts_inner_path, hs_live_hsts_value, hs_live_hsts_on_http;
live_is_wrong hs_live_redirect_missing, hs_live_redirect_loop;
live_is_wrong hs_live_redirect_target, hs_live_not_found, hs_live_no_answer;

#endif
