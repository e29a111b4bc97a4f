/*
 * The sites of an nginx: names that are served by the same blocks.  A name
 * belongs to the first block that has it among those without TLS, and to the
 * first among those with TLS, as nginx takes the first of two blocks of one
 * name.  A name that only one of the two blocks has goes with its block.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/server/nginx/sites.h"

/* A name, and the blocks that are asked for it; -1: none. */
struct owner {
	struct ngx_name name;
	long plain, tls;
};

/* The ids given so far, and how often each was wanted. */
struct wanted {
	size_t site;
	unsigned times;
};

struct listing {
	struct server_facts *facts;
	struct nginx_model *model;
	struct ngx_http_level level;
	struct owners HS_ARRAY(struct owner) owners;
	struct index by_name;
	struct index by_blocks; /* sites by their two blocks */
	struct wanted_ids HS_ARRAY(struct wanted) ids;
	struct index by_id;
};

/* What is known once every name has its site: a tree may have very many. */
static void forget_names(struct listing *listing)
{
	HS_ARRAY_FREE(&listing->owners);
	hs_index_done(&listing->by_name);
	hs_index_done(&listing->by_blocks);
}

static void listing_done(struct listing *listing)
{
	forget_names(listing);
	hs_nginx_http_level_done(&listing->level);
	HS_ARRAY_FREE(&listing->ids);
	hs_index_done(&listing->by_id);
}

/* Notes each listen with TLS; how many listens there are. */
static size_t count_listens(struct listing *listing, int32_t block)
{
	struct nginx_model *model = listing->model;
	struct ngx_cursor cursor = hs_nginx_walk(&model->conf, block);
	size_t n = 0;
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		struct ngx_listen listen;

		if (hs_nginx_is(&model->conf, d, "ssl"))
			model->ssl_on = true;
		if (!hs_nginx_is(&model->conf, d, "listen") ||
		    hs_nginx_read_listen(&model->conf, d, &listen) < 0)
			continue;
		n++;
		if (listen.ssl && !listen.quic)
			HS_PUSH(&model->tls, hs_nginx_hash_listen(&listen));
	}
	return n;
}

static void add_server(struct listing *listing, int32_t block)
{
	size_t listens = count_listens(listing, block);
	struct ngx_server server = {
		.block = block,
		.listens =
			(uint16_t)(listens > UINT16_MAX ? UINT16_MAX : listens),
	};

	HS_PUSH(&listing->model->servers, server);
}

static void add_map(struct listing *listing, int32_t directive)
{
	struct ngx_http_level *level = &listing->level;
	struct ngx_name variable;

	if (hs_nginx_span(&listing->model->conf, directive, 2, &variable.text,
			  &variable.length) < 0)
		return;
	hs_index_add(&level->by_variable, hs_nginx_hash_name(&variable),
		     level->maps.n);
	HS_PUSH(&level->maps, directive);
}

/* One directive of the http level. A file that is included twice brings its
 * blocks once: nginx itself would find its names taken. */
static void take_directive(struct listing *listing, int32_t d, bool *seen)
{
	const struct ngx_conf *conf = &listing->model->conf;
	struct ngx_http_level *level = &listing->level;

	if (seen[d])
		return;
	seen[d] = true;
	if (hs_nginx_is(conf, d, "server"))
		add_server(listing, d);
	else if (hs_nginx_is(conf, d, "map"))
		add_map(listing, d);
	else if (hs_nginx_is(conf, d, "ssl_certificate"))
		level->certificate = d;
	else if (hs_nginx_is(conf, d, "ssl_certificate_key"))
		level->key = d;
	else if (hs_nginx_is(conf, d, "ssl"))
		listing->model->ssl_on = true;
	else if (hs_nginx_is(conf, d, "add_header") &&
		 hs_nginx_is_hsts(conf, d))
		level->hsts = d;
}

static void read_http_level(struct listing *listing)
{
	const struct ngx_conf *conf = &listing->model->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, listing->model->http);
	hs_auto_free bool *seen = hs_alloc(conf->directives.n);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE)
		take_directive(listing, d, seen);
}

static bool is_owner(const void *context, size_t item)
{
	const void *const *pair = context;
	const struct owners *owners = pair[0];

	return hs_nginx_same_name(&owners->items[item].name, pair[1]);
}

static struct owner *find_owner(const struct listing *listing,
				const struct ngx_name *name)
{
	const void *pair[] = {&listing->owners, name};
	long item = hs_index_find(&listing->by_name, hs_nginx_hash_name(name),
				  is_owner, pair);

	return item < 0 ? NULL : &listing->owners.items[item];
}

static void own_name(struct listing *listing, long server,
		     const struct ngx_name *name)
{
	const struct ngx_server *block = &listing->model->servers.items[server];
	struct owner *owner = find_owner(listing, name);

	if (!owner) {
		hs_index_add(&listing->by_name, hs_nginx_hash_name(name),
			     listing->owners.n);
		owner = HS_GROW(&listing->owners);
		*owner = (struct owner){*name, -1, -1};
	}
	if (block->plain && owner->plain < 0)
		owner->plain = server;
	if (block->ssl && owner->tls < 0)
		owner->tls = server;
}

/* Whether the block is what visitors reach without any port or name; what
 * such blocks have in common is more than the lack of a name. */
static bool is_standard(const struct listens *listens)
{
	HS_EACH(listen, listens) {
		if (listen->default_server || listen->port == 80 ||
		    listen->port == 443)
			return true;
	}
	return false;
}

/* What kind of listener the block has, and the names it is asked for. */
static void classify(struct listing *listing, long server)
{
	struct ngx_server *block = &listing->model->servers.items[server];
	struct ngx_name_walk walk =
		hs_nginx_names(&listing->model->conf, block->block);
	hs_auto_listens struct listens listens = {0};
	struct ngx_name name;

	hs_nginx_listens(listing->model, server, &listens);
	HS_EACH(listen, &listens) {
		block->ssl = block->ssl || listen->ssl;
		block->plain = block->plain || !listen->ssl;
	}
	while (hs_nginx_next_name(&walk, &name)) {
		if (name.length || is_standard(&listens))
			own_name(listing, server, &name);
	}
}

/* Where a name of a block belongs. */
struct blocks {
	long plain, tls;
};

static struct blocks blocks_alone(const struct listing *listing, long server)
{
	const struct ngx_server *block = &listing->model->servers.items[server];

	return (struct blocks){block->plain ? server : -1,
			       block->ssl ? server : -1};
}

static bool is_whole(struct blocks blocks)
{
	return blocks.plain >= 0 && blocks.tls >= 0;
}

static struct blocks blocks_of(const struct listing *listing, long server,
			       const struct ngx_name *name)
{
	const struct owner *owner = find_owner(listing, name);

	if (!owner || (owner->plain != server && owner->tls != server))
		return blocks_alone(listing, server);
	return (struct blocks){owner->plain, owner->tls};
}

/* The two blocks that share the first of the block's shared names. */
static struct blocks partners(const struct listing *listing, long server)
{
	struct ngx_name_walk walk =
		hs_nginx_names(&listing->model->conf,
			       listing->model->servers.items[server].block);
	struct ngx_name name;

	while (hs_nginx_next_name(&walk, &name)) {
		struct blocks blocks = blocks_of(listing, server, &name);

		if (is_whole(blocks))
			return blocks;
	}
	return blocks_alone(listing, server);
}

static uint64_t hash_blocks(struct blocks blocks)
{
	return hs_index_hash(HS_INDEX_SEED, &blocks, sizeof(blocks));
}

static bool is_site_of(const void *context, size_t item)
{
	const void *const *pair = context;
	const struct sites *sites = pair[0];
	const struct blocks *blocks = pair[1];

	return sites->items[item].http_block == blocks->plain &&
	       sites->items[item].https_block == blocks->tls;
}

static struct site *need_site(struct listing *listing, struct blocks blocks)
{
	struct sites *sites = &listing->facts->sites;
	const void *pair[] = {sites, &blocks};
	long item = hs_index_find(&listing->by_blocks, hash_blocks(blocks),
				  is_site_of, pair);
	struct site *site;

	if (item >= 0)
		return &sites->items[item];
	hs_index_add(&listing->by_blocks, hash_blocks(blocks), sites->n);
	site = HS_GROW(sites);
	*site = (struct site){
		.http_block = blocks.plain,
		.https_block = blocks.tls,
	};
	return site;
}

static char *copy_name(const struct ngx_name *name)
{
	char *copy = hs_strndup(name->text, name->length);

	for (char *c = copy; *copy != '~' && *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	}
	return copy;
}

/* Gives each name of a block to its site; one that both blocks of a site
 * have comes with the first of them. */
static void place_names(struct listing *listing, long server)
{
	struct ngx_name_walk walk =
		hs_nginx_names(&listing->model->conf,
			       listing->model->servers.items[server].block);
	struct blocks shared = partners(listing, server);
	struct ngx_name name;

	while (hs_nginx_next_name(&walk, &name)) {
		struct blocks blocks = blocks_of(listing, server, &name);
		struct site *site;

		if (is_whole(blocks) && blocks.plain != server &&
		    blocks.plain < server)
			continue;
		if (is_whole(blocks) && blocks.tls != server &&
		    blocks.tls < server)
			continue;
		site = need_site(listing, is_whole(blocks) ? blocks : shared);
		if (name.length)
			HS_PUSH(&site->names, copy_name(&name));
	}
}

static bool is_id(const void *context, size_t item)
{
	const void *const *pair = context;
	const struct listing *listing = pair[0];
	size_t site = listing->ids.items[item].site;

	return !strcmp(listing->facts->sites.items[site].id, pair[1]);
}

/* Whether the id is free; then it is the site's. */
static bool take_id(struct listing *listing, size_t site, char *id,
		    struct wanted **ret_taken)
{
	uint64_t hash = hs_index_hash(HS_INDEX_SEED, id, strlen(id));
	const void *pair[] = {listing, id};
	long item = hs_index_find(&listing->by_id, hash, is_id, pair);
	struct wanted wanted = {.site = site, .times = 1};

	if (item >= 0) {
		*ret_taken = &listing->ids.items[item];
		return false;
	}
	hs_index_add(&listing->by_id, hash, listing->ids.n);
	HS_PUSH(&listing->ids, wanted);
	listing->facts->sites.items[site].id = id;
	return true;
}

/* "a.test#2" and so on, for one whose id is taken. */
static void number_site(struct listing *listing, size_t site, const char *id,
			struct wanted *taken)
{
	for (;;) {
		char *numbered = hs_format("%s#%u", id, ++taken->times);
		struct wanted *same;

		if (take_id(listing, site, numbered, &same))
			return;
		free(numbered);
	}
}

/* "_" for one without any name, or its address. */
static void name_nameless(struct listing *listing, size_t index)
{
	const struct site *site = &listing->facts->sites.items[index];
	char *id = hs_strdup("_");
	struct wanted *taken;

	if (take_id(listing, index, id, &taken))
		return;
	if (site->listens.n) {
		free(id);
		id = hs_format("%s:%d", site->listens.items[0].address,
			       site->listens.items[0].port);
		if (take_id(listing, index, id, &taken))
			return;
	}
	number_site(listing, index, id, taken);
	free(id);
}

static void name_site(struct listing *listing, size_t index)
{
	const struct strings *names = &listing->facts->sites.items[index].names;
	struct wanted *taken;

	if (!names->n)
		name_nameless(listing, index);
	else if (!take_id(listing, index, names->items[0], &taken))
		number_site(listing, index, names->items[0], taken);
}

void hs_nginx_list_sites(struct server_facts *facts)
{
	HS_CLEANUP(listing_done)
	struct listing listing = {
		.facts = facts,
		.model = facts->model,
		.level = {NGX_NONE, NGX_NONE, NGX_NONE, {0}, {0}},
	};
	struct nginx_model *model = facts->model;

	if (model->http == NGX_NONE)
		return;
	read_http_level(&listing);
	hs_nginx_sort_tls(model);
	for (size_t i = 0; i < model->servers.n; i++)
		classify(&listing, (long)i);
	for (size_t i = 0; i < model->servers.n; i++)
		place_names(&listing, (long)i);
	forget_names(&listing);
	for (size_t i = 0; i < facts->sites.n; i++) {
		hs_nginx_look_at_site(facts, &listing.level,
				      &facts->sites.items[i]);
		name_site(&listing, i);
	}
}
