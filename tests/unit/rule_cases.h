/*
 * Tests of rules as tables: what is asked for, what is found on the host, and
 * whether a finding of that id follows.  Every rule needs a row where it holds
 * (rules.c fails when an id occurs nowhere), and one where it nearly does.
 */
#ifndef TESTS_UNIT_RULE_CASES_H
#define TESTS_UNIT_RULE_CASES_H

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/cert/make/create.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/rules.h"

struct rule_case {
	const char *id;
	bool holds;
	const char *answers; /* "hsts.enabled=yes hsts.max-age=0", or NULL */
	/* Changes what is found; NULL: a running nginx with one site,
	 * www.example.test, on port 80. */
	void (*prepare)(struct facts *facts);
	const char *says;  /* a part of its sentence, or NULL */
	const char *where; /* its place, or NULL: not looked at */
};

#define ALL_ABILITIES 0x7fU

static inline struct listen *add_listen(struct site *site, const char *address,
					int port, bool ssl)
{
	struct listen *listen = HS_GROW(&site->listens);

	*listen = (struct listen){
		.address = hs_strdup(address),
		.port = port,
		.ssl = ssl,
		.place = {.path = "/etc/nginx/a.conf", .line = 4},
	};
	site->https = site->https || ssl;
	return listen;
}

/* A site that listens on *:port; its id is its name. */
static inline struct site *add_site(struct facts *facts, const char *name,
				    int port)
{
	struct site *site = HS_GROW(&facts->servers.items[0].sites);

	*site = (struct site){
		.id = hs_strdup(name),
		.place = {.path = "/etc/nginx/a.conf", .line = 3},
		.http_block = -1,
		.https_block = -1,
	};
	hs_strings_add(&site->names, name);
	if (port)
		add_listen(site, "*", port, false);
	return site;
}

static inline struct server_facts *first_server(struct facts *facts)
{
	return &facts->servers.items[0];
}

static inline struct site *first_site(struct facts *facts)
{
	return &first_server(facts)->sites.items[0];
}

static inline void usual_facts(struct facts *facts)
{
	struct server_facts *server;

	*facts = (struct facts){.now = 1800000000, .ipv6 = true};
	server = hs_facts_add_server(facts);
	server->id = "nginx";
	server->title = "nginx";
	server->version = hs_strdup("1.22.1");
	server->binary = hs_strdup("/usr/sbin/nginx");
	server->running = true;
	server->pid = 4711;
	server->abilities = ALL_ABILITIES;
	add_site(facts, "www.example.test", 80);
	hs_strings_add(&facts->addresses, "192.0.2.10");
	HS_PUSH(&facts->products, ((struct product_facts){.id = "generic"}));
}

/* A trusted certificate for the names, separated by spaces. */
static inline void add_certificate(struct facts *facts, const char *names)
{
	struct cert_request request = {.days = 90};
	struct strings list = {0};
	struct error err = {0};
	hs_auto_free char *copy = hs_strdup(names);
	char *rest = copy, *name;

	while ((name = strsep(&rest, " ")))
		hs_strings_add(&list, name);
	request.names = &list;
	assert_int_equal(hs_cert_create(&request, NULL, &facts->bundle, &err),
			 0);
	facts->bundle.trusted = true;
	hs_strings_done(&list);
}

static inline void answer_all(struct settings *settings, const char *answers)
{
	hs_auto_free char *copy = hs_strdup(answers ? answers : "");
	char *rest, *one = strtok_r(copy, " ", &rest);

	for (; one; one = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(one, '=');
		const struct question *question;

		assert_non_null(value);
		*value++ = '\0';
		question = hs_question_by_id(one);
		assert_non_null(question);
		assert_int_equal(hs_question_answer(question, settings, value,
						    ORIGIN_FLAG, "--flag",
						    NULL),
				 0);
	}
}

/* A sentence begins with a word: an address or a name stands inside. */
static inline void assert_sentence(const char *message)
{
	const char *name = strstr(message, ".test");

	if (!isalpha((unsigned char)*message) ||
	    (name && !memchr(message, ' ', (size_t)(name - message))))
		fail_msg("\"%s\" does not begin as a sentence does", message);
}

static inline void judge_case(const struct rule_case *one)
{
	struct settings settings;
	struct facts facts;
	struct findings findings = {0};
	const struct finding *found;

	usual_facts(&facts);
	if (one->prepare)
		one->prepare(&facts);
	hs_settings_init(&settings);
	answer_all(&settings, one->answers);
	hs_settings_complete(&settings, &facts);
	if (strncmp(one->id, "live.", 5) == 0)
		hs_rules_judge_live(&settings, &facts, &findings);
	else
		hs_rules_judge(&settings, &facts, &findings);
	found = hs_findings_get(&findings, one->id);
	print_message("# %s %s: %s\n", one->id,
		      one->answers ? one->answers : "",
		      found ? found->message : "-");
	assert_int_equal(found != NULL, one->holds);
	if (found && strncmp(one->id, "live.", 5) == 0)
		assert_sentence(found->message);
	if (found && one->says)
		assert_non_null(strstr(found->message, one->says));
	if (found && one->where)
		assert_string_equal(found->where ? found->where : "",
				    one->where);
	hs_findings_done(&findings);
	hs_settings_done(&settings);
	hs_facts_done(&facts);
}

static inline void judge_cases(const struct rule_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		judge_case(&cases[i]);
}

#endif
