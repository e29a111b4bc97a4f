/*
 * What on this server causes a symptom: functions for the rows of explain.c.
 * Each writes one sentence and the place it is about, and returns false when
 * nothing here has to do with it, or the site is not served here.
 */
#ifndef CORE_SETTINGS_LIVE_CAUSES_H
#define CORE_SETTINGS_LIVE_CAUSES_H

#include "core/base/str.h"
#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* Nobody answers: who listens on that port, where the site does, and what the
 * firewall decides. */
bool hs_cause_of_silence(const struct settings *settings,
			 const struct facts *facts, struct str *cause,
			 struct place *place);
/* The certificate file that the configuration names. */
bool hs_cause_certificate(const struct settings *settings,
			  const struct facts *facts, struct str *cause,
			  struct place *place);
/* Why the name does not fit: the certificate's names, the site's names. */
bool hs_cause_name(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place);
/* Which site here answers for the name, or that none does. */
bool hs_cause_site_choice(const struct settings *settings,
			  const struct facts *facts, struct str *cause,
			  struct place *place);
/* The site as it stands in the configuration. */
bool hs_cause_site(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place);
/* Its HSTS header, its redirect. */
bool hs_cause_hsts(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place);
bool hs_cause_redirect(const struct settings *settings,
		       const struct facts *facts, struct str *cause,
		       struct place *place);
/* What MaintenanceSettings.xml of the agent found says. */
bool hs_cause_dataminer(const struct settings *settings,
			const struct facts *facts, struct str *cause,
			struct place *place);

#endif
