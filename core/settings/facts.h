/*
 * What was found on the host: read-only, plain data.  Servers, products,
 * firewalls and probes fill it; rules and screens read it.
 */
#ifndef CORE_SETTINGS_FACTS_H
#define CORE_SETTINGS_FACTS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "core/base/array.h"
#include "core/cert/bundle.h"
#include "core/probe/probe.h"
#include "core/settings/finding.h"

/* A place in a file of the operator's. */
struct place {
	const char *path; /* belongs to the server's model; NULL: nowhere */
	int line;	  /* from 1 */
};

/* One address a site listens on. */
struct listen {
	char *address; /* "*", "192.0.2.1", "[::]", "[2001:db8::1]", or a path
			  after "unix:" */
	int port;      /* 0 for a unix socket */
	bool ssl, http2, default_server;
	bool v6_takes_v4; /* [::] with ipv6only=off */
	char *host;	  /* answers for that Host alone; NULL: for every one */
	bool sni;	  /* its certificate is found by that name (IIS) */
	struct place place;
};
struct listens HS_ARRAY(struct listen);

/* What gets HTTPS: one name-based site of a server. A server that keeps HTTP
 * and HTTPS of one name in two blocks still shows one site. */
struct site {
	char *id;	      /* what --site takes: its first name, unique; may
				 be names.items[0] itself */
	struct strings names; /* as configured: "a.test", "*.b.test", "~re" */
	struct listens listens;
	bool https;
	bool ours;	   /* its HTTPS was set up by this program */
	char *certificate; /* path it serves now, or NULL */
	char *key;
	bool redirects;	       /* HTTP sends visitors to HTTPS now */
	bool redirect_ours;    /* by what this program changes in place (IIS) */
	int redirect_code;     /* of that, 0: none */
	char *redirect_target; /* text of that target, or NULL */
	char *sends_all;       /* where even those who come over HTTPS are sent
				  to, by somebody else; NULL: nowhere (IIS) */
	char *hsts;	       /* header value sent now, or NULL */
	struct place place;
	/* Of the directives behind certificate, redirect and hsts; a server
	 * may leave them unset. */
	struct place certificate_place, redirect_place, hsts_place;
	struct place sends_all_place;
	long http_block, https_block; /* for the server's own use; -1: none */
};
struct sites HS_ARRAY(struct site);

/* A thing that stands in the way, found while looking. */
struct problem {
	char *id;    /* finding id: "server.config-broken" */
	char *where; /* "file:line" or NULL */
	char *what;  /* detail, one sentence */
};
struct problems HS_ARRAY(struct problem);

enum server_ability {
	SERVER_SNI = 1 << 0,
	SERVER_HSTS = 1 << 1,
	SERVER_REDIRECT = 1 << 2,
	SERVER_REDIRECT_308 = 1 << 3,
	SERVER_HTTP2 = 1 << 4,
	SERVER_LIVE_TEST = 1 << 5,   /* its own test of staged files */
	SERVER_RELOAD = 1 << 6,	     /* reload without dropping connections */
	SERVER_REWRITE = 1 << 7,     /* URL Rewrite is installed (IIS) */
	SERVER_AGE_UNKNOWN = 1 << 8, /* what its version can do is a guess */
};

struct server_facts {
	const char *id; /* "nginx" */
	const char *title;
	char *version; /* "1.22.1" */
	char *binary, *config, *prefix, *pid_file;
	char *certificates; /* directory for installed certificates */
	bool running;
	pid_t pid;
	bool may_signal;    /* this user may reload it */
	unsigned abilities; /* enum server_ability bits */
	struct sites sites;
	struct place answers_first; /* what is heard before the rules of any
				       site, and by nobody else (IIS) */
	struct problems problems;
	void *model; /* the server's own parsed configuration */
	void (*model_free)(void *model);
};
struct servers HS_ARRAY(struct server_facts);

/* A rule that a product takes more seriously than everybody does. */
struct raised_rule {
	const char *id; /* "name.not-fqdn" */
	enum severity severity;
	const char *source; /* the product's guide, or NULL: the rule's own */
};

struct product_facts {
	const char *id, *title;
	char *version;
	char *path; /* where it is installed, as seen from inside; or NULL */
	char *site; /* id of the site it has for itself, or NULL */
	const struct raised_rule *raises; /* ends with a NULL id; or NULL */
	struct strings seen;	  /* what was found there, a sentence each */
	struct problems problems; /* holds for rules without a function */
	void *model; /* the product's own: core/settings/products/ */
	void (*model_free)(void *model);
};
struct products HS_ARRAY(struct product_facts);

struct firewall_facts {
	const char *id, *title;
	bool active;		    /* it decides about packets now */
	bool open_http, open_https; /* the settings' ports are open already */
	bool unknown;		    /* this user cannot see what it decides */
	bool locked;		    /* this user may not change it */
	char *detail;		    /* "policy accept", or NULL */
};
struct firewalls HS_ARRAY(struct firewall_facts);

/* A TCP port that something listens on. */
struct port_use {
	int port;
	char *address; /* as in struct listen */
	char *program; /* name, or NULL when it cannot be seen */
	pid_t pid;
	unsigned long inode; /* of its socket, until its program is known */
};
struct port_uses HS_ARRAY(struct port_use);

struct facts {
	time_t now;
	struct servers servers;
	struct products products;
	struct firewalls firewalls;
	struct port_uses ports;
	struct strings addresses; /* of this host, loopback left out */
	bool ipv6;		  /* this host can listen on IPv6 */
	bool offline;		  /* an offline tree: nothing runs there */

	/* Chosen by the settings; NULL/-1 while open or ambiguous. */
	const struct server_facts *server;
	const struct site *site;
	const char
		*site_problem; /* "server.no-site", "server.ambiguous-site" */

	struct bundle bundle;
	struct name_facts {
		bool looked_up;		  /* the resolver was asked */
		struct strings addresses; /* what it answered */
	} name;

	struct probe_results probes; /* empty until the site was probed */
};

struct server_facts *hs_facts_add_server(struct facts *facts);
/* What was found of that product, or NULL. */
const struct product_facts *hs_facts_product(const struct facts *facts,
					     const char *id);
void hs_problem_add(struct problems *problems, const char *id,
		    const char *where, const char *what);
/* Whether the address (numeric) is one of this host, loopback included. */
bool hs_facts_address_is_here(const struct facts *facts, const char *address);
void hs_listens_done(struct listens *listens);
#define hs_auto_listens HS_CLEANUP(hs_listens_done)
void hs_site_done(struct site *site);
void hs_server_facts_done(struct server_facts *server);
void hs_product_facts_done(struct product_facts *product);
void hs_facts_done(struct facts *facts);

#endif
