/* Addresses that server blocks listen on. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/server/nginx/sites.h"

#define PORTS_MAX 1024 /* shown of a range */

static bool is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && !memcmp(text, word, length);
}

/* "80", "8000-8010" */
static bool parse_ports(const char *text, size_t length, int *ret_first,
			int *ret_last)
{
	char copy[16], *end;
	long first, last;

	if (!length || length >= sizeof(copy) || !isdigit((unsigned char)*text))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	first = last = strtol(copy, &end, 10);
	if (*end == '-' && isdigit((unsigned char)end[1]))
		last = strtol(end + 1, &end, 10);
	if (*end || first < 1 || last < first || last > 65535)
		return false;
	*ret_first = (int)first;
	*ret_last = (int)last;
	return true;
}

/* Where the address ends: before the ':' of the port, behind a ']'. */
static size_t address_length(const char *text, size_t length)
{
	const char *end = *text == '[' ? memchr(text, ']', length)
				       : memchr(text, ':', length);

	if (!end)
		return length;
	return (size_t)(end - text) + (*text == '[');
}

static void parse_address(const char *text, size_t length,
			  struct ngx_listen *listen)
{
	size_t size;

	listen->address = text;
	listen->length = length;
	if (length > 5 && !memcmp(text, "unix:", 5)) {
		listen->is_unix = true;
		return;
	}
	listen->port = listen->last_port = 80;
	if (parse_ports(text, length, &listen->port, &listen->last_port)) {
		listen->address = "*";
		listen->length = 1;
		return;
	}
	size = address_length(text, length);
	listen->length = size;
	if (size + 1 < length && text[size] == ':')
		parse_ports(text + size + 1, length - size - 1, &listen->port,
			    &listen->last_port);
}

static void parse_option(const char *text, size_t length,
			 struct ngx_listen *listen)
{
	if (is_word(text, length, "ssl"))
		listen->ssl = true;
	else if (is_word(text, length, "http2"))
		listen->http2 = true;
	else if (is_word(text, length, "quic") ||
		 is_word(text, length, "http3"))
		listen->quic = true;
	else if (is_word(text, length, "default_server") ||
		 is_word(text, length, "default"))
		listen->default_server = true;
	else if (is_word(text, length, "ipv6only=off"))
		listen->dual = true;
}

int hs_nginx_read_listen(const struct ngx_conf *conf, int32_t directive,
			 struct ngx_listen *ret_listen)
{
	const char *text;
	size_t length;

	*ret_listen = (struct ngx_listen){0};
	if (hs_nginx_span(conf, directive, 1, &text, &length) < 0 || !length)
		return -1;
	parse_address(text, length, ret_listen);
	for (size_t i = 2; !hs_nginx_span(conf, directive, i, &text, &length);
	     i++)
		parse_option(text, length, ret_listen);
	return 0;
}

void hs_nginx_spell_address(const struct ngx_listen *listen,
			    char ret_address[static 256])
{
	struct in6_addr v6;
	char bare[INET6_ADDRSTRLEN];

	snprintf(ret_address, 256, "%.*s",
		 (int)(listen->length > 255 ? 255 : listen->length),
		 listen->address);
	if (!strcmp(ret_address, "0.0.0.0"))
		snprintf(ret_address, 256, "*");
	if (*ret_address != '[' || listen->length < 3 ||
	    listen->length > INET6_ADDRSTRLEN)
		return;
	snprintf(bare, sizeof(bare), "%.*s", (int)listen->length - 2,
		 listen->address + 1);
	if (inet_pton(AF_INET6, bare, &v6) == 1 &&
	    inet_ntop(AF_INET6, &v6, bare, sizeof(bare)))
		snprintf(ret_address, 256, "[%s]", bare);
}

uint64_t hs_nginx_hash_listen(const struct ngx_listen *listen)
{
	char address[256];

	hs_nginx_spell_address(listen, address);
	return hs_index_hash(
		hs_index_hash(HS_INDEX_SEED, address, strlen(address)),
		&listen->port, sizeof(listen->port));
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

void hs_nginx_sort_tls(struct nginx_model *model)
{
	if (model->tls.n)
		qsort(model->tls.items, model->tls.n, sizeof(*model->tls.items),
		      compare_hashes);
}

bool hs_nginx_listen_has_tls(const struct nginx_model *model,
			     const struct ngx_listen *listen)
{
	uint64_t hash;

	if (listen->ssl)
		return true;
	if (!model->tls.n)
		return false;
	hash = hs_nginx_hash_listen(listen);
	return bsearch(&hash, model->tls.items, model->tls.n, sizeof(hash),
		       compare_hashes) != NULL;
}

static void add_listen(const struct nginx_model *model, int32_t directive,
		       const struct ngx_listen *read, bool ssl_on,
		       struct listens *listens)
{
	char address[256];

	hs_nginx_spell_address(read, address);
	for (int port = read->port;
	     port <= read->last_port && port < read->port + PORTS_MAX; port++) {
		struct listen listen = {
			.address = hs_strdup(address),
			.port = port,
			.ssl = ssl_on || hs_nginx_listen_has_tls(model, read),
			.http2 = read->http2,
			.default_server = read->default_server,
			.v6_takes_v4 = read->dual && *address == '[',
			.place = hs_nginx_place_of(&model->conf, directive),
		};

		HS_PUSH(listens, listen);
	}
}

/* `ssl on` of old, in the block or at the http level. */
static bool has_ssl_on(const struct nginx_model *model, int32_t block)
{
	int32_t d = hs_nginx_find(&model->conf, block, "ssl");

	if (d == NGX_NONE && model->version < 1025001)
		d = hs_nginx_find(&model->conf, model->http, "ssl");
	return d != NGX_NONE && hs_nginx_arg_is(&model->conf, d, 1, "on");
}

static void add_implicit(const struct nginx_model *model, int32_t block,
			 bool ssl_on, struct listens *listens)
{
	struct ngx_listen implicit = {
		.address = "*",
		.length = 1,
		.port = model->implicit_port,
		.last_port = model->implicit_port,
	};

	add_listen(model, block, &implicit, ssl_on, listens);
}

void hs_nginx_listens(const struct nginx_model *model, long server,
		      struct listens *ret_listens)
{
	int32_t block = model->servers.items[server].block, d;
	struct ngx_cursor cursor = hs_nginx_walk(&model->conf, block);
	bool ssl_on = model->ssl_on && has_ssl_on(model, block);
	bool any = false;

	*ret_listens = (struct listens){0};
	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		struct ngx_listen read;

		if (!hs_nginx_is(&model->conf, d, "listen") ||
		    hs_nginx_read_listen(&model->conf, d, &read) < 0)
			continue;
		any = true;
		if (!read.quic)
			add_listen(model, d, &read, ssl_on, ret_listens);
	}
	if (!any)
		add_implicit(model, block, ssl_on, ret_listens);
}
