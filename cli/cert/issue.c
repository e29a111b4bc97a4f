/* A small CA of one's own, for labs and agents: a directory with its root. */
#include <string.h>

#include "cli/cert/files.h"
#include "cli/cert/text.h"
#include "cli/command.h"
#include "cli/session.h"
#include "core/apply/look.h"
#include "core/base/i18n.h"
#include "core/base/root.h"
#include "core/cert/read/inventory.h"
#include "core/settings/host_name.h"

enum { ROOT_DAYS = 3650, LEAF_DAYS = 398, REQUEST_MAX = 1 << 16 };

static const char root_name[] = "Lab Root CA";

static char *in_ca(const struct options *options, const char *name)
{
	hs_auto_free char *directory = hs_path_absolute(options->make.ca_dir);

	return hs_format("%s/%s", directory, name);
}

/* Adds the key as it is to be kept: encrypted when there is a passphrase. */
static int add_root_key(struct options *options, const struct bundle *root,
			struct str *locked, struct cert_files *files,
			struct error *err)
{
	struct settings *settings = &options->settings;
	const char *bytes = root->key_pem;

	if (cli_passphrase_load(options, settings, err))
		return -1;
	if (settings->certificate_passphrase &&
	    !*settings->certificate_passphrase)
		return hs_fail(err, HS_USAGE,
			       "an empty passphrase protects nothing; leave "
			       "--passphrase-file out, or put one into it");
	if (settings->certificate_passphrase) {
		if (hs_cert_key_encrypt(root->key_pem,
					settings->certificate_passphrase,
					locked, err))
			return -1;
		bytes = hs_str_text(locked);
	}
	cli_cert_files_add(files, in_ca(options, "root.key"), bytes,
			   strlen(bytes), CLI_KEY_MODE);
	return 0;
}

static int write_root(struct options *options, const struct bundle *root,
		      struct error *err)
{
	hs_auto_str struct str pem = {0}, locked = {0};
	cli_auto_cert_files struct cert_files files = {.bundle = root};

	if (add_root_key(options, root, &locked, &files, err))
		return (int)err->code;
	hs_bundle_fullchain(root, &pem);
	cli_cert_files_add(&files, in_ca(options, "root.pem"),
			   hs_str_text(&pem), pem.len, CLI_CERTIFICATE_MODE);
	files.next = hs_format("https-setup cert issue --ca-dir %s --name NAME",
			       options->make.ca_dir);
	return cli_cert_files_write(options, &files, err);
}

static int make_root(struct options *options, struct error *err)
{
	const struct strings *names = &options->make.names;
	struct cert_request request = {
		.common_name = names->n ? names->items[0] : root_name,
		.is_ca = true,
	};
	struct bundle root = {0};
	int status = HS_USAGE;

	if (!cli_cert_kind(options, ROOT_DAYS, &request, err))
		status = hs_cert_create(&request, NULL, &root, err)
				 ? (int)err->code
				 : write_root(options, &root, err);
	hs_bundle_done(&root);
	return status;
}

/* Reads the root and its key; asks for the passphrase as usual. */
static int open_root(struct options *options, struct job *job,
		     struct error *err)
{
	struct settings *settings = &options->settings;

	settings->certificate_file = in_ca(options, "root.pem");
	settings->certificate_key = in_ca(options, "root.key");
	if (cli_session_open(options, job, err) ||
	    cli_session_certificate(options, job, err))
		return -1;
	if (hs_bundle_leaf(&job->facts.bundle) && job->facts.bundle.key_fits &&
	    hs_bundle_leaf(&job->facts.bundle)->is_ca)
		return 0;
	HS_EACH(note, &job->facts.bundle.notes)
		hs_fail(err, HS_CANNOT, "the CA cannot be used: %s",
			note->detail ? note->detail : note->id);
	hs_fail(err, HS_CANNOT, "root.pem and root.key are no CA and its key");
	hs_error_where(err, "%s", options->make.ca_dir);
	hs_error_hint(err, "make one with --init; a key with a passphrase "
			   "needs --passphrase-file FILE");
	return -1;
}

/* A client is called as it likes: what is a host name as well becomes an
 * alternative name. */
static int read_names(const struct options *options, struct strings *names,
		      struct cert_request *request, struct error *err)
{
	const struct strings *typed = &options->make.names;

	request->names = names;
	if (!options->make.client || !typed->n)
		return cli_cert_names(options, names, err);
	request->use = CERT_FOR_CLIENTS;
	request->common_name = typed->items[0];
	HS_EACH(one, typed) {
		hs_auto_free char *name = hs_host_name_normal(*one);

		if (hs_host_name_is_ip(name) || !hs_host_name_problem(name))
			hs_strings_add(names, name);
	}
	return 0;
}

static int issue(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct strings names = {0};
	struct cert_request request = {0};
	struct bundle bundle = {0};
	int failed = read_names(options, &names, &request, err) ||
		     cli_cert_kind(options, LEAF_DAYS, &request, err) ||
		     open_root(options, &job, err) ||
		     hs_cert_create(&request, &job.facts.bundle, &bundle, err);
	int status = failed ? (int)err->code
			    : cli_cert_files_write_made(options, &bundle, err);

	hs_bundle_done(&bundle);
	hs_strings_done(&names);
	return status;
}

/* Requests of other people */

static int read_file(const char *path, struct inventory_request *request,
		     struct error *err)
{
	hs_auto_free char *full = hs_path_absolute(path);
	hs_auto_str struct str bytes = {0};
	struct root host;
	int failed;

	if (hs_root_open(NULL, &host, err))
		return -1;
	failed = hs_root_read(&host, full, REQUEST_MAX, &bytes, err);
	hs_root_close(&host);
	if (failed)
		return -1;
	if (!hs_inventory_read_request(bytes.data, bytes.len, request))
		return 0;
	hs_fail(err, HS_REFUSED, "there is no request (PKCS#10) in it");
	hs_error_where(err, "%s", path);
	return -1;
}

/* The bits a key of that type has to have (Baseline Requirements, 6.1.5). */
static int least_bits(const char *key_type)
{
	static const struct {
		const char *type;
		int bits;
	} least[] = {{"EC", 256}, {"ED25519", 0}, {"ED448", 0}};

	for (size_t i = 0; i < HS_LENGTH(least); i++) {
		if (!strcmp(key_type, least[i].type))
			return least[i].bits;
	}
	return 2048;
}

/* Who asks has the key, and it is none that clients turn away. */
static int check_key(const struct inventory_request *request, const char *path,
		     struct error *err)
{
	const struct certificate *wanted = &request->wanted;

	if (!request->verified)
		hs_fail(err, HS_REFUSED,
			"the request is not signed with its own key");
	else if (wanted->key_bits < least_bits(wanted->key_type) ||
		 wanted->key_flaw)
		hs_fail(err, HS_REFUSED, "its key is too weak: %s, %d bits%s%s",
			wanted->key_type, wanted->key_bits,
			wanted->key_flaw ? ", " : "",
			wanted->key_flaw ? wanted->key_flaw : "");
	else
		return 0;
	hs_error_where(err, "%s", path);
	hs_error_hint(err, "have a new one made, of RSA 2048 or P-256 at "
			   "least");
	return -1;
}

/* The names asked for, and the common name where it is one: IIS and older
 * programs write it nowhere else. */
static int add_names(const struct certificate *wanted, bool is_client,
		     struct strings *names, struct error *err)
{
	const char *common = wanted->common_name;

	HS_EACH(name, &wanted->dns_names) {
		if (cli_cert_name(*name, names, err))
			return -1;
	}
	HS_EACH(name, &wanted->ip_names) {
		if (cli_cert_name(*name, names, err))
			return -1;
	}
	if (common && !is_client && (!names->n || strchr(common, '.')))
		return cli_cert_name(common, names, err);
	if (names->n || (common && is_client))
		return 0;
	return hs_fail(err, HS_REFUSED, "it asks for no name");
}

static int take_names(const struct certificate *wanted,
		      const struct options *options, struct strings *names,
		      struct error *err)
{
	struct error why = {0};

	if (!add_names(wanted, options->make.client, names, &why))
		return 0;
	hs_fail(err, HS_REFUSED, "the request cannot be granted: %s", why.what);
	hs_error_where(err, "%s", options->make.request);
	hs_error_hint(err, "have a new one made for host names alone");
	return -1;
}

/* What is promised by signing it, said before anything else. */
static void tell_request(const struct options *options,
			 const struct inventory_request *request)
{
	if (options->json)
		return;
	cli_print_request(request);
	if (request->wanted.is_ca)
		puts(_("note  it asks to be a CA; it becomes none"));
}

static int write_answer(const struct options *options,
			const struct bundle *bundle, struct error *err)
{
	hs_auto_str struct str pem = {0};
	cli_auto_cert_files struct cert_files files = {.bundle = bundle};
	char *path = cli_cert_path(options, "fullchain.pem");

	hs_bundle_fullchain(bundle, &pem);
	files.next = hs_format(_("send %s back; there: https-setup cert "
				 "install-reply FILE --key privkey.pem"),
			       path);
	cli_cert_files_add(&files, path, hs_str_text(&pem), pem.len,
			   CLI_CERTIFICATE_MODE);
	return cli_cert_files_write(options, &files, err);
}

static int sign_request(struct options *options,
			const struct inventory_request *asked,
			struct strings *names, struct bundle *bundle,
			struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	bool is_client = options->make.client;
	struct cert_request request = {
		.names = names,
		.common_name = is_client ? asked->wanted.common_name : NULL,
		.use = is_client ? CERT_FOR_CLIENTS : CERT_FOR_SERVERS,
		.key_of = &asked->wanted,
	};

	if (check_key(asked, options->make.request, err) ||
	    take_names(&asked->wanted, options, names, err) ||
	    cli_cert_kind(options, LEAF_DAYS, &request, err) ||
	    open_root(options, &job, err) ||
	    hs_cert_create(&request, &job.facts.bundle, bundle, err))
		return (int)err->code;
	tell_request(options, asked);
	return write_answer(options, bundle, err);
}

static int answer_request(struct options *options, struct error *err)
{
	struct inventory_request asked = {0};
	struct strings names = {0};
	struct bundle bundle = {0};
	int status;

	if (options->make.names.n) {
		hs_fail(err, HS_USAGE, "the names stand in the request");
		hs_error_where(err, "--name");
		return HS_USAGE;
	}
	if (read_file(options->make.request, &asked, err))
		return (int)err->code;
	status = sign_request(options, &asked, &names, &bundle, err);
	hs_bundle_done(&bundle);
	hs_strings_done(&names);
	hs_inventory_request_done(&asked);
	return status;
}

static int run(struct options *options, struct error *err)
{
	if (!options->make.ca_dir) {
		hs_fail(err, HS_USAGE, "the directory of the CA is missing");
		hs_error_where(err, "--ca-dir");
		hs_error_hint(err, "write --ca-dir DIR, the first time with "
				   "--init");
		return HS_USAGE;
	}
	if (options->make.init)
		return make_root(options, err);
	return options->make.request ? answer_request(options, err)
				     : issue(options, err);
}

const struct command cli_cmd_cert_issue = {
	.name = "cert issue",
	.usage = "--ca-dir DIR --name NAME | --request FILE",
	.summary = N_("issue from a small CA of your own, for labs and agents"),
	.help = N_(
		"With --init, makes a CA: root.pem and root.key in the "
		"directory --ca-dir, the key under the passphrase when there "
		"is one. Without it, issues a certificate of that CA for "
		"every --name: privkey.pem and fullchain.pem in the directory "
		"--out (here), for a server, or with --client for a client; "
		"with --request, one for the key and the names of somebody "
		"else's request, of which nothing else is taken over. "
		"Trust in the CA is trust in all that it issues: root.key "
		"belongs on no server."),
	.flags = FLAGS_JSON | FLAGS_NAMES | FLAGS_DAYS | FLAGS_CA | FLAGS_NEW |
		 FLAGS_SECRET,
	.run = run,
};
