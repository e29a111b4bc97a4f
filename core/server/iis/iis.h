/*
 * Internet Information Services: what its parts share.  A Windows server is
 * always an offline tree here: its files are edited, and what only Windows
 * itself can do (certificate store, http.sys, firewall) is told to script.c as
 * one `struct iis_change`.
 *
 * binding.c reads and compares bindings, detect.c finds IIS, sites.c lists its
 * sites, plan.c plans; iis.c is its row in the table of servers.
 */
#ifndef CORE_SERVER_IIS_H
#define CORE_SERVER_IIS_H

#include "core/server/server.h"

/* sslFlags of a binding (IIS configuration reference, <binding>): bits that
 * nobody here knows survive every change. */
enum iis_ssl_flag {
	IIS_SSL_SNI = 1,	   /* certificate by host name */
	IIS_SSL_CENTRAL_STORE = 2, /* certificate from files */
	IIS_SSL_DISABLE_HTTP2 = 4, /* 1809 and later, as all below */
	IIS_SSL_DISABLE_OCSP_STAPLING = 8,
	IIS_SSL_DISABLE_QUIC = 16, /* Server 2022 and later */
	IIS_SSL_DISABLE_TLS13 = 32,
	IIS_SSL_DISABLE_LEGACY_TLS = 64,
};

/* One binding of a site. */
struct iis_binding {
	char *protocol;	     /* "http", "https", "net.tcp" ... as written */
	char *information;   /* bindingInformation as written: "*:443:" */
	unsigned long flags; /* sslFlags, every bit */
	/* Of http and https alone, where the information is readable: */
	bool web, ssl;
	char *address; /* "*", "192.0.2.1", "[2001:db8::1]" */
	int port;
	char *host;    /* "" when it answers for every name */
	long position; /* for this folder's own use */
};
struct iis_bindings HS_ARRAY(struct iis_binding);

/* What http.sys files a certificate under (netsh http add sslcert). */
enum iis_key_kind {
	IIS_KEY_IPPORT,	      /* ipport=0.0.0.0:443, [::1]:443, 192.0.2.1:443 */
	IIS_KEY_HOSTNAMEPORT, /* hostnameport=www.example.org:443 */
	IIS_KEY_CENTRAL,      /* ccs=443: no certificate of its own */
};

/* The key of an https binding, to be freed: "0.0.0.0:443". */
char *hs_iis_http_sys_key(const struct iis_binding *binding,
			  enum iis_key_kind *ret_kind);

enum iis_change_kind { IIS_ENABLE, IIS_DISABLE, IIS_RENEW };

/*
 * What becomes of one site, for whoever finishes the job on Windows.  All
 * strings belong to it; hs_iis_change_done() frees them.
 */
struct iis_change {
	enum iis_change_kind kind;
	char *site; /* name, as configured */
	long id;    /* number, as configured */
	char *pool; /* application pool of "/", "" when none is named */
	char *physical_path; /* of "/", as configured: "C:\inetpub\wwwroot" */
	char *web_root; /* the same inside the tree, or NULL: outside of it */
	struct iis_bindings added, removed;
	/* The https bindings of the site after the change (of IIS_DISABLE:
	 * before it): each needs the certificate in http.sys. */
	struct iis_bindings https;
	int http_port, https_port;
	bool close_http;      /* the HTTP binding goes, and its port too */
	bool hsts;	      /* the site will send HSTS */
	bool native_hsts;     /* by <hsts> (1709 and later) */
	bool redirects;	      /* HTTP will send visitors on */
	bool native_redirect; /* by <hsts redirectHttpToHttps> */
	bool requires_ssl;
	int build; /* of Windows: 17763 is Server 2019; 0: unknown */
};

/*
 * Adds the scripts that finish and undo the change on Windows, with their data
 * and the certificate, to the plan (script.c).  The XML edits are in the plan
 * already.  Nothing is added when all of them are there with equal bytes.
 */
int hs_iis_plan_script(const struct server_job *job,
		       const struct iis_change *change, struct plan *plan,
		       struct error *err) HS_MUST_CHECK;

void hs_iis_bindings_done(struct iis_bindings *bindings);
#define hs_auto_iis_bindings HS_CLEANUP(hs_iis_bindings_done)
void hs_iis_change_done(struct iis_change *change);
#define hs_auto_iis_change HS_CLEANUP(hs_iis_change_done)

extern const struct server_ops hs_iis_ops;

#endif
