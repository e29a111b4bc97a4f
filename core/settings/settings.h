/*
 * What the operator asked for: one plain struct, filled by the wizard, the
 * plain face, flags or an answers file, all through the question catalogue
 * (core/settings/questions/questions.h).  Strings belong to the settings; NULL:
 * open.
 */
#ifndef CORE_SETTINGS_SETTINGS_H
#define CORE_SETTINGS_SETTINGS_H

#include <stdbool.h>

#include "core/base/array.h"

enum bindings_mode { BINDINGS_HTTP, BINDINGS_HTTPS, BINDINGS_BOTH };
enum tls_profile { TLS_MODERN, TLS_INTERMEDIATE, TLS_KEEP };

/* Who answered a question; the later in the list, the stronger. */
enum origin {
	ORIGIN_DEFAULT,	 /* the catalogue's default */
	ORIGIN_FOUND,	 /* found out on the host or in the certificate */
	ORIGIN_ANSWERS,	 /* the answers file; `where` is "file:line" */
	ORIGIN_FLAG,	 /* the command line; `where` is the flag */
	ORIGIN_OPERATOR, /* typed on a screen or at a prompt */
};

struct answered {
	enum origin origin;
	char *where; /* NULL unless answers or flag */
};

#define HS_QUESTIONS_MAX 96

/* What becomes of connection URIs between DataMiner Agents. */
enum dataminer_uris { DATAMINER_KEEP, DATAMINER_GRPC, DATAMINER_AUTO_HTTPS };

/* Of the products: core/settings/products/. */
struct dataminer_settings {
	char *name; /* this agent's own; NULL: the site's name */
	bool cloud; /* connected to dataminer.services */
	struct strings failover_names; /* virtual IP, shared host name */
	int connection_uris;	       /* enum dataminer_uris */
};

/* Which endpoint servers of Certero stand alone. */
enum certero_endpoints {
	CERTERO_NO_ENDPOINTS,
	CERTERO_BEFORE_8_4,
	CERTERO_FROM_8_4,
};

struct certero_settings {
	int endpoints; /* enum certero_endpoints */
	struct strings endpoint_servers;
	bool clients_updated; /* all of them know the new address */
};

struct arcgis_settings {
	char *instance; /* its folder; NULL: where it was found */
};

/* When the management platform refuses what comes without TLS. */
enum itms_require { ITMS_REQUIRE_AUTO, ITMS_REQUIRE_YES, ITMS_REQUIRE_NO };

struct itms_settings {
	int require_https; /* enum itms_require */
	struct strings site_servers;
};

/* How old the Windows of a tree is, where it cannot be seen. */
enum iis_version { IIS_VERSION_AUTO, IIS_VERSION_OLDER, IIS_VERSION_NEWER };

/* In which form Windows gets the certificate and its key. */
enum iis_pfx { IIS_PFX_AUTO, IIS_PFX_MODERN, IIS_PFX_COMPATIBLE };

struct iis_settings {
	int version;	       /* enum iis_version */
	int pfx;	       /* enum iis_pfx */
	bool require_ssl;      /* refuse requests that come without TLS */
	char *require_ssl_for; /* only for these: "ArcGIS/rest, ArcGIS/Mgr" */
};

struct settings {
	char *server;
	char *server_config;
	char *server_binary;
	char *site;
	char *product;
	char *root;

	char *certificate_file;
	char *certificate_key;
	char *certificate_chain;
	char *certificate_passphrase; /* secure heap, never written anywhere */
	bool certificate_self_signed;
	/* PEM text pasted on a screen, instead of the file; answered by no
	 * question, written nowhere and wiped. */
	char *certificate_text;

	char *name;	   /* as A-label, trimmed, lower case */
	bool name_trimmed; /* white space was taken off it */

	int bindings_mode; /* enum bindings_mode */
	int http_port, https_port;
	struct strings addresses; /* "*", IPv4, IPv6; empty: as HTTP has them */
	char *binding_host;

	bool hsts_enabled;
	long long hsts_max_age; /* seconds; -1: text that is none */
	bool hsts_include_subdomains;
	bool hsts_preload;

	bool redirect_enabled;
	int redirect_code;
	bool redirect_skip_localhost;

	int tls_profile; /* enum tls_profile */
	struct iis_settings iis;

	char *firewall; /* "auto", "none", or a backend's id */
	bool firewall_close_http;

	int confirm_within; /* seconds, 0: keep at once */

	struct dataminer_settings dataminer;
	struct certero_settings certero;
	struct itms_settings itms;
	struct arcgis_settings arcgis;

	/* Per question, by its index in the catalogue. */
	struct answered answered[HS_QUESTIONS_MAX];
};

/* Settings with the catalogue's defaults. */
void hs_settings_init(struct settings *settings);
/* A deep copy; the passphrase too. */
void hs_settings_copy(const struct settings *from, struct settings *ret_copy);
void hs_settings_done(struct settings *settings);

/* Takes a pasted certificate (NULL: none) in place of the last one, which is
 * wiped. */
void hs_settings_paste(struct settings *settings, const char *text);

#endif
