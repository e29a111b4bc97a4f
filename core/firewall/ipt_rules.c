#include "core/firewall/ipt_rules.h"

#include <stdio.h>
#include <string.h>

/* Whether a condition holds for the stranger. */
enum answer { NO, YES, UNSURE };

static enum answer answer(bool yes)
{
	return yes ? YES : NO;
}

/* "443", "80,443", "8000:8010" and lists of these. */
static enum answer is_port(const struct stranger *stranger, const char *value)
{
	for (const char *at = value; at; at = strchr(at, ','), at += !!at) {
		int first, last;
		int fields = sscanf(at, "%d:%d", &first, &last);

		if (fields == 1)
			last = first;
		if (fields >= 1 && stranger->port >= first &&
		    stranger->port <= last)
			return YES;
	}
	return NO;
}

static enum answer is_tcp(const struct stranger *stranger, const char *value)
{
	(void)stranger;
	return answer(!strcmp(value, "tcp") || !strcmp(value, "all") ||
		      !strcmp(value, "6"));
}

static enum answer is_new(const struct stranger *stranger, const char *value)
{
	(void)stranger;
	return answer(strstr(value, "NEW") != NULL);
}

/* "eth0", "eth+" */
static enum answer is_way_in(const struct stranger *stranger, const char *value)
{
	size_t length = strlen(value);

	if (length && value[length - 1] == '+')
		return answer(!strncmp(stranger->interface, value, length - 1));
	return answer(!strcmp(stranger->interface, value));
}

/* A stranger's address is another one. */
static enum answer is_elsewhere(const struct stranger *stranger,
				const char *value)
{
	(void)stranger;
	return answer(!strcmp(value, "0.0.0.0/0") || !strcmp(value, "::/0"));
}

static enum answer is_local(const struct stranger *stranger, const char *value)
{
	(void)stranger;
	return answer(!strcmp(value, "LOCAL"));
}

/* A new connection begins with SYN alone. */
static enum answer is_syn(const struct stranger *stranger, const char *value)
{
	(void)stranger;
	return answer(!strcmp(value, "SYN"));
}

/* Modules whose options are known here; others are conditions of their own. */
static enum answer is_known(const struct stranger *stranger, const char *value)
{
	static const char *const known[] = {"tcp",   "multiport", "comment",
					    "state", "conntrack", "addrtype",
					    "time"};

	(void)stranger;
	for (size_t i = 0; i < HS_LENGTH(known); i++) {
		if (!strcmp(known[i], value))
			return YES;
	}
	return UNSURE;
}

static enum answer is_anything(const struct stranger *stranger,
			       const char *value)
{
	(void)stranger;
	(void)value;
	return YES;
}

/* iptables-extensions(8) */
static const struct option {
	const char *name;
	int skip; /* words between it and its value */
	enum answer (*is)(const struct stranger *stranger, const char *value);
} options[] = {
	{"-p", 0, is_tcp},
	{"-i", 0, is_way_in},
	{"-s", 0, is_elsewhere},
	{"-d", 0, is_elsewhere},
	{"-m", 0, is_known},
	{"--dport", 0, is_port},
	{"--dports", 0, is_port},
	{"--ports", 0, is_port},
	{"--ctstate", 0, is_new},
	{"--state", 0, is_new},
	{"--dst-type", 0, is_local},
	{"--tcp-flags", 1, is_syn},
	{"--comment", 0, is_anything},
	/* of ours, which end by themselves */
	{"--datestop", 0, is_anything},
};

static const struct option *find_option(const char *word)
{
	for (size_t i = 0; i < HS_LENGTH(options); i++) {
		if (!strcmp(options[i].name, word))
			return &options[i];
	}
	return NULL;
}

static const struct deed {
	const char *name;
	enum act act;
} deeds[] = {
	{"ACCEPT", ACT_ACCEPT}, {"DROP", ACT_DROP},	{"REJECT", ACT_DROP},
	{"RETURN", ACT_RETURN}, {"LOG", ACT_NONE},	{"NFLOG", ACT_NONE},
	{"MARK", ACT_NONE},	{"CONNMARK", ACT_NONE}, {"SET", ACT_NONE},
	{"AUDIT", ACT_NONE},	{"TRACE", ACT_NONE},
};

static void set_deed(const struct walk *walk, const char *name, bool goes,
		     struct walk_rule *rule)
{
	for (size_t i = 0; i < HS_LENGTH(deeds); i++) {
		if (!strcmp(deeds[i].name, name)) {
			rule->act = deeds[i].act;
			return;
		}
	}
	rule->act = ACT_HIDDEN;
	if (!hs_walk_find(walk, name))
		return;
	rule->act = goes ? ACT_GOTO : ACT_JUMP;
	rule->target = hs_strdup(name);
}

/* Whether all conditions of the rule hold; *ret_deed: the word before its
 * target, or how many words there are. */
static bool holds(const struct strings *words, const struct stranger *stranger,
		  size_t *ret_deed)
{
	bool inverted = false, all = true;
	size_t i;

	for (i = 2; i < words->n; i++) {
		const char *word = words->items[i];
		const struct option *option = find_option(word);
		enum answer is = UNSURE;

		if (!strcmp(word, "-j") || !strcmp(word, "-g"))
			break;
		if (!strcmp(word, "!")) {
			inverted = true;
			continue;
		}
		if (option && i + (size_t)option->skip + 1 < words->n) {
			i += (size_t)option->skip + 1;
			is = option->is(stranger, words->items[i]);
		}
		all &= is == (inverted ? NO : YES);
		inverted = false;
	}
	*ret_deed = i;
	return all;
}

static void add_word(struct strings *words, struct str *word)
{
	hs_strings_add(words, hs_str_text(word));
	hs_str_clear(word);
}

void hs_ipt_words(const char *line, size_t length, struct strings *ret_words)
{
	hs_auto_str struct str word = {0};
	bool quoted = false, any = false;

	*ret_words = (struct strings){0};
	for (size_t i = 0; i < length; i++) {
		char c = line[i];

		if (c == '"') {
			quoted = !quoted;
			any = true;
		} else if (c == ' ' && !quoted) {
			if (any)
				add_word(ret_words, &word);
			any = false;
		} else {
			if (c == '\\' && quoted && i + 1 < length)
				c = line[++i];
			hs_str_putc(&word, c);
			any = true;
		}
	}
	if (any)
		add_word(ret_words, &word);
}

/* ":INPUT DROP [0:0]" */
static void add_chain(struct walk *walk, const char *line, size_t length)
{
	static const char *const others[] = {"FORWARD", "OUTPUT"};
	struct strings words;
	enum hook hook = HOOK_NONE;

	hs_ipt_words(line + 1, length - 1, &words);
	if (words.n >= 2) {
		if (!strcmp(words.items[0], "INPUT"))
			hook = HOOK_INPUT;
		for (size_t i = 0; i < HS_LENGTH(others); i++) {
			if (!strcmp(words.items[0], others[i]))
				hook = HOOK_OTHER;
		}
		hs_walk_add(walk, words.items[0], hook,
			    strcmp(words.items[1], "DROP") ? ACT_ACCEPT
							   : ACT_DROP);
	}
	hs_strings_done(&words);
}

/* "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT" */
static void add_rule(struct walk *walk, const struct stranger *stranger,
		     const struct strings *words)
{
	struct walk_chain *chain =
		words->n > 2 ? hs_walk_find(walk, words->items[1]) : NULL;
	struct walk_rule *rule;
	size_t deed;
	bool all;

	if (!chain)
		return;
	rule = HS_GROW(&chain->rules);
	*rule = (struct walk_rule){.handle = (long)chain->rules.n};
	all = holds(words, stranger, &deed);
	if (deed + 1 >= words->n)
		return;
	if (hs_walk_find(walk, words->items[deed + 1]))
		hs_strings_add(&chain->targets, words->items[deed + 1]);
	if (all)
		set_deed(walk, words->items[deed + 1],
			 !strcmp(words->items[deed], "-g"), rule);
}

void hs_ipt_walk(const char *text, const struct stranger *stranger,
		 struct walk *ret_walk)
{
	*ret_walk = (struct walk){0};
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");

		if (*line == ':')
			add_chain(ret_walk, line, length);
		if (!strncmp(line, "-A ", 3)) {
			struct strings words;

			hs_ipt_words(line, length, &words);
			add_rule(ret_walk, stranger, &words);
			hs_strings_done(&words);
		}
		line += length + (line[length] != '\0');
	}
}

enum verdict hs_ipt_judge(const struct ipt_table *table,
			  const struct ways_in *ways, int port,
			  struct walk_places *places)
{
	enum verdict verdict = VERDICT_OPEN;

	HS_EACH(way, ways) {
		const struct stranger stranger = {way->interface, way->ipv6,
						  port};
		hs_auto_walk struct walk walk = {0};
		enum verdict one;

		if (way->ipv6 != table->ipv6)
			continue;
		hs_ipt_walk(table->text, &stranger, &walk);
		one = hs_walk_judge(&walk, places);
		if (one == VERDICT_CLOSED || verdict == VERDICT_OPEN)
			verdict = one;
	}
	return verdict;
}

/* Which tables there are */

static const struct variant {
	const char *program, *save;
	const char *fallback; /* program where there is but one back end */
	const char *names;    /* tables of the legacy one, which even looking
				 would make */
	bool ipv6;
} variants[] = {
	{"iptables-nft", "iptables-nft-save", "iptables", NULL, false},
	{"ip6tables-nft", "ip6tables-nft-save", "ip6tables", NULL, true},
	{"iptables-legacy", "iptables-legacy-save", "iptables",
	 "/proc/net/ip_tables_names", false},
	{"ip6tables-legacy", "ip6tables-legacy-save", "ip6tables",
	 "/proc/net/ip6_tables_names", true},
};

static bool has_legacy_filter(const char *path)
{
	FILE *stream = fopen(path, "re");
	char line[64];
	bool found = false;

	while (stream && fgets(line, sizeof(line), stream))
		found |= !strcmp(line, "filter\n");
	if (stream)
		fclose(stream);
	return found;
}

static bool is_foreign(const char *text)
{
	return strstr(text, "\n:ufw-") || strstr(text, "\n:ufw6-") ||
	       strstr(text, "\n:INPUT_direct ") ||
	       strstr(text, "\n:IN_public ");
}

static int read_table(const struct variant *variant, struct ipt_tables *tables,
		      struct error *err)
{
	hs_auto_free char *save = hs_run_find(variant->save);
	hs_auto_str struct str text = {0};
	bool own = save != NULL;
	struct ipt_table *table;

	if (!own) {
		hs_auto_free char *name =
			hs_format("%s-save", variant->fallback);

		save = hs_run_find(name);
	}
	if (!save)
		return 0;
	if (hs_firewall_run((const char *const[]){save, "-t", "filter", NULL},
			    NULL, &text, err))
		return -1;
	if (!strstr(hs_str_text(&text), "\n:INPUT "))
		return 0;
	table = HS_GROW(tables);
	*table = (struct ipt_table){
		.program =
			hs_strdup(own ? variant->program : variant->fallback),
		.ipv6 = variant->ipv6,
		.text = hs_str_take(&text),
	};
	table->foreign = is_foreign(table->text);
	return 0;
}

static bool is_empty(const struct ipt_table *table)
{
	return !strstr(table->text, "\n-A ") &&
	       strstr(table->text, "\n:INPUT ACCEPT ");
}

/* The nft back end shows chains where there is no table at all.  Beside the
 * other one's rules a rule in them would make that table. */
static void leave_empty_ones(struct ipt_tables *tables)
{
	HS_EACH(table, tables) {
		HS_EACH(other, tables) {
			if (other->ipv6 == table->ipv6 && is_empty(table) &&
			    !is_empty(other))
				table->foreign = true;
		}
	}
}

int hs_ipt_read(struct ipt_tables *ret_tables, struct error *err)
{
	*ret_tables = (struct ipt_tables){0};
	for (size_t i = 0; i < HS_LENGTH(variants); i++) {
		if (variants[i].names && !has_legacy_filter(variants[i].names))
			continue;
		if (!read_table(&variants[i], ret_tables, err))
			continue;
		hs_ipt_done(ret_tables);
		return -1;
	}
	leave_empty_ones(ret_tables);
	return 0;
}

void hs_ipt_done(struct ipt_tables *tables)
{
	HS_EACH(table, tables) {
		free(table->program);
		free(table->text);
	}
	HS_ARRAY_FREE(tables);
}
