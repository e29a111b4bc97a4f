/* The names of server blocks, and which block nginx would choose by them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/server/nginx/sites.h"
#include "core/settings/sites.h"

struct ngx_name_walk hs_nginx_names(const struct ngx_conf *conf, int32_t block)
{
	return (struct ngx_name_walk){
		.cursor = hs_nginx_walk(conf, block),
		.directive = NGX_NONE,
	};
}

bool hs_nginx_next_name(struct ngx_name_walk *walk, struct ngx_name *ret_name)
{
	const struct ngx_conf *conf = walk->cursor.conf;

	for (;;) {
		if (walk->directive != NGX_NONE &&
		    !hs_nginx_span(conf, walk->directive, ++walk->argument,
				   &ret_name->text, &ret_name->length)) {
			walk->any = true;
			return true;
		}
		do
			walk->directive = hs_nginx_next(&walk->cursor);
		while (walk->directive != NGX_NONE &&
		       !hs_nginx_is(conf, walk->directive, "server_name"));
		walk->argument = 0;
		if (walk->directive == NGX_NONE)
			break;
	}
	*ret_name = (struct ngx_name){"", 0};
	if (walk->any)
		return false;
	walk->any = true;
	return true;
}

uint64_t hs_nginx_hash_name(const struct ngx_name *name)
{
	uint64_t hash = HS_INDEX_SEED;

	for (size_t i = 0; i < name->length; i++) {
		char c = (char)tolower((unsigned char)name->text[i]);

		hash = hs_index_hash(hash, &c, 1);
	}
	return hash;
}

bool hs_nginx_same_name(const struct ngx_name *one,
			const struct ngx_name *other)
{
	return one->length == other->length &&
	       !strncasecmp(one->text, other->text, one->length);
}

/* Whether the block has a listener of the kind asked for; `ret_default` when
 * it is the default server there. */
static bool listens_so(const struct nginx_model *model,
		       const struct ngx_server *server, bool ssl, int port,
		       bool *ret_default)
{
	struct ngx_cursor cursor = hs_nginx_walk(&model->conf, server->block);
	bool found = false;
	int32_t d;

	*ret_default = false;
	if (ssl ? !server->ssl : !server->plain)
		return false;
	if (!server->listens)
		return !port || port == model->implicit_port;
	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		struct ngx_listen listen;

		if (!hs_nginx_is(&model->conf, d, "listen") ||
		    hs_nginx_read_listen(&model->conf, d, &listen) < 0 ||
		    listen.quic ||
		    (port && (port < listen.port || port > listen.last_port)))
			continue;
		if (!model->ssl_on &&
		    hs_nginx_listen_has_tls(model, &listen) != ssl)
			continue;
		found = true;
		*ret_default = *ret_default || listen.default_server;
	}
	return found;
}

/* Most names are of other hosts: they are told apart without a copy. */
static int name_fits(const struct ngx_name *pattern, const char *name)
{
	hs_auto_free char *copy = NULL;
	size_t length = strlen(name);

	if (!pattern->length)
		return 0;
	if (!strchr("*.~", *pattern->text) &&
	    pattern->text[pattern->length - 1] != '*' &&
	    (pattern->length != length ||
	     strncasecmp(pattern->text, name, length) != 0))
		return 0;
	copy = hs_strndup(pattern->text, pattern->length);
	return hs_site_name_fits(copy, name);
}

static int server_fits(const struct nginx_model *model, int32_t block,
		       const char *name)
{
	struct ngx_name_walk walk = hs_nginx_names(&model->conf, block);
	struct ngx_name pattern;
	int best = 0;

	while (hs_nginx_next_name(&walk, &pattern)) {
		int fits = name_fits(&pattern, name);

		if (fits > best)
			best = fits;
	}
	return best;
}

long hs_nginx_choose(const struct server_facts *facts, const char *name,
		     bool ssl, int port, bool *ret_by_name)
{
	const struct nginx_model *model = facts->model;
	long first = -1, standard = -1, best = -1;
	int weight = 0;

	for (size_t i = 0; i < model->servers.n; i++) {
		const struct ngx_server *server = &model->servers.items[i];
		bool is_default;
		int fits;

		if (!listens_so(model, server, ssl, port, &is_default))
			continue;
		if (first < 0)
			first = (long)i;
		if (is_default && standard < 0)
			standard = (long)i;
		fits = server_fits(model, server->block, name);
		if (fits > weight) {
			weight = fits;
			best = (long)i;
		}
	}
	if (ret_by_name)
		*ret_by_name = best >= 0;
	if (best >= 0)
		return best;
	return standard >= 0 ? standard : first;
}
