/*
 * Rules about the certificate that a site sends and the TLS it speaks:
 * functions for the rows of rules_tls.c (core/settings/live/live.h).
 */
#ifndef CORE_SETTINGS_LIVE_TLS_H
#define CORE_SETTINGS_LIVE_TLS_H

#include "core/settings/live/live.h"

/* Names the offers from `first` to `last` that were accepted;
 * false when none was. */
bool hs_live_put_offers(const struct probe_result *result,
			enum probe_offer first, enum probe_offer last,
			struct str *names);

/* The certificate. */
live_is_wrong hs_live_expired, hs_live_not_yet, hs_live_expires_soon;
live_is_wrong hs_live_self_signed, hs_live_incomplete, hs_live_misordered;
live_is_wrong hs_live_extra, hs_live_cn_only, hs_live_wrong_site, hs_live_old;
live_is_wrong hs_live_weak_key, hs_live_weak_signature, hs_live_no_staple;
live_is_wrong hs_live_bad_staple, hs_live_revoked;

/* TLS. */
live_is_wrong hs_live_no_sni, hs_live_no_modern, hs_live_http2_cipher;
live_is_wrong hs_live_obsolete, hs_live_plain_http, hs_live_tls_on_http;

#endif
