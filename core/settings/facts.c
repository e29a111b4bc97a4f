#include "core/settings/facts.h"

#include <string.h>

struct server_facts *hs_facts_add_server(struct facts *facts)
{
	struct server_facts *server = HS_GROW(&facts->servers);

	*server = (struct server_facts){0};
	return server;
}

void hs_problem_add(struct problems *problems, const char *id,
		    const char *where, const char *what)
{
	struct problem problem = {
		.id = hs_strdup(id),
		.where = hs_strdup(where),
		.what = hs_strdup(what),
	};

	HS_PUSH(problems, problem);
}

void hs_listens_done(struct listens *listens)
{
	HS_EACH(listen, listens) {
		free(listen->address);
		free(listen->host);
	}
	HS_ARRAY_FREE(listens);
}

void hs_site_done(struct site *site)
{
	if (!site->names.n || site->id != site->names.items[0])
		free(site->id);
	hs_strings_done(&site->names);
	hs_listens_done(&site->listens);
	free(site->certificate);
	free(site->key);
	free(site->redirect_target);
	free(site->sends_all);
	free(site->hsts);
	*site = (struct site){0};
}

static void free_problems(struct problems *problems)
{
	HS_EACH(problem, problems) {
		free(problem->id);
		free(problem->where);
		free(problem->what);
	}
	HS_ARRAY_FREE(problems);
}

void hs_server_facts_done(struct server_facts *server)
{
	free(server->version);
	free(server->binary);
	free(server->config);
	free(server->prefix);
	free(server->pid_file);
	free(server->certificates);
	HS_EACH(site, &server->sites)
		hs_site_done(site);
	HS_ARRAY_FREE(&server->sites);
	free_problems(&server->problems);
	if (server->model_free)
		server->model_free(server->model);
	*server = (struct server_facts){0};
}

const struct product_facts *hs_facts_product(const struct facts *facts,
					     const char *id)
{
	HS_EACH(product, &facts->products)
		if (id && strcmp(product->id, id) == 0)
			return product;
	return NULL;
}

void hs_product_facts_done(struct product_facts *product)
{
	free(product->version);
	free(product->path);
	free(product->site);
	hs_strings_done(&product->seen);
	free_problems(&product->problems);
	if (product->model_free)
		product->model_free(product->model);
	*product = (struct product_facts){0};
}

void hs_facts_done(struct facts *facts)
{
	HS_EACH(server, &facts->servers)
		hs_server_facts_done(server);
	HS_ARRAY_FREE(&facts->servers);
	HS_EACH(product, &facts->products)
		hs_product_facts_done(product);
	HS_ARRAY_FREE(&facts->products);
	HS_EACH(firewall, &facts->firewalls)
		free(firewall->detail);
	HS_ARRAY_FREE(&facts->firewalls);
	HS_EACH(use, &facts->ports) {
		free(use->address);
		free(use->program);
	}
	HS_ARRAY_FREE(&facts->ports);
	hs_strings_done(&facts->addresses);
	hs_strings_done(&facts->name.addresses);
	hs_bundle_done(&facts->bundle);
	hs_probe_results_done(&facts->probes);
	*facts = (struct facts){0};
}

bool hs_facts_address_is_here(const struct facts *facts, const char *address)
{
	return strncmp(address, "127.", 4) == 0 ||
	       strcmp(address, "::1") == 0 ||
	       hs_strings_has(&facts->addresses, address);
}
