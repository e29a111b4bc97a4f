#include "core/server/iis/binding.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/settings/host_name.h"

/* The address in one spelling, "*" for all of them; NULL: it is none. */
static char *spell_address(const char *text, size_t length)
{
	bool bracketed =
		length > 2 && text[0] == '[' && text[length - 1] == ']';
	hs_auto_free char *bare = bracketed ? hs_strndup(text + 1, length - 2)
					    : hs_strndup(text, length);
	unsigned char bytes[sizeof(struct in6_addr)];
	char spelled[INET6_ADDRSTRLEN];

	if (!*bare || !strcmp(bare, "*") || !strcmp(bare, "0.0.0.0"))
		return bracketed ? NULL : hs_strdup("*");
	if (!bracketed && inet_pton(AF_INET, bare, bytes) == 1)
		return hs_steal(bare);
	if (inet_pton(AF_INET6, bare, bytes) != 1)
		return NULL;
	inet_ntop(AF_INET6, bytes, spelled, sizeof(spelled));
	return hs_format("[%s]", spelled);
}

static int read_port(const char *text, size_t length)
{
	int port = 0;

	if (length < 1 || length > 5)
		return 0;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)text[i]))
			return 0;
		port = 10 * port + (text[i] - '0');
	}
	return port <= 65535 ? port : 0;
}

/* The last colon before `end`, or NULL. */
static const char *colon_before(const char *text, const char *end)
{
	return memrchr(text, ':', (size_t)(end - text));
}

/* "ADDRESS:PORT:HOST", from its end: an address may have colons itself. */
static void read_information(struct iis_binding *binding)
{
	const char *text = binding->information;
	const char *host = colon_before(text, text + strlen(text));
	const char *port = host ? colon_before(text, host) : NULL;

	if (!port)
		return;
	binding->port = read_port(port + 1, (size_t)(host - port - 1));
	binding->address = spell_address(text, (size_t)(port - text));
	binding->host = hs_strdup(host + 1);
	binding->web = binding->port && binding->address;
}

static int read_flags(const char *text, unsigned long *ret_flags)
{
	char *end;

	*ret_flags = 0;
	if (!text)
		return 0;
	while (isspace((unsigned char)*text))
		text++;
	errno = 0;
	*ret_flags = strtoul(text, &end, 0);
	while (isspace((unsigned char)*end))
		end++;
	return errno || *end || !isdigit((unsigned char)*text) ? -1 : 0;
}

int hs_iis_binding_read(const char *protocol, const char *information,
			const char *flags, struct iis_binding *ret_binding)
{
	*ret_binding = (struct iis_binding){
		.protocol = hs_strdup(protocol ? protocol : ""),
		.information = hs_strdup(information ? information : ""),
		.ssl = protocol && !strcasecmp(protocol, "https"),
	};
	if (ret_binding->ssl || !strcasecmp(ret_binding->protocol, "http"))
		read_information(ret_binding);
	return read_flags(flags, &ret_binding->flags);
}

void hs_iis_binding_make(bool ssl, const char *address, int port,
			 const char *host, struct iis_binding *ret_binding)
{
	bool v6 = *address != '[' && strchr(address, ':');
	bool all = !strcmp(address, "0.0.0.0");
	hs_auto_free char *information =
		hs_format("%s%s%s:%d:%s", v6 ? "[" : "", all ? "*" : address,
			  v6 ? "]" : "", port, host ? host : "");

	hs_iis_binding_read(ssl ? "https" : "http", information, NULL,
			    ret_binding);
	if (ssl && host && *host)
		ret_binding->flags = IIS_SSL_SNI;
}

bool hs_iis_binding_same(const struct iis_binding *one,
			 const struct iis_binding *other)
{
	return one->web && other->web && one->port == other->port &&
	       !strcmp(one->address, other->address) &&
	       !strcasecmp(one->host, other->host);
}

char *hs_iis_http_sys_key(const struct iis_binding *binding,
			  enum iis_key_kind *ret_kind)
{
	hs_auto_free char *host = NULL;

	if (binding->flags & IIS_SSL_CENTRAL_STORE) {
		*ret_kind = IIS_KEY_CENTRAL;
		return hs_format("%d", binding->port);
	}
	if (binding->flags & IIS_SSL_SNI && *binding->host) {
		*ret_kind = IIS_KEY_HOSTNAMEPORT;
		host = hs_host_name_normal(binding->host);
		return hs_format("%s:%d", host, binding->port);
	}
	*ret_kind = IIS_KEY_IPPORT;
	return hs_format("%s:%d",
			 strcmp(binding->address, "*") ? binding->address
						       : "0.0.0.0",
			 binding->port);
}

bool hs_iis_binding_shares_certificate(const struct iis_binding *one,
				       const struct iis_binding *other)
{
	enum iis_key_kind kind, other_kind;
	hs_auto_free char *key = NULL, *other_key = NULL;

	if (!one->web || !other->web || !one->ssl || !other->ssl)
		return false;
	key = hs_iis_http_sys_key(one, &kind);
	other_key = hs_iis_http_sys_key(other, &other_kind);
	return kind == other_kind && kind != IIS_KEY_CENTRAL &&
	       !strcmp(key, other_key);
}

void hs_iis_binding_copy(const struct iis_binding *from,
			 struct iis_binding *ret_copy)
{
	*ret_copy = *from;
	ret_copy->protocol = hs_strdup(from->protocol);
	ret_copy->information = hs_strdup(from->information);
	ret_copy->address = hs_strdup(from->address);
	ret_copy->host = hs_strdup(from->host);
}

void hs_iis_binding_done(struct iis_binding *binding)
{
	free(binding->protocol);
	free(binding->information);
	free(binding->address);
	free(binding->host);
	*binding = (struct iis_binding){0};
}

void hs_iis_bindings_done(struct iis_bindings *bindings)
{
	HS_EACH(binding, bindings)
		hs_iis_binding_done(binding);
	HS_ARRAY_FREE(bindings);
}

void hs_iis_change_done(struct iis_change *change)
{
	free(change->site);
	free(change->pool);
	free(change->physical_path);
	free(change->web_root);
	hs_iis_bindings_done(&change->added);
	hs_iis_bindings_done(&change->removed);
	hs_iis_bindings_done(&change->https);
	*change = (struct iis_change){0};
}
