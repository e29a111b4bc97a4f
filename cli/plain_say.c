#include "cli/plain_say.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "core/base/i18n.h"

void cli_plain_error(const struct error *err)
{
	fputs(_("Error: "), stdout);
	if (*err->where) {
		cli_print_safe(stdout, err->where);
		fputs(": ", stdout);
	}
	cli_print_safe(stdout, err->what);
	if (*err->hint) {
		fputs("; ", stdout);
		cli_print_safe(stdout, err->hint);
	}
	putchar('\n');
}

static const char *const severity_words[] = {
	[SEVERITY_OK] = "OK",
	[SEVERITY_INFO] = N_("Note"),
	[SEVERITY_WARNING] = N_("Warning"),
	[SEVERITY_ERROR] = N_("Error"),
};

const char *cli_plain_word(enum severity severity)
{
	return _(severity_words[severity]);
}

void cli_plain_finding(const struct finding *finding)
{
	printf("%s: ", cli_plain_word(finding->severity));
	cli_print_safe(stdout, finding->message);
	if (finding->where) {
		fputs(_(", at "), stdout);
		cli_print_safe(stdout, finding->where);
	}
	if (finding->remedy && finding->severity > SEVERITY_INFO)
		printf("; %s", finding->remedy);
	putchar('\n');
}

size_t cli_plain_findings(const struct findings *findings,
			  const struct question *question)
{
	size_t errors = 0;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, findings) {
			if ((int)finding->severity != severity ||
			    !finding->question ||
			    strcmp(finding->question, question->id) != 0)
				continue;
			cli_plain_finding(finding);
			errors += severity == SEVERITY_ERROR;
		}
	return errors;
}

void cli_plain_tell(const struct findings *findings, enum severity least)
{
	for (int severity = SEVERITY_ERROR; severity >= (int)least; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				cli_plain_finding(finding);
}

/* Steps */

static void tell_servers(const struct job *job)
{
	HS_EACH(server, &job->facts.servers) {
		printf(_("Found: %s"), server->title);
		if (server->version) {
			putchar(' ');
			cli_print_safe(stdout, server->version);
		}
		fputs(", ", stdout);
		cli_print_safe(stdout, server->config);
		putchar('\n');
	}
	if (job->facts.offline)
		puts(_("This is an offline tree: its files are edited, and "
		       "nothing runs there."));
}

static void tell_listens(const struct job *job)
{
	const struct site *site = job->facts.site;

	if (!site || !site->listens.n)
		return;
	fputs(_("Listens now:"), stdout);
	HS_EACH(listen, &site->listens) {
		putchar(' ');
		cli_print_safe(stdout, listen->address);
		if (listen->port)
			printf(":%d", listen->port);
	}
	putchar('\n');
}

static void tell_product(const struct job *job)
{
	const struct product_facts *product =
		hs_facts_product(&job->facts, job->settings.product);

	if (!product)
		return;
	printf(_("Found: %s"), product->title);
	if (product->path) {
		fputs(", ", stdout);
		cli_print_safe(stdout, product->path);
	}
	putchar('\n');
	HS_EACH(seen, &product->seen) {
		cli_print_safe(stdout, *seen);
		putchar('\n');
	}
}

/* What was found that the step is about. */
static void (*const tell_found[STEP_MAX])(const struct job *job) = {
	[STEP_SERVER] = tell_servers,
	[STEP_BINDINGS] = tell_listens,
	[STEP_PRODUCT] = tell_product,
};

void cli_plain_step(const struct job *job, enum step step)
{
	const struct settings *settings = &job->settings;

	printf(_("\nStep %d of %d: %s\n"), hs_step_number(step, settings),
	       hs_step_count(settings), _(hs_step_title(step)));
	if (tell_found[step])
		tell_found[step](job);
}
