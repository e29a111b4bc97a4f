#include "core/settings/live/explain.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/settings/live/causes.h"
#include "core/settings/questions/questions.h"

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
	{"live.connect", N_("ERR_CONNECTION_REFUSED, ERR_SSL_PROTOCOL_ERROR"),
	 N_("Nobody can open the site over HTTPS: nothing takes the connection "
	    "at that address and port, or what answers does not speak TLS."),
	 hs_cause_of_silence},
	{"live.timeout", N_("ERR_CONNECTION_TIMED_OUT"),
	 N_("The connection times out. Most often a firewall between visitor "
	    "and server drops the packets for this port; a server that hangs "
	    "looks the same."),
	 hs_cause_of_silence},
	{"live.certificate-other", NULL,
	 N_("Visitors get another certificate than the one that this server's "
	    "configuration names."),
	 hs_cause_certificate},
	{"live.chain", N_("ERR_CERT_AUTHORITY_INVALID"),
	 N_("Browsers say \"Not secure\": the certificate does not lead to an "
	    "authority they trust. It is self-signed, from a CA of your own "
	    "that the visitors' machines do not know yet, or an intermediate "
	    "certificate is not sent."),
	 hs_cause_certificate},
	{"live.name", N_("ERR_CERT_COMMON_NAME_INVALID"),
	 N_("Browsers say \"Not secure\": the name in the address is not one "
	    "of the certificate's alternative names (SAN). The common name "
	    "(CN) has not counted since RFC 2818. Whoever opens the site by "
	    "its IP address or short name sees the same; DataMiner Cube and "
	    "other clients that were set up with the IP address no longer "
	    "start, and where a product keeps the name in settings of its own "
	    "(MaintenanceSettings.xml) nobody can log in until it is one of "
	    "the certificate."),
	 hs_cause_name},
	{"live.legacy-protocol", NULL,
	 N_("Old versions of TLS are broken in known ways (RFC 8996); audits "
	    "fail on them. Browsers no longer use them."),
	 hs_cause_site},
	{"live.weak-cipher", NULL,
	 N_("A cipher that can be broken, or that does not protect recorded "
	    "traffic when the key is lost later."),
	 hs_cause_site},
	{"live.http2", NULL,
	 N_("Pages load more slowly than they could: each request waits for "
	    "another."),
	 hs_cause_site},
	{"live.hsts-missing", NULL,
	 N_("A visitor who types the name without https:// can be led "
	    "elsewhere by whoever is on the way (SSL stripping)."),
	 hs_cause_site},
	{"live.hsts-duplicate", NULL,
	 N_("Browsers take the first header and ignore the others (RFC 6797, "
	    "8.1), and preload lists refuse the site."),
	 hs_cause_hsts},
	{"live.hsts-inner-path", NULL,
	 N_("Visitors who come by a link to an inner page are not protected. "
	    "In nginx a location with an add_header of its own loses those "
	    "above."),
	 hs_cause_hsts},
	{"live.hsts-on-http", NULL,
	 N_("Browsers ignore HSTS on plain HTTP (RFC 6797, 8.1)."),
	 hs_cause_hsts},
	{"live.redirect-missing", NULL,
	 N_("Visitors who come over http://, by hand or by an old link, stay "
	    "unencrypted; where nothing answers on that port they get no page "
	    "at all."),
	 hs_cause_site},
	{"live.redirect-loop", N_("ERR_TOO_MANY_REDIRECTS"),
	 N_("Nobody can open the page. Behind a proxy that ends TLS and speaks "
	    "HTTP to this server, a redirect that only looks at its own scheme "
	    "goes round for ever; it has to look at X-Forwarded-Proto."),
	 hs_cause_redirect},
	{"live.redirect-target", NULL,
	 N_("Visitors land on another page, port or name than they asked for; "
	    "links and bookmarks break."),
	 hs_cause_redirect},
	{"live.not-found-404", N_("HTTP ERROR 404"),
	 N_("The server answers, but another site than the one meant: the "
	    "binding has a host name that is not the one in the address, or "
	    "the page is not there."),
	 hs_cause_site_choice},
	{"live.no-answer", N_("ERR_EMPTY_RESPONSE"),
	 N_("The certificate is in place, and what should answer behind it "
	    "does not, or not in time."),
	 hs_cause_site},
	{"live.dns", N_("ERR_NAME_NOT_RESOLVED, DNS_PROBE_FINISHED_NXDOMAIN"),
	 N_("Visitors cannot find this server by that name: the DNS has no "
	    "address for it, or that of another machine."),
	 hs_cause_site},
	{"live.expired", N_("ERR_CERT_DATE_INVALID"),
	 N_("Browsers refuse the page until a new certificate is in place. "
	    "Where renewal is automatic, it has failed, or the server was not "
	    "reloaded."),
	 hs_cause_certificate},
	{"live.not-yet-valid", N_("ERR_CERT_DATE_INVALID"),
	 N_("The certificate is too new for the clock of whoever looks: one of "
	    "the clocks is wrong."),
	 hs_cause_certificate},
	{"live.expires-soon", NULL,
	 N_("The site goes dark for browsers on that day."),
	 hs_cause_certificate},
	{"live.self-signed", N_("ERR_CERT_AUTHORITY_INVALID"),
	 N_("Nobody vouches for the certificate: browsers say \"Not secure\" "
	    "on every machine that was not told to trust it."),
	 hs_cause_certificate},
	{"live.chain-incomplete",
	 N_("ERR_CERT_AUTHORITY_INVALID, on phones and in programs first"),
	 N_("The intermediate certificate is missing. Browsers that saw it "
	    "elsewhere or fetch it show no warning; phones, programs and other "
	    "servers fail."),
	 hs_cause_certificate},
	{"live.chain-order", NULL,
	 N_("Most clients sort it out; old ones and some programs fail."),
	 hs_cause_certificate},
	{"live.chain-extra", NULL,
	 N_("Each handshake is larger than it has to be."),
	 hs_cause_certificate},
	{"live.cn-only", N_("ERR_CERT_COMMON_NAME_INVALID"),
	 N_("Browsers look at the alternative names (SAN) alone; the common "
	    "name (CN) has not counted since RFC 2818."),
	 hs_cause_name},
	{"live.wrong-site", N_("ERR_CERT_COMMON_NAME_INVALID"),
	 N_("No site on that address and port is for this name, so the default "
	    "one answers with its own certificate."),
	 hs_cause_site_choice},
	{"live.certificate-old", NULL,
	 N_("The file was renewed and the server still holds what it read when "
	    "it was started. Visitors get the old one until it expires."),
	 hs_cause_certificate},
	{"live.weak-key", N_("ERR_CERT_WEAK_KEY"),
	 N_("Browsers refuse such keys."), hs_cause_certificate},
	{"live.weak-signature", N_("ERR_CERT_WEAK_SIGNATURE_ALGORITHM"),
	 N_("Browsers refuse such signatures."), hs_cause_certificate},
	{"live.stapling", N_("MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING"),
	 N_("Firefox refuses the page."), hs_cause_certificate},
	{"live.staple-invalid", N_("SEC_ERROR_OCSP_UNAUTHORIZED_RESPONSE"),
	 N_("Firefox refuses the page, or asks the responder itself."),
	 hs_cause_certificate},
	{"live.revoked", N_("ERR_CERT_REVOKED"),
	 N_("Browsers refuse the page."), hs_cause_certificate},
	{"live.no-sni", NULL,
	 N_("Only programs from before 2010 and some probes come without SNI."),
	 NULL},
	{"live.no-modern-tls", N_("ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
	 N_("No present browser opens the page."), hs_cause_site},
	{"live.http2-cipher", N_("ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY"),
	 N_("Browsers break the connection off: HTTP/2 forbids weak, outdated "
	    "cipher suites, and the server chooses one of them before the good "
	    "ones."),
	 hs_cause_site},
	{"live.obsolete-cipher", NULL,
	 N_("They serve clients from before 2014; audits may ask for their "
	    "end."),
	 hs_cause_site},
	{"live.plain-http", N_("ERR_SSL_PROTOCOL_ERROR"),
	 N_("The server listens there, but TLS is not switched on for that "
	    "listener."),
	 hs_cause_of_silence},
	{"live.tls-on-http-port", N_("ERR_EMPTY_RESPONSE, HTTP ERROR 400"),
	 N_("Visitors who come over http:// get an error instead of the "
	    "redirect."),
	 hs_cause_site},
	{"live.http-closed",
	 N_("ERR_CONNECTION_REFUSED, ERR_CONNECTION_TIMED_OUT"),
	 N_("Who comes over http:// by an old link, bookmark, drawing or "
	    "client arrives where nothing answers on that port: the connection "
	    "is refused or times out."),
	 hs_cause_site},
	{"live.hsts-invalid", NULL,
	 N_("Browsers ignore the header: visitors are as unprotected as "
	    "without."),
	 hs_cause_hsts},
	{"live.hsts-zero", NULL,
	 N_("Whoever was protected is not any more after this visit."),
	 hs_cause_hsts},
	{"live.hsts-short", NULL,
	 N_("Who comes back later is unprotected on the first request."),
	 hs_cause_hsts},
	{"live.hsts-lock-in",
	 N_("the certificate's error, without the link to proceed"),
	 N_("HSTS takes the way past the warning away (RFC 6797, 12.1): who "
	    "was here before is locked out until the certificate is right."),
	 hs_cause_certificate},
	{"live.redirect-broken", N_("ERR_CONNECTION_REFUSED"),
	 N_("Visitors are sent to where nothing answers; mostly a port that "
	    "only the inside knows."),
	 hs_cause_redirect},
	{"live.redirect-challenge", NULL,
	 N_("Most CAs follow the redirect; it fails them when HTTPS is not on "
	    "port 443 or broken."),
	 hs_cause_redirect},
	{"live.redirect-localhost", NULL,
	 N_("Programs on this machine that ask http://localhost/ end up at "
	    "HTTPS, where no certificate is for localhost."),
	 hs_cause_redirect},
	{"live.server-error", N_("HTTP ERROR 5xx"),
	 N_("TLS is in order; the application behind it is not, or the server "
	    "cannot reach it."),
	 hs_cause_site},
	{"live.hostile-text", NULL,
	 N_("Such text can steer terminals and split headers. It is shown here "
	    "made harmless."),
	 NULL},
	{"live.addresses-differ", N_("now this, now that"),
	 N_("Visitors get one or the other as their network chooses, mostly "
	    "IPv6 first: the error comes and goes."),
	 hs_cause_site},
	{"live.unresolvable",
	 N_("ERR_NAME_NOT_RESOLVED, DNS_PROBE_FINISHED_NXDOMAIN"),
	 N_("Cannot reach this page: the DNS has no record for the name, or it "
	    "is misspelt."),
	 hs_cause_site},
	{"live.preload", NULL,
	 N_("The header promises what hstspreload.org will not take; in the "
	    "list or not, preload binds for months."),
	 hs_cause_hsts},
	{"live.dataminer-name", N_("the page comes, and logging in fails"),
	 N_("Nobody can log in to the web applications (Monitoring, Dashboards "
	    "and the like): DataMiner reaches itself by the name in "
	    "MaintenanceSettings.xml, and that is not in the certificate."),
	 hs_cause_dataminer},
	{"live.dataminer-https", N_("the page comes, and logging in fails"),
	 N_("Nobody can log in to the web applications: DataMiner itself does "
	    "not know yet that it is reached over HTTPS."),
	 hs_cause_dataminer},
	{"live.hsts-value", NULL,
	 N_("Browsers keep what is sent, not what was meant."), hs_cause_hsts},
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
	ret_explanation->means = _(symptom->means);
	ret_explanation->browser = _(symptom->browser);
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
