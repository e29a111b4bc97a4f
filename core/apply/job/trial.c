/*
 * The trial start of a change: the server itself, apart from everything, with
 * the staged files.  What it shows there it would show live; only the ports of
 * this host are not seen from there, so they are tried here.
 */
#include "core/apply/job/parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/apply/journal/audit.h"
#include "core/apply/listeners.h"
#include "core/base/i18n.h"
#include "core/server/network.h"

/* A server on trial may take that many times what a probe may: a machine that
 * is busy is no fault of the configuration. */
#define PATIENCE 4
#define PROBE_MS 5000	    /* unless --timeout says otherwise */
#define PROBE_LEAST_MS 1000 /* whatever it says */

struct tried {
	struct applying *applying;
	int patience_ms; /* with each answer */
	/* Found out before, since a trial has no descriptors: the site that is
	 * looked at closely, and the others that get its certificate. */
	struct lives HS_ARRAY(struct live) lives;
};

static void forget_listeners(struct facts *facts)
{
	hs_facts_done(facts);
}

#define auto_listeners HS_CLEANUP(forget_listeners)

/* Where it listens, a line each: "443 [::]". */
static void list_listeners(struct str *seen)
{
	auto_listeners struct facts there = {0};

	hs_listeners_look(&there);
	HS_EACH(use, &there.ports)
		hs_str_printf(seen, "%d %s\n", use->port, use->address);
}

/* As far as the certificate is for the name that stands for such a site. */
static int prove_other(const struct tried *tried, const struct live *live,
		       const struct certificate *leaf, struct error *err)
{
	unsigned char sent[HS_HASH_SIZE];

	if (!hs_certificate_matches(leaf, live->name))
		return 0;
	HS_EACH(target, &live->targets) {
		if (!hs_probe_leaf(target, live->name, tried->patience_ms,
				   sent) &&
		    !memcmp(sent, leaf->fingerprint, HS_HASH_SIZE))
			continue;
		hs_fail(err, HS_REFUSED,
			"%s port %d does not serve the new certificate for %s",
			target->address, target->https_port, live->name);
		hs_error_id(err, "live.certificate-other");
		return -1;
	}
	return 0;
}

static int prove_others(const struct tried *tried, struct error *err)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&tried->applying->job->facts.bundle);

	for (size_t i = 1; leaf && i < tried->lives.n; i++) {
		if (prove_other(tried, &tried->lives.items[i], leaf, err))
			return -1;
	}
	return 0;
}

/* There is no firewall in that place that could be looked at. */
static void say_too_slow(const struct tried *tried, struct error *err)
{
	*err->hint = '\0';
	hs_error_hint(err,
		      "%s was started on trial, on a private network, and had "
		      "%d seconds for it; nothing was changed; look for what "
		      "its workers wait for; a slow machine gets longer with "
		      "--timeout",
		      tried->applying->ops->title, tried->patience_ms / 1000);
}

/* What is said of a live site would frighten otherwise. */
static void say_where(struct error *err)
{
	hs_auto_free char *remedy = hs_strdup(err->hint);

	*err->hint = '\0';
	hs_error_hint(err, "%s%s%s", remedy, *remedy ? "; " : "",
		      _("a trial start on a private network showed it; nothing "
			"was changed"));
}

static int prove(void *context, struct str *seen, struct error *err)
{
	struct tried *tried = context;
	struct job *job = tried->applying->job;

	list_listeners(seen);
	if (!tried->lives.n)
		return 0;
	job->options.timeout_ms = tried->patience_ms;
	if (!hs_job_prove_once(tried->applying, tried->lives.items, err) &&
	    !prove_others(tried, err))
		return 0;
	if (err->code == HS_CANNOT)
		return -1;
	err->code = HS_REFUSED;
	if (!strcmp(err->id, "live.timeout"))
		say_too_slow(tried, err);
	else
		say_where(err);
	return -1;
}

/* The ports of this host */

/* Tries to get it ("*": all of IPv4), as the server will on its reload: 0 or
 * an errno. */
static int try_to_bind(const char *address, int port)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at = {0};
	bool v6 = *address == '[';
	/* "*" is no address, and leaves the one that stands for all */
	hs_auto_free char *bare =
		hs_strndup(address + v6, strcspn(address + v6, "]"));
	int on = 1;
	hs_auto_close int fd =
		socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (v6) {
		at.v6.sin6_family = AF_INET6;
		at.v6.sin6_port = htons((uint16_t)port);
		inet_pton(AF_INET6, bare, &at.v6.sin6_addr);
	} else {
		at.v4.sin_family = AF_INET;
		at.v4.sin_port = htons((uint16_t)port);
		inet_pton(AF_INET, bare, &at.v4.sin_addr);
	}
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    (v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))))
		return 0;
	return bind(fd, &at.any, v6 ? sizeof(at.v6) : sizeof(at.v4)) ? errno
								     : 0;
}

static const struct port_use *find_use(const struct facts *here,
				       const char *address, int port)
{
	const struct port_use *found = NULL;

	HS_EACH(use, &here->ports) {
		if (use->port != port)
			continue;
		if (!strcmp(use->address, address))
			return use;
		found = use;
	}
	return found;
}

static int blame_port(struct facts *here, const char *address, int port,
		      struct error *err)
{
	const struct port_use *use;

	hs_job_claim_listeners(here, 0);
	use = find_use(here, address, port);
	hs_fail(err, HS_REFUSED,
		"%s has port %d already, so the server cannot have %s:%d",
		use && use->program ? use->program : _("another program"), port,
		address, port);
	hs_error_id(err, "binding.port-in-use");
	hs_error_hint(err, "stop that program, or choose another port");
	return -1;
}

static int check_port(struct facts *here, pid_t server, const char *address,
		      int port, struct error *err)
{
	const struct port_use *use = find_use(here, address, port);

	if (use && use->pid == server && !strcmp(use->address, address))
		return 0; /* it keeps that one */
	if (!strncmp(address, HS_NETWORK_NAMES, strlen(HS_NETWORK_NAMES)) ||
	    !strncmp(address, HS_NETWORK_NAMES_TOO,
		     strlen(HS_NETWORK_NAMES_TOO)))
		return 0; /* a name had that address on trial alone */
	if (try_to_bind(address, port) != EADDRINUSE)
		return 0;
	return blame_port(here, address, port, err);
}

static bool has_claimed(const struct facts *here, pid_t server)
{
	HS_EACH(use, &here->ports) {
		if (use->pid == server)
			return true;
	}
	return false;
}

/* Where the server's own listeners cannot be told from those of others nothing
 * can be said. */
static int check_ports(const struct applying *applying, struct str *seen,
		       struct error *err)
{
	pid_t server = applying->job->facts.server->pid;
	char *rest = seen->len ? seen->data : NULL, *line;
	auto_listeners struct facts here = {0};

	hs_listeners_look(&here);
	hs_job_claim_listeners(&here, server);
	if (!has_claimed(&here, server))
		return 0;
	while (rest && (line = strsep(&rest, "\n"))) {
		char address[INET6_ADDRSTRLEN + 3];
		int port;

		if (sscanf(line, "%d %48s", &port, address) == 2 &&
		    check_port(&here, server, address, port, err))
			return -1;
	}
	return 0;
}

/* The whole */

static void add_live(struct tried *tried, const struct site *site)
{
	hs_job_live_init(tried->applying->job, site, HS_GROW(&tried->lives));
}

static void find_lives(struct tried *tried)
{
	const struct job *job = tried->applying->job;
	const struct site *main = hs_job_main_site(job);

	if (!main)
		return;
	add_live(tried, main);
	HS_EACH(site, &job->facts.server->sites) {
		if (site != main && hs_job_is_renewed(job, site))
			add_live(tried, site);
	}
}

static int patience_ms(const struct job *job)
{
	int probe_ms = job->options.timeout_ms;

	if (!probe_ms)
		return PATIENCE * PROBE_MS;
	return PATIENCE *
	       (probe_ms < PROBE_LEAST_MS ? PROBE_LEAST_MS : probe_ms);
}

static int start(struct applying *applying, const struct staged_files *files,
		 struct server_started *ret_started, struct error *err)
{
	struct tried tried = {
		.applying = applying,
		.patience_ms = patience_ms(applying->job),
	};
	const struct server_start start = {
		.files = files,
		.prove = prove,
		.context = &tried,
		.patience_ms = tried.patience_ms,
	};
	int result;

	find_lives(&tried);
	result = applying->ops->start(applying->job->facts.server, &start,
				      ret_started, err);
	if (!result && !ret_started->untried)
		result = check_ports(applying, &ret_started->seen, err);
	HS_EACH(live, &tried.lives)
		hs_job_live_done(live);
	HS_ARRAY_FREE(&tried.lives);
	return result;
}

int hs_job_try_start(struct applying *applying,
		     const struct staged_files *files, char **ret_untried,
		     struct error *err)
{
	struct job_outcome *outcome = applying->outcome;
	struct server_started started = {0};

	*ret_untried = NULL;
	if (applying->job->options.no_trial)
		started.untried = hs_strdup(_("it was not wanted"));
	else if (start(applying, files, &started, err))
		outcome->trial = "refused";
	if (!outcome->trial)
		outcome->trial = started.untried ? "not-tried" : "passed";
	if (started.untried)
		*ret_untried =
			hs_format(_("no trial start: %s"), started.untried);
	hs_audit_me(outcome->transaction, "trial", outcome->trial);
	if (*ret_untried)
		hs_findings_add(&applying->job->findings, "server.no-trial",
				NULL, *ret_untried);
	free(started.untried);
	hs_str_done(&started.seen);
	return strcmp(outcome->trial, "refused") ? 0 : -1;
}
