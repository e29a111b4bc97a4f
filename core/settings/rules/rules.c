#include "core/settings/rules/rules.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/policies.h"
#include "core/settings/rules/tables.h"

static const struct rule_table *const tables[] = {
	&hs_rules_server,	  &hs_rules_cert,     &hs_rules_name,
	&hs_rules_binding,	  &hs_rules_iis,      &hs_rules_hsts,
	&hs_rules_redirect,	  &hs_rules_firewall, &hs_rules_dataminer,
	&hs_rules_certero,	  &hs_rules_itms,     &hs_rules_arcgis,
	&hs_rules_live,		  &hs_rules_live_tls, &hs_rules_live_site,
	&hs_rules_live_dataminer,
};

const struct rule_table *const *hs_rules(size_t *ret_count)
{
	*ret_count = HS_LENGTH(tables);
	return tables;
}

const struct rule *hs_rule_get(const char *id)
{
	for (size_t i = 0; i < HS_LENGTH(tables); i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			if (strcmp(tables[i]->rules[j].id, id) == 0)
				return &tables[i]->rules[j];
	return NULL;
}

/* Adds what a rule yields; `message` and `where` may be NULL. */
static struct finding *add(struct findings *findings, const struct rule *rule,
			   const char *where, const char *message)
{
	struct finding *finding = HS_GROW(findings);

	if (!message || !*message)
		message = _(rule->says);
	*finding = (struct finding){
		.id = rule->id,
		.severity = rule->severity,
		.question = rule->question,
		.where = where ? hs_text_safe(where, strlen(where), 0) : NULL,
		.message = hs_text_safe(message, strlen(message), 0),
		.remedy = _(rule->remedy),
		.source = rule->source,
	};
	return finding;
}

void hs_findings_add(struct findings *findings, const char *id,
		     const char *where, const char *message)
{
	const struct rule *rule = hs_rule_get(id);

	if (!rule)
		rule = hs_rule_get("server.unknown-problem");
	add(findings, rule, where, message);
}

static void raise_by(const struct raised_rule *rows, struct finding *finding)
{
	for (; rows && rows->id; rows++) {
		if (strcmp(rows->id, finding->id) != 0 ||
		    rows->severity <= finding->severity)
			continue;
		finding->severity = rows->severity;
		if (rows->source)
			finding->source = rows->source;
	}
}

/* The chosen product may take a finding more seriously. */
static void raise_severity(const struct judged *judged, struct finding *finding)
{
	const char *product = judged->settings->product;

	raise_by(hs_policy_get(product), finding);
	raise_by(hs_policy_answered(judged->settings), finding);
	HS_EACH(found, &judged->facts->products)
		if (product && strcmp(found->id, product) == 0)
			raise_by(found->raises, finding);
}

/* What no product raised is no finding. */
static void drop_mild(struct findings *findings)
{
	size_t kept = 0;

	HS_EACH(finding, findings) {
		if (finding->severity > SEVERITY_OK) {
			findings->items[kept++] = *finding;
		} else {
			free(finding->message);
			free(finding->where);
		}
	}
	findings->n = kept;
}

/* The flag or the place in the answers file that a finding comes from. */
static const char *answered_where(const struct settings *settings,
				  const char *id)
{
	const struct question *question = id ? hs_question_by_id(id) : NULL;

	if (!question)
		return NULL;
	return settings->answered[hs_question_index(question)].where;
}

static void add_problems(const struct problems *problems,
			 const struct rule *rule, struct findings *findings)
{
	HS_EACH(problem, problems)
		if (strcmp(problem->id, rule->id) == 0)
			add(findings, rule, problem->where, problem->what);
}

static void judge_problems(const struct judged *judged, const struct rule *rule,
			   struct findings *findings)
{
	const struct server_facts *server = judged->facts->server;
	const struct product_facts *product =
		hs_facts_product(judged->facts, judged->settings->product);

	if (server)
		add_problems(&server->problems, rule, findings);
	if (product)
		add_problems(&product->problems, rule, findings);
}

static void judge_rule(const struct judged *about, const struct rule *rule,
		       struct findings *findings)
{
	const char *question = rule->question;
	struct judged judged = *about;
	hs_auto_free char *where = NULL;
	hs_auto_str struct str detail = {0};
	struct finding *finding;
	const char *place;

	if (!rule->holds) {
		judge_problems(&judged, rule, findings);
		return;
	}
	judged.question = &question;
	if (!rule->holds(&judged, &detail, &where))
		return;
	place = where ? where : answered_where(judged.settings, question);
	finding = add(findings, rule, place, hs_str_text(&detail));
	finding->question = question;
	if (judged.unasked && rule->unasked)
		finding->severity = rule->unasked;
}

static void judge_table(const struct judged *judged,
			const struct rule_table *table,
			struct findings *findings)
{
	if (table->applies && !table->applies(judged))
		return;
	for (size_t i = 0; i < table->count; i++)
		judge_rule(judged, &table->rules[i], findings);
}

/* Where a finding stands among the questions; those about none come last. */
static size_t rank(const struct finding *finding)
{
	const struct question *question = NULL;

	if (finding->question)
		question = hs_question_by_id(finding->question);
	return question ? hs_question_index(question) : HS_QUESTIONS_MAX;
}

static bool comes_before(const struct finding *one, const struct finding *other)
{
	size_t one_rank = rank(one), other_rank = rank(other);

	if (one_rank != other_rank)
		return one_rank < other_rank;
	return one->severity > other->severity;
}

/* Few findings, and equal ones keep their order: sorted by insertion. */
static void sort(struct findings *findings)
{
	for (size_t i = 1; i < findings->n; i++) {
		struct finding moved = findings->items[i];
		size_t j = i;

		for (; j > 0 && comes_before(&moved, &findings->items[j - 1]);
		     j--)
			findings->items[j] = findings->items[j - 1];
		findings->items[j] = moved;
	}
}

static void judge(const struct judged *judged, bool live,
		  struct findings *ret_findings)
{
	hs_findings_done(ret_findings);
	for (size_t i = 0; i < HS_LENGTH(tables); i++)
		if (!strcmp(tables[i]->subject, "live") == live)
			judge_table(judged, tables[i], ret_findings);
	HS_EACH(finding, ret_findings)
		raise_severity(judged, finding);
	drop_mild(ret_findings);
	sort(ret_findings);
}

void hs_rules_judge(const struct settings *settings, const struct facts *facts,
		    struct findings *ret_findings)
{
	struct judged judged = {.settings = settings, .facts = facts};

	judge(&judged, false, ret_findings);
}

void hs_rules_judge_live(const struct settings *settings,
			 const struct facts *facts,
			 struct findings *ret_findings)
{
	struct judged judged = {.settings = settings, .facts = facts};

	judge(&judged, true, ret_findings);
}

void hs_rules_diagnose(const struct settings *settings,
		       const struct facts *facts, struct findings *ret_findings)
{
	struct judged judged = {
		.settings = settings,
		.facts = facts,
		.unasked = true,
	};

	judge(&judged, true, ret_findings);
}
