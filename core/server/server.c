/* The table of web servers. */
#include <string.h>

#include "core/server/iis/iis.h"
#include "core/server/nginx/nginx.h"

static const struct server_ops *const table[] = {
	&hs_nginx_ops,
	&hs_iis_ops,
};

const struct server_ops *const *hs_servers(size_t *ret_count)
{
	*ret_count = HS_LENGTH(table);
	return table;
}

const struct server_ops *hs_server_ops(const char *id)
{
	for (size_t i = 0; id && i < HS_LENGTH(table); i++) {
		if (!strcmp(table[i]->id, id))
			return table[i];
	}
	return NULL;
}

static int detect_one(const struct server_ops *ops, const struct root *root,
		      const struct server_hint *hint, struct facts *facts,
		      struct error *err)
{
	struct server_facts found = {0};

	if (ops->detect(root, hint, &found, err) < 0) {
		hs_server_facts_done(&found);
		return -1;
	}
	if (found.id)
		*hs_facts_add_server(facts) = found;
	else
		hs_server_facts_done(&found);
	return 0;
}

int hs_servers_detect(const struct root *root, const struct settings *settings,
		      const char *certificates, struct facts *facts,
		      struct error *err)
{
	struct server_hint hint = {
		.config = settings->server_config,
		.binary = settings->server_binary,
		.certificates = certificates,
	};

	for (size_t i = 0; i < HS_LENGTH(table); i++) {
		if (settings->server && strcmp(settings->server, table[i]->id))
			continue;
		if (detect_one(table[i], root, &hint, facts, err) < 0)
			return -1;
	}
	return 0;
}
