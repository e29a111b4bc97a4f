#include "core/settings/explain.h"

#include <string.h>

#include "core/base/str.h"
#include "core/settings/explain_causes.h"
#include "core/settings/questions.h"

/* One symptom: what it means, and who looks for its cause here. */
struct symptom {
	const char *id;
	const char *browser;
	const char *means;
	bool (*find_cause)(const struct settings *settings,
			   const struct facts *facts, struct str *cause,
			   struct place *place);
};

static const struct symptom symptoms[] = {
	{"live.connect", "ERR_CONNECTION_REFUSED, ERR_SSL_PROTOCOL_ERROR",
	 "Nobody can open the site over HTTPS: nothing takes the connection at "
	 "that address and port, or what answers does not speak TLS.",
	 hs_cause_of_silence},
	{"live.timeout", "ERR_CONNECTION_TIMED_OUT",
	 "The connection times out. Most often a firewall between visitor and "
	 "server drops the packets for this port; a server that hangs looks "
	 "the same.",
	 hs_cause_of_silence},
	{"live.certificate-other", NULL,
	 "Visitors get another certificate than the one that this server's "
	 "configuration names.",
	 hs_cause_certificate},
	{"live.chain", "ERR_CERT_AUTHORITY_INVALID",
	 "Browsers say \"Not secure\": the certificate does not lead to an "
	 "authority they trust. It is self-signed, from a CA of your own that "
	 "the visitors' machines do not know yet, or an intermediate "
	 "certificate is not sent.",
	 hs_cause_certificate},
	{"live.name", "ERR_CERT_COMMON_NAME_INVALID",
	 "Browsers say \"Not secure\": the name in the address is not one of "
	 "the certificate's alternative names (SAN). The common name (CN) has "
	 "not counted since RFC 2818. Whoever opens the site by its IP "
	 "address or short name sees the same; DataMiner Cube and other "
	 "clients that were set up with the IP address no longer start.",
	 hs_cause_name},
	{"live.legacy-protocol", NULL,
	 "Old versions of TLS are broken in known ways (RFC 8996); audits "
	 "fail on them. Browsers no longer use them.",
	 hs_cause_site},
	{"live.weak-cipher", NULL,
	 "A cipher that can be broken, or that does not protect recorded "
	 "traffic when the key is lost later.",
	 hs_cause_site},
	{"live.http2", NULL,
	 "Pages load more slowly than they could: each request waits for "
	 "another.",
	 hs_cause_site},
	{"live.hsts-missing", NULL,
	 "A visitor who types the name without https:// can be led elsewhere "
	 "by whoever is on the way (SSL stripping).",
	 hs_cause_site},
	{"live.hsts-duplicate", NULL,
	 "Browsers take the first header and ignore the others (RFC 6797, "
	 "8.1), and preload lists refuse the site.",
	 hs_cause_hsts},
	{"live.hsts-inner-path", NULL,
	 "Visitors who come by a link to an inner page are not protected. In "
	 "nginx a location with an add_header of its own loses those above.",
	 hs_cause_hsts},
	{"live.hsts-on-http", NULL,
	 "Browsers ignore HSTS on plain HTTP (RFC 6797, 8.1).", hs_cause_hsts},
	{"live.redirect-missing", NULL,
	 "Visitors who come over http:// stay unencrypted.", hs_cause_site},
	{"live.redirect-loop", "ERR_TOO_MANY_REDIRECTS",
	 "Nobody can open the page. Behind a proxy that ends TLS and speaks "
	 "HTTP to this server, a redirect that only looks at its own scheme "
	 "goes round for ever; it has to look at X-Forwarded-Proto.",
	 hs_cause_redirect},
	{"live.redirect-target", NULL,
	 "Visitors land on another page, port or name than they asked for; "
	 "links and bookmarks break.",
	 hs_cause_redirect},
	{"live.not-found-404", "HTTP ERROR 404",
	 "The server answers, but another site than the one meant: the "
	 "binding has a host name that is not the one in the address, or the "
	 "page is not there.",
	 hs_cause_site_choice},
	{"live.no-answer", "ERR_EMPTY_RESPONSE",
	 "The certificate is in place, and what should answer behind it does "
	 "not, or not in time.",
	 hs_cause_site},
	{"live.dns", "ERR_NAME_NOT_RESOLVED, DNS_PROBE_FINISHED_NXDOMAIN",
	 "Visitors cannot find this server by that name: the DNS has no "
	 "address for it, or that of another machine.",
	 hs_cause_site},
};

static const struct symptom *find_symptom(const char *id)
{
	for (size_t i = 0; i < HS_LENGTH(symptoms); i++)
		if (strcmp(symptoms[i].id, id) == 0)
			return &symptoms[i];
	return NULL;
}

/* The wizard's step that the finding's question belongs to. */
static const char *step_of(const struct finding *finding)
{
	const struct question *question = NULL;

	if (finding->question)
		question = hs_question_by_id(finding->question);
	return question ? hs_step_title(question->step) : NULL;
}

void hs_explain(const struct finding *finding, const struct settings *settings,
		const struct facts *facts, struct explanation *ret_explanation)
{
	const struct symptom *symptom = find_symptom(finding->id);
	struct place place = {0};
	struct str cause = {0};

	*ret_explanation = (struct explanation){.step = step_of(finding)};
	if (!symptom)
		return;
	ret_explanation->means = symptom->means;
	ret_explanation->browser = symptom->browser;
	if (symptom->find_cause &&
	    symptom->find_cause(settings, facts, &cause, &place)) {
		ret_explanation->cause = hs_str_take(&cause);
		if (place.path)
			ret_explanation->where =
				hs_format("%s:%d", place.path, place.line);
	}
	hs_str_done(&cause);
}

void hs_explanation_done(struct explanation *explanation)
{
	free(explanation->cause);
	free(explanation->where);
	*explanation = (struct explanation){0};
}
