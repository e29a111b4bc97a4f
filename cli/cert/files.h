/*
 * What the commands share that make certificates: the names asked for, where
 * the files go, and telling about them.
 */
#ifndef CLI_CERT_FILES_H
#define CLI_CERT_FILES_H

#include "cli/options.h"
#include "core/apply/new_files.h"
#include "core/cert/make/create.h"

#define CLI_KEY_MODE 0600
#define CLI_CERTIFICATE_MODE 0644

struct cert_files {
	struct new_file items[3];
	size_t n;
	char *next;		     /* the command to go on with, or NULL */
	const struct bundle *bundle; /* the certificate, or NULL */
	const struct findings *findings; /* about it, or NULL */
	struct strings left_out;	 /* names asked for that it has not */
};

/*
 * The names of --name as they go into a certificate: normal, A-labels; each a
 * host name, a wildcard or an address.  HS_USAGE names the one that is not, or
 * that there is none.
 */
int cli_cert_names(const struct options *options, struct strings *ret_names,
		   struct error *err) HS_MUST_CHECK;

/* Adds one name to `names`, in the same form. HS_USAGE. */
int cli_cert_name(const char *typed, struct strings *names,
		  struct error *err) HS_MUST_CHECK;

/* --key-type and --days (else `days`) for a request. HS_USAGE. */
int cli_cert_kind(const struct options *options, int days,
		  struct cert_request *request,
		  struct error *err) HS_MUST_CHECK;

/* DIR/NAME below --out, or below here; to be freed. */
char *cli_cert_path(const struct options *options, const char *name);

/* Adds one to be written; it owns `path`, not the bytes. */
void cli_cert_files_add(struct cert_files *files, char *path, const void *bytes,
			size_t length, mode_t mode);
/* Writes them and tells, as text or JSON. Returns the exit status. */
int cli_cert_files_write(const struct options *options,
			 const struct cert_files *files, struct error *err);
/* The same for a bundle that was made: privkey.pem and fullchain.pem; a
 * server's has `apply` as its next command. */
int cli_cert_files_write_made(const struct options *options,
			      const struct bundle *bundle, struct error *err);
void cli_cert_files_done(struct cert_files *files);
#define cli_auto_cert_files HS_CLEANUP(cli_cert_files_done)

/* The command that installs what was written; to be freed. */
char *cli_cert_next_apply(const char *certificate, const char *key);

#endif
