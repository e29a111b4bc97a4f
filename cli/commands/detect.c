#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

static char *listen_text(const struct listen *listen)
{
	hs_auto_free char *port =
		listen->port ? hs_format(":%d", listen->port) : hs_strdup("");

	return hs_format(
		"%s%s%s%s%s", listen->address, port, listen->host ? ":" : "",
		listen->host ? listen->host : "", listen->ssl ? " ssl" : "");
}

static json_t *site_as_json(const struct site *site)
{
	json_t *listens = json_array();

	HS_EACH(listen, &site->listens) {
		hs_auto_free char *text = listen_text(listen);

		json_array_append_new(listens, cli_json_text(text));
	}
	return json_pack("{so so so sb so}", "id", cli_json_text(site->id),
			 "names", cli_json_strings(&site->names), "listens",
			 listens, "https", site->https, "certificate",
			 cli_json_text(site->certificate));
}

static json_t *problems_as_json(const struct problems *problems)
{
	json_t *array = json_array();

	HS_EACH(problem, problems)
		json_array_append_new(
			array, json_pack("{so so so}", "id",
					 cli_json_text(problem->id), "where",
					 cli_json_text(problem->where), "what",
					 cli_json_text(problem->what)));
	return array;
}

static json_t *server_as_json(const struct server_facts *server)
{
	json_t *sites = json_array();

	HS_EACH(site, &server->sites)
		json_array_append_new(sites, site_as_json(site));
	return json_pack("{so so so so sb so so}", "id",
			 cli_json_text(server->id), "version",
			 cli_json_text(server->version), "config",
			 cli_json_text(server->config), "binary",
			 cli_json_text(server->binary), "running",
			 server->running, "sites", sites, "problems",
			 problems_as_json(&server->problems));
}

static json_t *product_as_json(const struct product_facts *product)
{
	return json_pack("{so so so so so so}", "id",
			 cli_json_text(product->id), "title",
			 cli_json_text(product->title), "version",
			 cli_json_text(product->version), "path",
			 cli_json_text(product->path), "found",
			 cli_json_strings(&product->seen), "problems",
			 problems_as_json(&product->problems));
}

static void tell_in_json(const struct facts *facts)
{
	json_t *object = cli_json_begin(cli_cmd_detect.name);
	json_t *servers = json_array(), *products = json_array();
	json_t *firewalls = json_array();

	HS_EACH(server, &facts->servers)
		json_array_append_new(servers, server_as_json(server));
	HS_EACH(product, &facts->products)
		json_array_append_new(products, product_as_json(product));
	HS_EACH(firewall, &facts->firewalls)
		json_array_append_new(
			firewalls,
			json_pack("{so sb so}", "id",
				  cli_json_text(firewall->id), "active",
				  firewall->active, "detail",
				  cli_json_text(firewall->detail)));
	json_object_set_new(object, "servers", servers);
	json_object_set_new(object, "products", products);
	json_object_set_new(object, "firewalls", firewalls);
	cli_json_print(object);
}

static void print_row(const char *label, const char *text)
{
	fputs("    ", stdout);
	cli_print_column(stdout, label, 6);
	putchar(' ');
	cli_print_safe(stdout, text);
	putchar('\n');
}

static void print_site(const struct site *site)
{
	hs_auto_str struct str names = {0}, listens = {0};

	HS_EACH(name, &site->names)
		hs_str_printf(&names, "%s ", *name);
	HS_EACH(listen, &site->listens) {
		hs_auto_free char *text = listen_text(listen);

		hs_str_printf(&listens, "%s%s", listens.len ? ", " : "", text);
	}
	fputs("  ", stdout);
	cli_print_line(stdout,
		       !site->https ? _("site %s  http")
		       : site->ours ? _("site %s  https, set up by https-setup")
				    : _("site %s  https"),
		       site->id);
	print_row(_("names"), hs_str_text(&names));
	print_row(_("listen"), hs_str_text(&listens));
	if (site->certificate)
		print_row(_("certificate"), site->certificate);
}

static void print_problems(const struct problems *problems)
{
	HS_EACH(problem, problems) {
		printf("  %s ", _("problem"));
		if (problem->where) {
			cli_print_safe(stdout, problem->where);
			fputs(": ", stdout);
		}
		cli_print_safe(stdout, problem->what);
		printf(" [%s]\n", problem->id);
	}
}

/* "nginx 1.22.1", or without what is not known. */
static char *named(const char *id, const char *version)
{
	return hs_format("%s%s%s", id, version ? " " : "",
			 version ? version : "");
}

static void print_server(const struct server_facts *server)
{
	hs_auto_free char *which = named(server->id, server->version);

	cli_print_line(stdout,
		       server->running ? _("server %s, running, %s")
				       : _("server %s, not running, %s"),
		       which, server->config);
	HS_EACH(site, &server->sites)
		print_site(site);
	print_problems(&server->problems);
}

static void print_product(const struct product_facts *product)
{
	hs_auto_free char *which = named(product->id, product->version);

	if (product->path)
		cli_print_line(stdout, _("product %s, %s"), which,
			       product->path);
	else
		cli_print_line(stdout, _("product %s"), which);
	HS_EACH(seen, &product->seen) {
		fputs("  ", stdout);
		cli_print_safe(stdout, *seen);
		putchar('\n');
	}
	print_problems(&product->problems);
}

static void tell(const struct facts *facts)
{
	if (!facts->servers.n)
		puts(_("no server was found; say where one is with --server "
		       "and --server-config"));
	HS_EACH(server, &facts->servers)
		print_server(server);
	HS_EACH(product, &facts->products)
		print_product(product);
	HS_EACH(firewall, &facts->firewalls) {
		printf(_("firewall %s, %s"), firewall->id,
		       firewall->active ? _("active") : _("not active"));
		fputs(firewall->detail ? ", " : "", stdout);
		cli_print_safe(stdout, firewall->detail);
		putchar('\n');
	}
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;

	if (cli_session_open(options, &job, err) || hs_job_look(&job, err))
		return (int)err->code;
	if (options->json)
		tell_in_json(&job.facts);
	else
		tell(&job.facts);
	return HS_OK;
}

const struct command cli_cmd_detect = {
	.name = "detect",
	.usage = "",
	.summary = N_("servers, sites, products, firewalls of this host"),
	.help = N_(
		"Lists the web servers of this host (or of --root), their "
		"sites with names, listeners and certificates, the products "
		"they host, and the firewalls that decide about their ports."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_STATE | FLAGS_CERT_DIR |
		 FLAGS_TRUST,
	.steps = STEPS_SERVER,
	.run = run,
};
