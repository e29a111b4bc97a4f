/* Certificates and requests for names of one's own. */
#include <string.h>

#include "cli/cert/files.h"
#include "cli/command.h"
#include "cli/session.h"
#include "core/base/i18n.h"

/* The longest that browsers take (CA/Browser Forum, until March 2026). */
enum { DAYS_DEFAULT = 398 };

static int read_request(const struct options *options, struct strings *names,
			struct cert_request *request, struct error *err)
{
	request->names = names;
	if (cli_cert_names(options, names, err))
		return -1;
	return cli_cert_kind(options, DAYS_DEFAULT, request, err);
}

static int run_self_sign(struct options *options, struct error *err)
{
	struct strings names = {0};
	struct cert_request request = {0};
	struct bundle bundle = {0};
	int status = HS_USAGE;

	if (!read_request(options, &names, &request, err))
		status = hs_cert_create(&request, NULL, &bundle, err)
				 ? (int)err->code
				 : cli_cert_files_write_made(options, &bundle,
							     err);
	hs_bundle_done(&bundle);
	hs_strings_done(&names);
	return status;
}

const struct command cli_cmd_cert_self_sign = {
	.name = "cert self-sign",
	.usage = "--name NAME",
	.summary = N_("make a key and a self-signed certificate"),
	.help = N_(
		"Makes a key and a certificate that it signs itself, for "
		"every --name, and writes privkey.pem and fullchain.pem into "
		"the directory --out (here). Browsers warn about such a "
		"certificate until each of them was told to trust it."),
	.flags = FLAGS_JSON | FLAGS_NAMES | FLAGS_DAYS | FLAGS_NEW,
	.run = run_self_sign,
};

static int write_request(const struct options *options, const struct str *pem,
			 const char *key_pem, struct error *err)
{
	cli_auto_cert_files struct cert_files files = {0};
	char *key = cli_cert_path(options, "privkey.pem");
	char *request = cli_cert_path(options, "request.pem");

	cli_cert_files_add(&files, key, key_pem, strlen(key_pem), CLI_KEY_MODE);
	cli_cert_files_add(&files, request, hs_str_text(pem), pem->len,
			   CLI_CERTIFICATE_MODE);
	files.next = hs_format(_("send %s to the CA, then: https-setup cert "
				 "install-reply REPLY --key %s"),
			       request, key);
	return cli_cert_files_write(options, &files, err);
}

static int run_request(struct options *options, struct error *err)
{
	struct strings names = {0};
	struct cert_request request = {0};
	hs_auto_str struct str pem = {0};
	char *key = NULL;
	int status = HS_USAGE;

	if (!read_request(options, &names, &request, err))
		status = hs_cert_request_create(&request, &pem, &key, err)
				 ? (int)err->code
				 : write_request(options, &pem, key, err);
	hs_cert_key_free(key);
	hs_strings_done(&names);
	return status;
}

const struct command cli_cmd_cert_request = {
	.name = "cert request",
	.usage = "--name NAME",
	.summary = N_("make a key and a request for a CA to sign"),
	.help = N_(
		"Makes a key and a request (PKCS#10) with every --name in it, "
		"and writes privkey.pem and request.pem into the directory "
		"--out (here). The request goes to the CA, the key stays; what "
		"the CA answers is for cert install-reply."),
	.flags = FLAGS_JSON | FLAGS_NAMES | FLAGS_NEW,
	.run = run_request,
};
