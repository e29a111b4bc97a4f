#include "core/settings/questions/questions.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct choice servers[] = {
	{"nginx", "nginx"},
	{"apache", N_("Apache httpd")},
	{"haproxy", "HAProxy"},
	{"tomcat", N_("Apache Tomcat")},
	{"iis", N_("Internet Information Services")},
	{NULL, NULL},
};

static const struct choice products[] = {
	{"generic", N_("any website: no rules beyond those of the server")},
	{"dataminer", N_("Skyline DataMiner")},
	{"certero", N_("Certero")},
	{"itms", N_("IT Management Suite")},
	{"arcgis", N_("ArcGIS Server")},
	{"service-manager", N_("Service Manager")},
	{NULL, NULL},
};

static const struct choice bindings_modes[] = {
	[BINDINGS_HTTP] = {"http", N_("HTTP only: visitors stay unencrypted")},
	[BINDINGS_HTTPS] = {"https",
			    N_("HTTPS only: old http:// links go dead")},
	[BINDINGS_BOTH] = {"both",
			   N_("HTTP and HTTPS: every link goes on working")},
	{NULL, NULL},
};

static const struct choice redirect_codes[] = {
	{"301",
	 N_("permanent: browsers remember it, forms may lose their data")},
	{"302", N_("for now: browsers ask again, forms may lose their data")},
	{"307", N_("for now: browsers ask again, forms keep their data")},
	{"308", N_("permanent: browsers remember it, forms keep their data")},
	{NULL, NULL},
};

static const struct choice tls_profiles[] = {
	[TLS_MODERN] = {"modern", N_("TLS 1.3 only: browsers from 2019 on")},
	[TLS_INTERMEDIATE] = {"intermediate",
			      N_("TLS 1.2 and 1.3: practically every visitor")},
	[TLS_KEEP] = {"keep", N_("what the server has now")},
	{NULL, NULL},
};

static const struct choice firewalls[] = {
	{"auto", N_("the one that decides on this machine")},
	{"none", N_("leave every firewall alone")},
	{"nftables", N_("nftables")},
	{"firewalld", N_("firewalld")},
	{"ufw", N_("ufw")},
	{"iptables", N_("iptables, where nothing else rules")},
	{"windows", N_("Windows Defender Firewall")},
	{NULL, NULL},
};

static const struct question common[] = {
	{
		.id = "server",
		.flag = "server",
		.kind = QUESTION_WORD,
		.step = STEP_SERVER,
		FIELD(server),
		.values = N_("nginx, apache, haproxy, tomcat or iis"),
		.label = N_("Web server"),
		.help = N_(
			"The software that answers your visitors. "
			"Left open, it is the one found on this machine; say "
			"it when there are several."),
		.choices = servers,
	},
	{
		.id = "server-config",
		.flag = "server-config",
		.kind = QUESTION_PATH,
		.step = STEP_SERVER,
		FIELD(server_config),
		.values = N_("the path of its main configuration file"),
		.label = N_("Configuration"),
		.help = N_(
			"The server's main configuration file. Left open, it "
			"is the one the running server was started with, or "
			"the usual one of this system."),
	},
	{
		.id = "server-binary",
		.flag = "server-binary",
		.kind = QUESTION_PATH,
		.step = STEP_SERVER,
		FIELD(server_binary),
		.values = N_("the path of its program"),
		.label = N_("Program"),
		.help = N_(
			"The server's program file, needed to test a new "
			"configuration before it goes live. Left open, it is "
			"the one that runs, or the one in PATH."),
	},
	{
		.id = "site",
		.flag = "site",
		.kind = QUESTION_TEXT,
		.step = STEP_SERVER,
		FIELD(site),
		.values = N_(
			"the name of a server block, virtual host, frontend, "
			"connector or IIS site"),
		.label = N_("Site"),
		.help = N_(
			"The site on that server which gets HTTPS. Left open, "
			"it is the one that answers for the name today."),
	},
	{
		.id = "product",
		.flag = "product",
		.kind = QUESTION_WORD,
		.step = STEP_SERVER,
		FIELD(product),
		.values = N_("generic, dataminer, certero, itms, arcgis or "
			     "service-manager"),
		.label = N_("Product"),
		.help = N_(
			"The application behind the site, where it has HTTPS "
			"settings and rules of its own. For an ordinary "
			"website, generic is right."),
		.choices = products,
	},
	{
		.id = "root",
		.flag = "root",
		.kind = QUESTION_PATH,
		.step = STEP_SERVER,
		FIELD(root),
		.fallback = "/",
		.values = N_("a directory"),
		.label = N_("Root directory"),
		.help = N_(
			"Where the system to set up is found. / is this "
			"machine; another directory is an offline tree, such "
			"as a mounted disk or an image: its files are edited "
			"and nothing is started there."),
	},
	{
		.id = "certificate.file",
		.flag = "cert",
		.kind = QUESTION_PATH,
		.step = STEP_CERTIFICATE,
		FIELD(certificate_file),
		.values = N_("a PEM, DER or PKCS#12 file"),
		.label = N_("Certificate file"),
		.help = N_("The certificate your CA gave you: .pfx .p12 .pem "
			   ".crt or .cer. It proves to visitors that they have "
			   "reached your site and no other."),
	},
	{
		.id = "certificate.key",
		.flag = "key",
		.kind = QUESTION_PATH,
		.step = STEP_CERTIFICATE,
		FIELD(certificate_key),
		.values = N_("a PEM, DER or PKCS#8 file"),
		.label = N_("Private key file"),
		.help = N_("The private key made together with the certificate "
			   "request. Leave it open when the key is in the "
			   "certificate's file, as it always is in a .pfx."),
	},
	{
		.id = "certificate.chain",
		.flag = "chain",
		.kind = QUESTION_PATH,
		.step = STEP_CERTIFICATE,
		FIELD(certificate_chain),
		.values = N_("a PEM or PKCS#7 file"),
		.label = N_("Chain file"),
		.help = N_("The intermediate certificates of your CA, often "
			   "called bundle or chain. Without them some visitors "
			   "see a warning. Leave it open when they are in the "
			   "certificate's file."),
	},
	{
		.id = "certificate.passphrase",
		.flag = "passphrase-file",
		.kind = QUESTION_SECRET,
		.step = STEP_CERTIFICATE,
		FIELD(certificate_passphrase),
		.values = N_("a file that holds it, or --passphrase-fd with an "
			     "open descriptor"),
		.label = N_("Passphrase"),
		.help = N_("What the private key or the .pfx file is encrypted "
			   "with. It is used once to read the key and never "
			   "stored, logged or put on a command line."),
	},
	{
		.id = "certificate.self-signed",
		.flag = "self-signed",
		.kind = QUESTION_BOOL,
		.step = STEP_CERTIFICATE,
		FIELD(certificate_self_signed),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Make a self-signed one"),
		.help = N_(
			"Makes a certificate for the name here and now. "
			"Every visitor's browser warns about it, so it is for "
			"trials and for machines that only you reach."),
	},
	{
		.id = "name",
		.flag = "name",
		.kind = QUESTION_NAME,
		.step = STEP_NAME,
		FIELD(name),
		.values = N_("a host name such as www.example.org, or an IP "
			     "address that the certificate has"),
		.label = N_("Name of the site"),
		.help = N_(
			"What visitors type behind https://. It must be one of "
			"the certificate's names, or browsers refuse the "
			"site. Left open, it is the certificate's first name."),
	},
	{
		.id = "bindings.mode",
		.flag = "bindings",
		.kind = QUESTION_CHOICE,
		.step = STEP_BINDINGS,
		FIELD(bindings_mode),
		.fallback = "both",
		.values = N_("http, https or both"),
		.label = N_("Serve"),
		.help = N_(
			"Which of the two the site answers. Both is usual: "
			"people go on reaching it by their old links and can "
			"be sent on to HTTPS from there."),
		.choices = bindings_modes,
	},
	{
		.id = "bindings.http-port",
		.flag = "http-port",
		.kind = QUESTION_PORT,
		.step = STEP_BINDINGS,
		FIELD(http_port),
		.fallback = "80",
		.values = "1-65535",
		.label = N_("HTTP port"),
		.help = N_("The port for plain HTTP. Browsers try 80 by "
			   "themselves; any other must stand in the address. "
			   "Left open, it is the port the site has now."),
		.judged_by = "binding.port-range",
	},
	{
		.id = "bindings.https-port",
		.flag = "https-port",
		.kind = QUESTION_PORT,
		.step = STEP_BINDINGS,
		FIELD(https_port),
		.fallback = "443",
		.values = "1-65535",
		.label = N_("HTTPS port"),
		.help = N_(
			"The port for HTTPS. Browsers try 443 by themselves; "
			"with any other, visitors must type it, as in "
			"https://www.example.org:8443/."),
		.judged_by = "binding.port-range",
	},
	{
		.id = "bindings.address",
		.flag = "address",
		.kind = QUESTION_ADDRESSES,
		.step = STEP_BINDINGS,
		FIELD(addresses),
		.fallback = "*",
		.values = N_("*, IPv4 or IPv6 addresses of this machine"),
		.label = N_("Addresses"),
		.help = N_("The addresses of this machine where HTTPS listens. "
			   "* means all of them and is usual. Left open, HTTPS "
			   "listens on the addresses that HTTP has now."),
	},
	{
		.id = "bindings.host-name",
		.flag = "binding-host",
		.kind = QUESTION_NAME,
		.step = STEP_BINDINGS,
		FIELD(binding_host),
		.values = N_("a host name, or none"),
		.label = N_("Host name of the binding"),
		.help = N_(
			"Limits the HTTPS binding to requests for one name, "
			"where several certificates share a port. Left open, "
			"it is done as this server usually does it."),
	},
	{
		.id = "tls.profile",
		.flag = "tls-profile",
		.kind = QUESTION_CHOICE,
		.step = STEP_BINDINGS,
		FIELD(tls_profile),
		.fallback = "intermediate",
		.values = N_("modern, intermediate or keep"),
		.label = N_("Encryption"),
		.help = N_(
			"Which versions of TLS and which ciphers are offered, "
			"after Mozilla's guideline. Intermediate suits "
			"practically every visitor; modern turns away old "
			"browsers and programs."),
		.choices = tls_profiles,
	},
	{
		.id = "hsts.enabled",
		.flag = "hsts",
		.no_flag = "no-hsts",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(hsts_enabled),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("HSTS"),
		.help = N_(
			"Tells browsers to use only HTTPS for this name from "
			"now on. It protects returning visitors, but it "
			"cannot be called back: browsers keep to it until "
			"its time is over."),
	},
	{
		.id = "hsts.max-age",
		.flag = "hsts-max-age",
		.kind = QUESTION_DURATION,
		.step = STEP_HSTS,
		FIELD(hsts_max_age),
		.fallback = "31536000",
		.values = N_("seconds, or a time such as 30d or 1y"),
		.label = N_("HSTS lasts"),
		.help = N_("For how long a browser keeps to HTTPS after each "
			   "visit. One year is usual; start with a few days "
			   "while you are not sure yet."),
		.judged_by = "hsts.max-age-invalid",
	},
	{
		.id = "hsts.include-subdomains",
		.flag = "hsts-subdomains",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(hsts_include_subdomains),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Also for its sub-domains"),
		.help = N_(
			"Makes HSTS count for every name below this one too. "
			"Sub-domains that have no HTTPS can then no longer be "
			"reached by browsers that know the rule."),
	},
	{
		.id = "hsts.preload",
		.flag = "hsts-preload",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(hsts_preload),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Allow preloading"),
		.help = N_(
			"Lets the domain be put on the list that browsers are "
			"shipped with. Getting off that list again takes "
			"months, so leave this off unless the whole domain "
			"will have HTTPS for years."),
	},
	{
		.id = "redirect.enabled",
		.flag = "redirect",
		.no_flag = "no-redirect",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(redirect_enabled),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Send visitors to HTTPS"),
		.help = N_(
			"Answers requests for http:// with a redirect to the "
			"same page under https://, so that old links and "
			"typed names end up encrypted."),
	},
	{
		.id = "redirect.code",
		.flag = "redirect-code",
		.kind = QUESTION_CODE,
		.step = STEP_HSTS,
		FIELD(redirect_code),
		.fallback = "302",
		.values = N_("301, 302, 307 or 308"),
		.label = N_("Kind of redirect"),
		.help = N_(
			"Whether browsers remember the redirect (301, 308) or "
			"ask again each time (302, 307), and whether a form "
			"sent to http:// keeps its data (307, 308). Left "
			"open, it is 308 where the server and the product "
			"know it, else 302."),
		.choices = redirect_codes,
		.judged_by = "redirect.code",
	},
	{
		.id = "redirect.skip-localhost",
		.flag = "redirect-skip-localhost",
		.no_flag = "redirect-localhost",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(redirect_skip_localhost),
		.fallback = "yes",
		.values = N_("yes or no"),
		.label = N_("Leave localhost on HTTP"),
		.help = N_(
			"Requests for localhost are not redirected, so that "
			"programs on this machine which use plain HTTP go on "
			"working."),
	},
	{
		.id = "firewall.backend",
		.flag = "firewall",
		.kind = QUESTION_WORD,
		.step = STEP_FIREWALL,
		FIELD(firewall),
		.fallback = "auto",
		.values =
			N_("auto, none, nftables, firewalld, ufw, iptables or "
			   "windows"),
		.label = N_("Firewall"),
		.help = N_("The firewall of this machine that must let HTTPS "
			   "through. With auto it is the one that is active; "
			   "with none, firewalls are not looked at."),
		.choices = firewalls,
	},
	{
		.id = "firewall.close-http",
		.flag = "close-http",
		.kind = QUESTION_BOOL,
		.step = STEP_FIREWALL,
		FIELD(firewall_close_http),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Close the HTTP port"),
		.help = N_(
			"Closes the port of plain HTTP in the firewall. It "
			"goes only with HTTPS alone, and visitors who follow "
			"an old http:// link then wait in vain."),
	},
};

/* They come last, behind those of the products. */
static const struct question applying[] = {
	{
		.id = "apply.confirm-within",
		.flag = "confirm-within",
		.kind = QUESTION_DURATION,
		.step = STEP_REVIEW,
		FIELD(confirm_within),
		.fallback = "120",
		.values =
			N_("seconds, or a time such as 2m; 0 keeps it at once"),
		.label = N_("Undo unless confirmed within"),
		.help = N_(
			"After the change has gone live it is taken back by "
			"itself unless you confirm it in this time. With 0 it "
			"stays without asking, which is also what --yes means "
			"unless you give a time."),
	},
};

static const struct question_table first = {common, HS_LENGTH(common)},
				   last = {applying, HS_LENGTH(applying)};

/* In the order of the steps. */
static const struct question_table *const tables[] = {
	&first,
	&hs_questions_iis,
	&hs_questions_dataminer,
	&hs_questions_certero,
	&hs_questions_itms,
	&hs_questions_arcgis,
	&last,
};

/* All rows in one, so that an index says which one is meant; joined once. */
static struct question catalogue[HS_QUESTIONS_MAX];
static size_t catalogue_count;

static void join_tables(void)
{
	for (size_t i = 0; i < HS_LENGTH(tables); i++)
		for (size_t j = 0;
		     j < tables[i]->count && catalogue_count < HS_QUESTIONS_MAX;
		     j++)
			catalogue[catalogue_count++] = tables[i]->questions[j];
}

const struct question *hs_questions(size_t *ret_count)
{
	if (!catalogue_count)
		join_tables();
	*ret_count = catalogue_count;
	return catalogue;
}

const struct question *hs_question_by_id(const char *id)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(questions[i].id, id) == 0)
			return &questions[i];
	return NULL;
}

static bool has_flag(const struct question *question, const char *flag)
{
	return !strcmp(question->flag, flag) ||
	       (question->no_flag && !strcmp(question->no_flag, flag));
}

const struct question *hs_question_by_flag(const char *flag)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++)
		if (has_flag(&questions[i], flag))
			return &questions[i];
	return NULL;
}

size_t hs_question_index(const struct question *question)
{
	return (size_t)(question - catalogue);
}

bool hs_question_is_list(const struct question *question)
{
	return question->kind == QUESTION_ADDRESSES ||
	       question->kind == QUESTION_NAMES;
}

/* Whether what a question is about, if anything, is what was chosen. */
static bool is_chosen(const char *about, const char *chosen)
{
	return !about || (chosen && strcmp(about, chosen) == 0);
}

bool hs_question_is_relevant(const struct question *question,
			     const struct settings *settings)
{
	return is_chosen(question->product, settings->product) &&
	       is_chosen(question->server, settings->server);
}
