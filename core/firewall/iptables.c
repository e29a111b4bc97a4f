/*
 * iptables, where nothing else rules: iptables(8), of both back ends and both
 * families.  A rule that is not for good yet carries the time it ends at.
 */
#include "core/firewall/iptables.h"

#include <string.h>
#include <time.h>

#include "core/base/i18n.h"

struct looking {
	const struct ipt_tables *tables;
	const struct ways_in *ways;
};

static enum verdict judge_all(const void *context, int port)
{
	const struct looking *looking = context;
	enum verdict verdict = VERDICT_OPEN;

	HS_EACH(table, looking->tables) {
		enum verdict one;

		if (table->foreign)
			continue;
		one = hs_ipt_judge(table, looking->ways, port, NULL);
		if (one == VERDICT_CLOSED || verdict == VERDICT_OPEN)
			verdict = one;
	}
	return verdict;
}

static enum verdict judge(int port)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	const struct looking looking = {&tables, &ways};

	if (hs_ipt_read(&tables, NULL))
		return VERDICT_UNKNOWN;
	hs_ways_in(&ways);
	return judge_all(&looking, port);
}

static bool are_foreign(const struct ipt_tables *tables)
{
	HS_EACH(table, tables) {
		if (!table->foreign)
			return false;
	}
	return true;
}

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	const struct looking looking = {&tables, &ways};
	bool closed;

	(void)root;
	(void)err;
	/* who may not look learns it from nftables; tables that nobody made
	 * decide nothing */
	if (hs_ipt_read(&tables, NULL) || are_foreign(&tables))
		return 0;
	hs_ways_in(&ways);
	ret_facts->id = hs_iptables.id;
	ret_facts->title = hs_iptables.title;
	hs_firewall_note(settings, judge_all, &looking, ret_facts);
	closed = judge_all(&looking, 0) != VERDICT_OPEN;
	ret_facts->active =
		closed || !ret_facts->open_http || !ret_facts->open_https;
	if (ret_facts->active)
		ret_facts->detail =
			hs_strdup(closed ? _("ports are closed by default")
					 : _("ports are open by default"));
	return 0;
}

/* Runs one command about one rule of ours. */
static int change(const char *program, const struct strings *words,
		  struct error *err)
{
	const char *argv[64] = {program, "-w", "5"};
	size_t n = 3;

	HS_EACH(word, words) {
		if (n + 1 < HS_LENGTH(argv))
			argv[n++] = *word;
	}
	return hs_firewall_run(argv, NULL, NULL, err);
}

static void add_words(struct strings *words, const char *const *more)
{
	for (; *more; more++)
		hs_strings_add(words, *more);
}

/* What follows the chain. */
static void spell(const struct firewall_rule *rule, const char *until,
		  struct strings *words)
{
	hs_auto_free char *port = hs_format("%d", rule->port);
	const char *const what[] = {"-p",      "tcp", "-m", "tcp",
				    "--dport", port,  NULL};
	const char *const when[] = {"-m", "time", "--datestop", until, NULL};
	const char *const ours[] = {
		"-m",	   "comment", "--comment",
		rule->tag, "-j",      rule->shuts ? "DROP" : "ACCEPT",
		NULL};

	add_words(words, what);
	if (until)
		add_words(words, when);
	add_words(words, ours);
}

static int add_one(const char *program, const char *chain, long number,
		   const struct firewall_rule *rule, const char *until,
		   struct error *err)
{
	hs_auto_free char *at = hs_format("%ld", number);
	const char *const behind[] = {"-A", chain, NULL};
	const char *const before[] = {"-I", chain, at, NULL};
	struct strings words = {0};
	int result;

	add_words(&words, number > 0 ? before : behind);
	spell(rule, until, &words);
	result = change(program, &words, err);
	hs_strings_done(&words);
	return result;
}

/* A kernel without xt_time gets a rule without an end: then only the
 * transaction takes it back. */
int hs_ipt_add(const char *program, const char *chain, long number,
	       const struct firewall_rule *rule, int seconds, struct error *err)
{
	time_t end = time(NULL) + seconds;
	struct tm utc;
	char until[32];

	strftime(until, sizeof(until), "%Y-%m-%dT%H:%M:%S",
		 gmtime_r(&end, &utc));
	if (seconds > 0 && !add_one(program, chain, number, rule, until, NULL))
		return 0;
	return add_one(program, chain, number, rule, NULL, err);
}

/* Later rules first, so that the numbers of earlier ones stay right. */
static int add_places(const struct ipt_table *table, struct walk_places *places,
		      const struct firewall_rule *rule, int seconds,
		      struct error *err)
{
	for (size_t done = 0; done < places->n; done++) {
		struct walk_place *last = NULL;

		HS_EACH(place, places) {
			if (place->chain[0] && (!last || place->handle < 0 ||
						(last->handle > 0 &&
						 place->handle > last->handle)))
				last = place;
		}
		if (hs_ipt_add(table->program, last->chain,
			       last->handle > 0 ? last->handle : 0, rule,
			       seconds, err))
			return -1;
		last->chain[0] = '\0';
	}
	return 0;
}

static int add_in(const struct ipt_table *table, const struct ways_in *ways,
		  const struct firewall_rule *rule, int seconds,
		  struct error *err)
{
	hs_auto_walk_places struct walk_places places = {0};

	if (rule->shuts)
		return hs_ipt_add(table->program, "INPUT", 1, rule, seconds,
				  err);
	hs_ipt_judge(table, ways, rule->port, &places);
	return add_places(table, &places, rule, seconds, err);
}

static int add(const struct firewall_rule *rule, int seconds, struct error *err)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	hs_auto_ways_in struct ways_in ways = {0};

	if (hs_ipt_read(&tables, err))
		return -1;
	hs_ways_in(&ways);
	HS_EACH(table, &tables) {
		if (!table->foreign && add_in(table, &ways, rule, seconds, err))
			return -1;
	}
	return 0;
}

/* Whether the line of a table is a rule with our tag. */
static bool is_ours(const struct strings *words,
		    const struct firewall_rule *rule)
{
	for (size_t i = 2; i + 1 < words->n; i++) {
		if (!strcmp(words->items[i], "--comment"))
			return !strcmp(words->items[i + 1], rule->tag);
	}
	return false;
}

static int delete_one(const char *program, struct strings *words,
		      struct error *err)
{
	hs_replace(&words->items[0], "-D");
	return change(program, words, err);
}

/* Called with each rule of ours: its words, its number in its chain. */
typedef int visit(const struct ipt_table *table, struct strings *words,
		  long number, const struct firewall_rule *rule,
		  struct error *err);

static int visit_table(const struct ipt_table *table,
		       const struct firewall_rule *rule, visit *call,
		       size_t *count, struct error *err)
{
	hs_auto_free char *chain = hs_strdup("");
	long number = 0;
	int result = 0;

	for (const char *line = table->text; *line;) {
		size_t length = strcspn(line, "\n");
		struct strings words;

		hs_ipt_words(line, length, &words);
		if (words.n > 2 && !strcmp(words.items[0], "-A")) {
			number = strcmp(chain, words.items[1]) ? 1 : number + 1;
			hs_replace(&chain, words.items[1]);
			if (is_ours(&words, rule)) {
				++*count;
				result |=
					call(table, &words, number, rule, err);
			}
		}
		hs_strings_done(&words);
		line += length + (line[length] != '\0');
	}
	return result;
}

static int visit_ours(const struct firewall_rule *rule, visit *call,
		      size_t *ret_count, struct error *err)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	int result = 0;

	*ret_count = 0;
	if (hs_ipt_read(&tables, err))
		return -1;
	HS_EACH(table, &tables)
		result |= visit_table(table, rule, call, ret_count, err);
	return result;
}

static int drop_it(const struct ipt_table *table, struct strings *words,
		   long number, const struct firewall_rule *rule,
		   struct error *err)
{
	(void)number;
	(void)rule;
	return delete_one(table->program, words, err);
}

int hs_ipt_remove(const struct firewall_rule *rule, struct error *err)
{
	size_t count;

	return visit_ours(rule, drop_it, &count, err);
}

/* The new one first: the port is never shut in between. */
static int settle_it(const struct ipt_table *table, struct strings *words,
		     long number, const struct firewall_rule *rule,
		     struct error *err)
{
	if (hs_ipt_add(table->program, words->items[1], number, rule, 0, err))
		return -1;
	return delete_one(table->program, words, err);
}

static int settle(const struct firewall_rule *rule, struct error *err)
{
	size_t count;

	if (visit_ours(rule, settle_it, &count, err))
		return -1;
	return count ? 0 : add(rule, 0, err);
}

static void describe(const struct firewall_rule *rule, struct strings *ret_argv)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	struct strings words = {0};

	(void)!hs_ipt_read(&tables, NULL);
	hs_ways_in(&ways);
	HS_EACH(table, &tables) {
		hs_auto_walk_places struct walk_places places = {0};

		if (table->foreign)
			continue;
		hs_ipt_judge(table, &ways, rule->port, &places);
		if (!rule->shuts && !places.n)
			continue;
		if (words.n)
			hs_strings_add(&words, "and");
		hs_strings_add(&words, table->program);
		hs_strings_add(&words, "-I");
		hs_strings_add(&words,
			       places.n ? places.items[0].chain : "INPUT");
		spell(rule, NULL, &words);
	}
	*ret_argv = words;
}

const struct firewall_ops hs_iptables = {
	.id = "iptables",
	.title = "iptables",
	.detect = detect,
	.judge = judge,
	.describe = describe,
	.add = add,
	.settle = settle,
	.remove = hs_ipt_remove,
	.persistence = N_("after a restart it is gone unless it is saved, with "
			  "netfilter-persistent save or as the rules here are"),
};
