/*
 * Connection URIs between the agents of a DataMiner System:
 *
 *	auto://HOST[/https|/http|/PORT|/PORT-http|/PORT-https]
 *	auto://nodetect
 *	http://HOST:8004/SLNetService	(.NET Remoting)
 *	https://HOST/APIGateway		(gRPC)
 */
#include <string.h>
#include <strings.h>

#include "core/settings/products/dataminer.h"

#define GATEWAY "/APIGateway"

/* The host of a URI, to be freed: "" when it names none. */
static char *host_of(const char *uri)
{
	const char *host = strstr(uri, "://");
	size_t length;

	if (!host)
		return hs_strdup("");
	host += strlen("://");
	if (*host == '[')
		length = strcspn(host, "]") + 1;
	else
		length = strcspn(host, ":/");
	if (length > strlen(host) || (length == strlen("nodetect") &&
				      !strncasecmp(host, "nodetect", length)))
		return hs_strdup("");
	return hs_strndup(host, length);
}

static bool has_scheme(const char *uri, const char *scheme)
{
	return strncasecmp(uri, scheme, strlen(scheme)) == 0;
}

static bool is_gateway(const char *uri)
{
	const char *path = strstr(uri, "://");

	if (!has_scheme(uri, "https://") || !path)
		return false;
	path += strlen("://");
	path += strcspn(path, "/");
	if (strncasecmp(path, GATEWAY, strlen(GATEWAY)) != 0)
		return false;
	path += strlen(GATEWAY);
	return !*path || !strcmp(path, "/");
}

bool hs_dataminer_uri_blocks(const char *via)
{
	return *via && !is_gateway(via);
}

/* The host to connect to: that of the URI, else the agent's own address. */
static char *partner_of(const struct dataminer_redirect *redirect)
{
	char *host = host_of(redirect->via);
	bool is_v6;

	if (*host)
		return host;
	free(host);
	if (!*redirect->to || strchr(redirect->to, '*'))
		return NULL;
	is_v6 = strchr(redirect->to, ':') && *redirect->to != '[';
	return hs_format(is_v6 ? "[%s]" : "%s", redirect->to);
}

static char *make_grpc(const char *host, int port)
{
	return port == 443 ? hs_format("https://%s" GATEWAY, host)
			   : hs_format("https://%s:%d" GATEWAY, host, port);
}

static char *make_auto(const char *host, int port)
{
	return port == 443 ? hs_format("auto://%s/https", host)
			   : hs_format("auto://%s/%d-https", host, port);
}

/* Who goes over gRPC needs no detection any more. */
static char *(*const makers[])(const char *host, int port) = {
	[DATAMINER_GRPC] = make_grpc,
	[DATAMINER_AUTO_HTTPS] = make_auto,
};

char *hs_dataminer_uri_new(const struct dataminer_redirect *redirect,
			   const struct settings *settings)
{
	int wanted = settings->dataminer.connection_uris;
	hs_auto_free char *host = NULL;
	char *uri;

	if (wanted == DATAMINER_KEEP || !hs_dataminer_uri_blocks(redirect->via))
		return NULL;
	host = partner_of(redirect);
	if (!host)
		return NULL;
	uri = makers[wanted](host, settings->https_port);
	if (strcmp(uri, redirect->via) == 0)
		hs_replace(&uri, NULL);
	return uri;
}
