/*
 * What the demo shows itself on: a temporary directory with a configuration, a
 * page, a small CA and a certificate, and a private nginx on loopback, run by
 * whoever runs this program.  Nothing outside the directory is touched.
 */
#ifndef CLI_COMMANDS_DEMO_SITE_H
#define CLI_COMMANDS_DEMO_SITE_H

#include <sys/types.h>

#include "core/base/error.h"

#define DEMO_NAME "www.example.test"
#define DEMO_PASSPHRASE "demo"

struct demo_site {
	char *directory; /* of all that follows */
	char *nginx;	 /* the program */
	char *config, *certificate, *ca, *state, *certificates;
	int http_port, https_port; /* free ones of 127.0.0.1 */
	pid_t server;		   /* 0: not running */
};

/* Makes it and waits until it answers on HTTP.  HS_CANNOT when nginx is
 * missing or does not start; what was made is gone then. */
int cli_demo_site_open(struct demo_site *ret_site,
		       struct error *err) HS_MUST_CHECK;

/* Stops the server and removes the directory. */
void cli_demo_site_close(struct demo_site *site);

#endif
