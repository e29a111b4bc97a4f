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
	 "clients that were set up with the IP address no longer start, "
	 "and where a product keeps the name in settings of its own "
	 "(MaintenanceSettings.xml) nobody can log in until it is one of "
	 "the certificate.",
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
	 "Visitors who come over http://, by hand or by an old link, stay "
	 "unencrypted; where nothing answers on that port they get no page at "
	 "all.",
	 hs_cause_site},
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
	{"live.expired", "ERR_CERT_DATE_INVALID",
	 "Browsers refuse the page until a new certificate is in place. "
	 "Where renewal is automatic, it has failed, or the server was not "
	 "reloaded.",
	 hs_cause_certificate},
	{"live.not-yet-valid", "ERR_CERT_DATE_INVALID",
	 "The certificate is too new for the clock of whoever looks: one of "
	 "the clocks is wrong.",
	 hs_cause_certificate},
	{"live.expires-soon", NULL,
	 "The site goes dark for browsers on that day.", hs_cause_certificate},
	{"live.self-signed", "ERR_CERT_AUTHORITY_INVALID",
	 "Nobody vouches for the certificate: browsers say \"Not secure\" on "
	 "every machine that was not told to trust it.",
	 hs_cause_certificate},
	{"live.chain-incomplete",
	 "ERR_CERT_AUTHORITY_INVALID, on phones and in programs first",
	 "The intermediate certificate is missing. Browsers that saw it "
	 "elsewhere or fetch it show no warning; phones, programs and other "
	 "servers fail.",
	 hs_cause_certificate},
	{"live.chain-order", NULL,
	 "Most clients sort it out; old ones and some programs fail.",
	 hs_cause_certificate},
	{"live.chain-extra", NULL,
	 "Each handshake is larger than it has to be.", hs_cause_certificate},
	{"live.cn-only", "ERR_CERT_COMMON_NAME_INVALID",
	 "Browsers look at the alternative names (SAN) alone; the common "
	 "name (CN) has not counted since RFC 2818.",
	 hs_cause_name},
	{"live.wrong-site", "ERR_CERT_COMMON_NAME_INVALID",
	 "No site on that address and port is for this name, so the default "
	 "one answers with its own certificate.",
	 hs_cause_site_choice},
	{"live.certificate-old", NULL,
	 "The file was renewed and the server still holds what it read when "
	 "it was started. Visitors get the old one until it expires.",
	 hs_cause_certificate},
	{"live.weak-key", "ERR_CERT_WEAK_KEY", "Browsers refuse such keys.",
	 hs_cause_certificate},
	{"live.weak-signature", "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
	 "Browsers refuse such signatures.", hs_cause_certificate},
	{"live.stapling", "MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING",
	 "Firefox refuses the page.", hs_cause_certificate},
	{"live.staple-invalid", "SEC_ERROR_OCSP_UNAUTHORIZED_RESPONSE",
	 "Firefox refuses the page, or asks the responder itself.",
	 hs_cause_certificate},
	{"live.revoked", "ERR_CERT_REVOKED", "Browsers refuse the page.",
	 hs_cause_certificate},
	{"live.no-sni", NULL,
	 "Only programs from before 2010 and some probes come without SNI.",
	 NULL},
	{"live.no-modern-tls", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
	 "No present browser opens the page.", hs_cause_site},
	{"live.http2-cipher", "ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY",
	 "Browsers break the connection off: HTTP/2 forbids weak, outdated "
	 "cipher suites, and the server chooses one of them before the good "
	 "ones.",
	 hs_cause_site},
	{"live.obsolete-cipher", NULL,
	 "They serve clients from before 2014; audits may ask for their end.",
	 hs_cause_site},
	{"live.plain-http", "ERR_SSL_PROTOCOL_ERROR",
	 "The server listens there, but TLS is not switched on for that "
	 "listener.",
	 hs_cause_of_silence},
	{"live.tls-on-http-port", "ERR_EMPTY_RESPONSE, HTTP ERROR 400",
	 "Visitors who come over http:// get an error instead of the "
	 "redirect.",
	 hs_cause_site},
	{"live.http-closed", "ERR_CONNECTION_REFUSED, ERR_CONNECTION_TIMED_OUT",
	 "Who comes over http:// by an old link, bookmark, drawing or client "
	 "arrives where nothing answers on that port: the connection is "
	 "refused or times out.",
	 hs_cause_site},
	{"live.hsts-invalid", NULL,
	 "Browsers ignore the header: visitors are as unprotected as "
	 "without.",
	 hs_cause_hsts},
	{"live.hsts-zero", NULL,
	 "Whoever was protected is not any more after this visit.",
	 hs_cause_hsts},
	{"live.hsts-short", NULL,
	 "Who comes back later is unprotected on the first request.",
	 hs_cause_hsts},
	{"live.hsts-lock-in",
	 "the certificate's error, without the link to proceed",
	 "HSTS takes the way past the warning away (RFC 6797, 12.1): who was "
	 "here before is locked out until the certificate is right.",
	 hs_cause_certificate},
	{"live.redirect-broken", "ERR_CONNECTION_REFUSED",
	 "Visitors are sent to where nothing answers; mostly a port that "
	 "only the inside knows.",
	 hs_cause_redirect},
	{"live.redirect-challenge", NULL,
	 "Most CAs follow the redirect; it fails them when HTTPS is not on "
	 "port 443 or broken.",
	 hs_cause_redirect},
	{"live.redirect-localhost", NULL,
	 "Programs on this machine that ask http://localhost/ end up at "
	 "HTTPS, where no certificate is for localhost.",
	 hs_cause_redirect},
	{"live.server-error", "HTTP ERROR 5xx",
	 "TLS is in order; the application behind it is not, or the server "
	 "cannot reach it.",
	 hs_cause_site},
	{"live.hostile-text", NULL,
	 "Such text can steer terminals and split headers. It is shown here "
	 "made harmless.",
	 NULL},
	{"live.addresses-differ", "now this, now that",
	 "Visitors get one or the other as their network chooses, mostly "
	 "IPv6 first: the error comes and goes.",
	 hs_cause_site},
	{"live.unresolvable",
	 "ERR_NAME_NOT_RESOLVED, DNS_PROBE_FINISHED_NXDOMAIN",
	 "Cannot reach this page: the DNS has no record for the name, or it "
	 "is misspelt.",
	 hs_cause_site},
	{"live.preload", NULL,
	 "The header promises what hstspreload.org will not take; in the "
	 "list or not, preload binds for months.",
	 hs_cause_hsts},
	{"live.dataminer-name", "the page comes, and logging in fails",
	 "Nobody can log in to the web applications (Monitoring, Dashboards "
	 "and the like): DataMiner reaches itself by the name in "
	 "MaintenanceSettings.xml, and that is not in the certificate.",
	 hs_cause_dataminer},
	{"live.dataminer-https", "the page comes, and logging in fails",
	 "Nobody can log in to the web applications: DataMiner itself does "
	 "not know yet that it is reached over HTTPS.",
	 hs_cause_dataminer},
	{"live.hsts-value", NULL,
	 "Browsers keep what is sent, not what was meant.", hs_cause_hsts},
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
