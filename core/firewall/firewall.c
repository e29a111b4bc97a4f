#include "core/firewall/firewall.h"

#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/firewall/backends.h"

#define OUTPUT_MAX (32UL * 1024 * 1024)
#define TIMEOUT_MS 10000
#define CAP_NET_ADMIN_BIT 12

static const struct firewall_ops *const firewalls[] = {
	&hs_firewalld,	      &hs_ufw, &hs_nftables, &hs_iptables,
	&hs_windows_firewall,
};

const struct firewall_ops *const *hs_firewalls(size_t *ret_count)
{
	*ret_count = HS_LENGTH(firewalls);
	return firewalls;
}

const struct firewall_ops *hs_firewall_ops(const char *id)
{
	for (size_t i = 0; id && i < HS_LENGTH(firewalls); i++) {
		if (!strcmp(firewalls[i]->id, id))
			return firewalls[i];
	}
	return NULL;
}

void hs_firewall_note(const struct settings *settings,
		      enum verdict (*judge)(const void *rules, int port),
		      const void *rules, struct firewall_facts *facts)
{
	enum verdict http = judge(rules, settings->http_port);
	enum verdict https = judge(rules, settings->https_port);

	facts->open_http = http == VERDICT_OPEN;
	facts->open_https = https == VERDICT_OPEN;
	facts->unknown = https == VERDICT_UNKNOWN;
}

/* Whether this process may administer the network: proc(5), CapEff. */
static bool may_change(void)
{
	FILE *stream = fopen("/proc/self/status", "re");
	char line[256];
	unsigned long long effective = 0;

	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	}
	if (stream)
		fclose(stream);
	return effective >> CAP_NET_ADMIN_BIT & 1;
}

/* Nothing here decides about packets in an offline tree, and who says "none"
 * wants no firewall touched: both need no look at those of this machine. */
int hs_firewalls_detect(const struct root *root,
			const struct settings *settings, struct facts *facts,
			struct error *err)
{
	const char *wanted = settings->firewall ? settings->firewall : "auto";

	if (!strcmp(wanted, "none"))
		return 0;
	for (size_t i = 0; i < HS_LENGTH(firewalls); i++) {
		struct firewall_facts found = {0};

		if (firewalls[i]->offline != !!hs_root_is_offline(root))
			continue;
		if (firewalls[i]->detect(root, settings, &found, err))
			return -1;
		found.locked = !may_change();
		if (found.id)
			HS_PUSH(&facts->firewalls, found);
	}
	return 0;
}

static bool is_meant(const struct settings *settings, const char *id)
{
	const char *wanted = settings->firewall ? settings->firewall : "auto";

	return !strcmp(wanted, "auto") || !strcmp(wanted, id);
}

const struct firewall_facts *hs_firewall_chosen(const struct settings *settings,
						const struct facts *facts)
{
	HS_EACH(firewall, &facts->firewalls) {
		if (firewall->active && is_meant(settings, firewall->id))
			return firewall;
	}
	return NULL;
}

/* The plan */

static void plan_rule(const struct firewall_ops *ops,
		      const struct firewall_rule *rule, struct plan *plan)
{
	const char *why = ops->refuses ? ops->refuses(rule) : NULL;
	hs_auto_free char *reason = hs_format(
		rule->shuts ? _("close TCP %d in %s: HTTP is given up")
			    : _("open TCP %d in %s"),
		rule->port, ops->title);
	struct strings argv = {0};
	struct change *change;

	if (why) {
		hs_plan_note(plan, "to be done by hand: %s; %s", reason, why);
		return;
	}
	change = hs_plan_run(plan, PHASE_HTTPS, (const char *const[]){NULL},
			     reason, N_("remove that rule"));
	ops->describe(rule, &argv);
	hs_strings_done(&change->command);
	change->command = argv;
	change->firewall = hs_strdup(rule->firewall);
	change->port = (struct change_port){
		.number = rule->port,
		.shuts = rule->shuts,
	};
	if (ops->persistence)
		hs_plan_note(plan, "%s, TCP %d: %s", ops->title, rule->port,
			     _(ops->persistence));
}

static bool wants_http_shut(const struct settings *settings)
{
	return settings->firewall_close_http &&
	       settings->bindings_mode == BINDINGS_HTTPS &&
	       settings->http_port != settings->https_port;
}

static void plan_port(const struct firewall_facts *chosen, int port, bool shuts,
		      struct plan *plan)
{
	struct firewall_rule rule = {
		.firewall = hs_strdup(chosen->id),
		.port = port,
		.shuts = shuts,
		.tag = hs_strdup("https-setup"),
	};

	plan_rule(hs_firewall_ops(chosen->id), &rule, plan);
	hs_firewall_rule_done(&rule);
}

void hs_firewall_plan(const struct settings *settings,
		      const struct facts *facts, struct plan *plan)
{
	const struct firewall_facts *chosen =
		hs_firewall_chosen(settings, facts);

	if (!chosen || chosen->unknown || chosen->locked ||
	    !hs_firewall_ops(chosen->id)->add)
		return;
	if (!chosen->open_https && settings->bindings_mode != BINDINGS_HTTP)
		plan_port(chosen, settings->https_port, false, plan);
	if (chosen->open_http && wants_http_shut(settings))
		plan_port(chosen, settings->http_port, true, plan);
}

void hs_firewall_plan_removal(const struct firewall_rule *rule,
			      struct plan *plan)
{
	const struct firewall_ops *ops = hs_firewall_ops(rule->firewall);
	hs_auto_free char *about = hs_format("TCP %d", rule->port);
	hs_auto_free char *reason = hs_format(
		_("take the rule for TCP %d out of %s again: it is ours"),
		rule->port, ops ? ops->title : rule->firewall);
	const char *const argv[] = {rule->firewall, "remove", about, rule->tag,
				    NULL};
	struct change *change = hs_plan_run(plan, PHASE_HTTPS, argv, reason,
					    N_("add that rule again"));

	change->firewall = hs_strdup(rule->firewall);
	change->port = (struct change_port){
		.number = rule->port,
		.shuts = rule->shuts,
		.goes = true,
		.tag = hs_strdup(rule->tag),
		.place = hs_strdup(rule->place),
	};
}

void hs_firewall_rule_done(struct firewall_rule *rule)
{
	free(rule->firewall);
	free(rule->tag);
	free(rule->place);
	*rule = (struct firewall_rule){0};
}

/* What the backends share */

/* The first line that it complained with. */
static char *complaint(const struct run_result *result)
{
	const struct str *from = result->err.len ? &result->err : &result->out;
	size_t length = strcspn(hs_str_text(from), "\n");

	return hs_text_safe(hs_str_text(from), length, 300);
}

int hs_firewall_run(const char *const *argv, const struct str *input,
		    struct str *ret_out, struct error *err)
{
	hs_auto_run_result struct run_result result = {0};
	const struct run run = {
		.argv = argv,
		.timeout_ms = TIMEOUT_MS,
		.output_max = OUTPUT_MAX,
		.input = input ? input->data : NULL,
		.input_length = input ? input->len : 0,
	};
	hs_auto_free char *said = NULL;

	if (hs_run(&run, &result, err))
		return -1;
	if (!result.status && !result.timed_out) {
		if (ret_out)
			hs_str_add(ret_out, hs_str_text(&result.out),
				   result.out.len);
		return 0;
	}
	said = complaint(&result);
	hs_fail(err, HS_FAILED, "%s failed: %s", argv[0],
		result.timed_out ? _("it did not end in time") : said);
	return -1;
}

void hs_firewall_say(struct strings *ret_argv, const char *const *argv)
{
	*ret_argv = (struct strings){0};
	for (; *argv; argv++)
		hs_strings_add(ret_argv, *argv);
}
