/* Which bindings a site is to have. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/server/iis/plan.h"
#include "core/settings/questions/questions.h"

static bool is_asked(const struct settings *settings, const char *id)
{
	return hs_settings_origin(settings, id) >= ORIGIN_ANSWERS;
}

/* The host name that was asked for, or NULL. */
static const char *asked_host(const struct settings *settings)
{
	const char *host = settings->binding_host;

	return host && strcmp(host, "none") != 0 ? host : NULL;
}

/* The bindings that were asked for; *:443: unless something else was. */
static void list_wanted(const struct iis_planning *planning,
			struct iis_bindings *ret_wanted)
{
	const struct settings *settings = planning->settings;
	const char *host = asked_host(settings);

	HS_EACH(address, &settings->addresses)
		hs_iis_binding_make(true, *address, settings->https_port, host,
				    HS_GROW(ret_wanted));
	if (!ret_wanted->n)
		hs_iis_binding_make(true, "*", settings->https_port, host,
				    HS_GROW(ret_wanted));
}

static struct iis_binding *find_same(struct iis_bindings *list,
				     const struct iis_binding *binding)
{
	HS_EACH(one, list)
		if (one->ssl && hs_iis_binding_same(one, binding))
			return one;
	return NULL;
}

/* Sets an attribute unless its value is there already, be it written
 * differently. */
static void set_flags(struct iis_planning *planning, int32_t element,
		      unsigned long flags)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", flags);
	hs_xml_set_attr(planning->edits, element, "sslFlags", text);
}

/* Puts a copy on one of the lists of the change. */
static void note(struct iis_bindings *list, const struct iis_binding *binding)
{
	hs_iis_binding_copy(binding, HS_GROW(list));
}

/* The file has one element for each; new ones go behind the last. */
void hs_iis_add_binding(struct iis_planning *planning,
			const struct iis_binding *binding)
{
	int32_t list =
		hs_xml_need(planning->edits, planning->element, "bindings");
	int32_t element =
		hs_xml_add(planning->edits, list, XML_LAST, "binding");

	hs_xml_set_attr(planning->edits, element, "protocol",
			binding->protocol);
	hs_xml_set_attr(planning->edits, element, "bindingInformation",
			binding->information);
	/* 0 is the default, and IIS before 8 does not know the attribute. */
	if (binding->flags)
		set_flags(planning, element, binding->flags);
	note(&planning->change.added, binding);
}

void hs_iis_remove_binding(struct iis_planning *planning,
			   const struct iis_binding *binding)
{
	hs_xml_remove(planning->edits, (int32_t)binding->position);
	note(&planning->change.removed, binding);
}

/* An existing binding becomes the wanted one in its place; flags that nobody
 * asked about stay. */
static void change_binding(struct iis_planning *planning,
			   struct iis_binding *old,
			   const struct iis_binding *wanted)
{
	unsigned long flags = old->flags;
	int32_t element = (int32_t)old->position;
	struct iis_binding changed;

	if (*wanted->host)
		flags |= IIS_SSL_SNI;
	else
		flags &= ~(unsigned long)IIS_SSL_SNI;
	hs_xml_set_attr(planning->edits, element, "bindingInformation",
			wanted->information);
	if (flags != old->flags)
		set_flags(planning, element, flags);
	hs_iis_binding_copy(wanted, &changed);
	changed.flags = flags;
	note(&planning->change.removed, old);
	note(&planning->change.added, &changed);
	note(&planning->change.https, &changed);
	hs_iis_binding_done(&changed);
}

static size_t count_https(const struct iis_bindings *list)
{
	size_t count = 0;

	HS_EACH(binding, list)
		count += binding->web && binding->ssl;
	return count;
}

static struct iis_binding *first_https(struct iis_bindings *list)
{
	HS_EACH(binding, list)
		if (binding->web && binding->ssl)
			return binding;
	return NULL;
}

/* Whether somebody said where HTTPS is to listen. */
static bool is_place_asked(const struct settings *settings)
{
	return is_asked(settings, "bindings.address") ||
	       is_asked(settings, "bindings.host-name") ||
	       is_asked(settings, "bindings.https-port");
}

static void keep_all(struct iis_planning *planning)
{
	HS_EACH(binding, &planning->bindings)
		if (binding->web && binding->ssl)
			note(&planning->change.https, binding);
}

/* One for one: the existing binding is moved.  Else the missing are added and
 * none is taken away, for others may rely on it. */
static void plan_https(struct iis_planning *planning,
		       const struct iis_bindings *wanted)
{
	struct iis_bindings *have = &planning->bindings;
	bool single = wanted->n == 1 && count_https(have) == 1;

	HS_EACH(one, wanted) {
		struct iis_binding *same = find_same(have, one);

		if (same)
			continue;
		if (single) {
			change_binding(planning, first_https(have), one);
			return;
		}
		hs_iis_add_binding(planning, one);
		note(&planning->change.https, one);
	}
	keep_all(planning);
}

static bool has_http(const struct iis_planning *planning)
{
	HS_EACH(binding, &planning->bindings)
		if (binding->web && !binding->ssl)
			return true;
	return false;
}

static void plan_http(struct iis_planning *planning)
{
	const struct settings *settings = planning->settings;
	struct iis_binding made;

	if (settings->bindings_mode == BINDINGS_HTTPS) {
		HS_EACH(binding, &planning->bindings)
			if (binding->web && !binding->ssl)
				hs_iis_remove_binding(planning, binding);
		return;
	}
	/* HTTP that was taken away once comes back only when asked for. */
	if (has_http(planning) || !is_asked(settings, "bindings.mode"))
		return;
	hs_iis_binding_make(false, "*", settings->http_port,
			    asked_host(settings), &made);
	hs_iis_add_binding(planning, &made);
	hs_iis_binding_done(&made);
}

int hs_iis_plan_bindings(struct iis_planning *planning, struct error *err)
{
	hs_auto_iis_bindings struct iis_bindings wanted = {0};
	const struct settings *settings = planning->settings;

	list_wanted(planning, &wanted);
	HS_EACH(one, &wanted) {
		if (one->web)
			continue;
		hs_fail(err, HS_REFUSED,
			"%s is no address that a binding can have",
			one->information);
		hs_error_id(err, "server.unsupported-syntax");
		return -1;
	}
	plan_http(planning);
	if (count_https(&planning->bindings) && !is_place_asked(settings))
		keep_all(planning);
	else
		plan_https(planning, &wanted);
	return 0;
}
