#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"

static json_t *rule_as_json(const struct rule *rule)
{
	return json_pack("{so ss so so so so}", "id", cli_json_text(rule->id),
			 "severity", hs_severity_word(rule->severity),
			 "question", cli_json_text(rule->question), "says",
			 cli_json_text(_(rule->says)), "remedy",
			 cli_json_text(_(rule->remedy)), "source",
			 cli_json_text(rule->source));
}

static void print_rule(const struct rule *rule)
{
	cli_print_column(stdout, hs_severity_mark(rule->severity), 5);
	printf(" %s: %s\n", rule->id, _(rule->says));
	if (rule->remedy)
		printf("      %s\n", _(rule->remedy));
	if (rule->source)
		printf("      %s %s\n", _("source:"), rule->source);
}

static int run(struct options *options, struct error *err)
{
	size_t tables;
	const struct rule_table *const *table = hs_rules(&tables);
	json_t *list = options->json ? json_array() : NULL, *object;

	(void)err;
	for (size_t i = 0; i < tables; i++)
		for (size_t j = 0; j < table[i]->count; j++) {
			const struct rule *rule = &table[i]->rules[j];

			if (list)
				json_array_append_new(list, rule_as_json(rule));
			else
				print_rule(rule);
		}
	if (!list)
		return HS_OK;
	object = cli_json_begin(cli_cmd_rules.name);
	json_object_set_new(object, "rules", list);
	cli_json_print(object);
	return HS_OK;
}

const struct command cli_cmd_rules = {
	.name = "rules",
	.usage = "",
	.summary = N_("every rule: id, severity, what it says, remedy, source"),
	.help = N_("Lists every rule that settings and live sites are judged "
		   "by."),
	.flags = FLAGS_JSON,
	.run = run,
};
