/* The text of the two files that nginx includes for a site. */
#include <string.h>

#include "core/server/nginx/plan.h"

/*
 * TLS profiles: Mozilla's server side TLS guideline 6.0 (2026-04-06).  Curves
 * are left to OpenSSL, whose own list has the guideline's ones first and
 * gains the post-quantum one with the library.
 */
struct tls_line {
	int profile;	   /* enum tls_profile */
	int since, before; /* nginx versions; 0: any */
	const char *name;
	const char *value;
};

static const struct tls_line tls_lines[] = {
	{TLS_MODERN, 1013000, 0, "ssl_protocols", "TLSv1.3"},
	{TLS_INTERMEDIATE, 1013000, 0, "ssl_protocols", "TLSv1.2 TLSv1.3"},
	{TLS_INTERMEDIATE, 0, 1013000, "ssl_protocols", "TLSv1.2"},
	{TLS_INTERMEDIATE, 0, 0, "ssl_ciphers",
	 "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
	 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
	 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"},
	{TLS_MODERN, 0, 0, "ssl_prefer_server_ciphers", "off"},
	{TLS_INTERMEDIATE, 0, 0, "ssl_prefer_server_ciphers", "off"},
	{TLS_MODERN, 0, 0, "ssl_session_timeout", "1d"},
	{TLS_INTERMEDIATE, 0, 0, "ssl_session_timeout", "1d"},
	{TLS_MODERN, 0, 0, "ssl_session_cache", "shared:https_setup:10m"},
	{TLS_INTERMEDIATE, 0, 0, "ssl_session_cache", "shared:https_setup:10m"},
	{TLS_MODERN, 0, 1023002, "ssl_session_tickets", "off"},
	{TLS_INTERMEDIATE, 0, 1023002, "ssl_session_tickets", "off"},
};

static bool line_fits(const struct tls_line *line, int profile, int version)
{
	return line->profile == profile && version >= line->since &&
	       (!line->before || version < line->before);
}

/* Whether the HTTPS block says it already, our own include left aside. */
static bool block_has(const struct nginx_planning *planning, const char *name)
{
	struct ngx_cursor cursor =
		hs_nginx_walk(planning->conf, planning->https);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (hs_nginx_is(planning->conf, d, name) &&
		    !hs_nginx_in_ours(planning, d))
			return true;
	}
	return false;
}

static void say_origin(const struct nginx_planning *planning,
		       struct str *ret_text)
{
	hs_str_printf(ret_text,
		      "# Written by https-setup for %s, and written anew when\n"
		      "# the site is set up again.\n",
		      planning->settings->name);
}

static void add_line(const struct nginx_planning *planning, const char *name,
		     const char *value, struct str *ret_text)
{
	if (!block_has(planning, name))
		hs_str_printf(ret_text, "%s %s;\n", name, value);
}

static void add_tls_lines(const struct nginx_planning *planning,
			  struct str *ret_text)
{
	int profile = planning->settings->tls_profile;

	if (profile != TLS_KEEP)
		hs_str_printf(ret_text, "\n# TLS: Mozilla guideline 6.0, %s.\n",
			      profile == TLS_MODERN ? "modern"
						    : "intermediate");
	for (size_t i = 0; i < HS_LENGTH(tls_lines); i++) {
		const struct tls_line *line = &tls_lines[i];

		if (line_fits(line, profile, planning->model->version))
			add_line(planning, line->name, line->value, ret_text);
	}
}

void hs_nginx_server_text(const struct nginx_planning *planning,
			  const char *headers, struct str *ret_text)
{
	hs_auto_free char *certificate =
		hs_format("%s/fullchain.pem", planning->directory);
	hs_auto_free char *key =
		hs_format("%s/privkey.pem", planning->directory);
	hs_auto_free char *certificate_arg = hs_nginx_quote(certificate);
	hs_auto_free char *key_arg = hs_nginx_quote(key);

	say_origin(planning, ret_text);
	add_line(planning, "ssl_certificate", certificate_arg, ret_text);
	add_line(planning, "ssl_certificate_key", key_arg, ret_text);
	add_tls_lines(planning, ret_text);
	if (planning->model->version >= 1025001 &&
	    planning->server->abilities & SERVER_HTTP2)
		add_line(planning, "http2", "on", ret_text);
	hs_str_puts(ret_text, headers);
	if (planning->proof) {
		hs_auto_free char *proof = hs_nginx_quote(planning->proof);

		hs_str_printf(
			ret_text,
			"# Not before HTTPS was proved on the live site:\n"
			"if (!-f %s) { set %s 1; }\n",
			proof, planning->unproved);
	}
}

/* A regular expression that matches one certificate name as $host has it;
 * a "*" stands for one label (RFC 6125, 6.4.3). */
static void add_host(const char *name, int value, struct str *ret_text)
{
	hs_str_puts(ret_text, "    \"~^");
	for (const char *c = name; *c; c++) {
		if (*c == '*')
			hs_str_puts(ret_text, "[^.]+");
		else if (*c == '.')
			hs_str_puts(ret_text, "\\.");
		else
			hs_str_putc(ret_text, *c);
	}
	hs_str_printf(ret_text, "$\" %d;\n", value);
}

/* Host names and addresses only: what may stand between quotes. */
static bool is_plain_name(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789.-_*:")];
}

static bool is_concrete(const char *site_name)
{
	return is_plain_name(site_name) && strcmp(site_name, "_") &&
	       !strchr(site_name, '*') && *site_name != '.';
}

/* Whether every name of the site can be checked against the certificate one
 * by one; else (regex, wildcard, catch-all) the certificate's names decide. */
static bool site_is_concrete(const struct nginx_planning *planning)
{
	HS_EACH(name, &planning->site->names) {
		if (!is_concrete(*name))
			return false;
	}
	return planning->site->names.n > 0;
}

static void collect_hosts(const struct nginx_planning *planning,
			  struct strings *ret_hosts)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&planning->job->facts->bundle);
	const struct strings *lists[] = {&leaf->dns_names, &leaf->ip_names};

	hs_strings_add(ret_hosts, planning->settings->name);
	if (site_is_concrete(planning)) {
		HS_EACH(name, &planning->site->names) {
			if (hs_certificate_matches(leaf, *name) &&
			    !hs_strings_has(ret_hosts, *name))
				hs_strings_add(ret_hosts, *name);
		}
		return;
	}
	for (size_t i = 0; i < HS_LENGTH(lists); i++) {
		HS_EACH(name, lists[i]) {
			if (is_plain_name(*name) &&
			    !hs_strings_has(ret_hosts, *name))
				hs_strings_add(ret_hosts, *name);
		}
	}
}

static void add_named_map(const struct nginx_planning *planning,
			  struct str *ret_text)
{
	struct strings hosts = {0};

	collect_hosts(planning, &hosts);
	hs_str_printf(ret_text,
		      "\n# Hosts of this site that the certificate names.\n"
		      "map $host %s {\n"
		      "    default 0;\n",
		      planning->named);
	HS_EACH(host, &hosts)
		add_host(*host, 1, ret_text);
	if (!planning->settings->redirect_skip_localhost)
		add_host("localhost", 2, ret_text);
	hs_str_puts(ret_text, "}\n");
	hs_strings_done(&hosts);
}

static void add_redirect_map(const struct nginx_planning *planning,
			     struct str *ret_text)
{
	hs_str_printf(ret_text,
		      "\n# Plain HTTP that goes to HTTPS: those hosts; ACME\n"
		      "# challenges (RFC 8555, 8.3) stay.\n"
		      "map \"$https:%s:$uri\" %s {\n"
		      "    default 0;\n"
		      "    \"~^:[12]:/\\.well-known/acme-challenge/\" 0;\n"
		      "    \"~^:[12]:\" 1;\n"
		      "}\n",
		      planning->named, planning->redirect);
}

static void add_hsts_map(const struct nginx_planning *planning,
			 const char *value, struct str *ret_text)
{
	const char *unproved = planning->proof ? planning->unproved : "";

	hs_str_puts(ret_text, "\n# Strict-Transport-Security (RFC 6797): never "
			      "on plain HTTP;\n"
			      "# an empty value sends no header.\n");
	if (planning->proof)
		hs_str_printf(ret_text, "map $host %s { default \"\"; }\n",
			      unproved);
	hs_str_printf(ret_text,
		      "map \"$https:%s:%s\" %s {\n"
		      "    default \"\";\n",
		      planning->named, unproved, planning->hsts);
	if (value)
		hs_str_printf(ret_text, "    \"" HSTS_KEY "\" \"%s\";\n",
			      value);
	hs_str_puts(ret_text, "}\n");
}

void hs_nginx_http_text(const struct nginx_planning *planning,
			const char *hsts_value, struct str *ret_text)
{
	say_origin(planning, ret_text);
	add_named_map(planning, ret_text);
	if (planning->settings->redirect_enabled)
		add_redirect_map(planning, ret_text);
	if (planning->settings->hsts_enabled)
		add_hsts_map(planning, hsts_value, ret_text);
}

const char *hs_nginx_tls_value(const struct nginx_planning *planning,
			       const char *name)
{
	for (size_t i = 0; i < HS_LENGTH(tls_lines); i++) {
		const struct tls_line *line = &tls_lines[i];

		if (line_fits(line, planning->settings->tls_profile,
			      planning->model->version) &&
		    !strcmp(line->name, name))
			return line->value;
	}
	return NULL;
}
