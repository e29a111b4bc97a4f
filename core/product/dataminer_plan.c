/*
 * What becomes of a DataMiner Agent: one <HTTPS> in MaintenanceSettings.xml,
 * the redirects in DMS.xml if they are to change, and the rest as steps for
 * people, in the order of Skyline's guide "Setting up HTTPS on a DMA".
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/conf/xml.h"
#include "core/product/dataminer.h"
#include "core/settings/products/dataminer.h"

/* What a plan is made from. */
struct planning {
	const struct root *root;
	const struct settings *settings;
	const struct dataminer_facts *found;
	struct plan *plan;
};

/* Files */

/* Adds what the edits make of the document. */
static int write_edits(const struct planning *planning,
		       const struct xml_doc *doc, const struct xml_edits *edits,
		       bool has_secrets, const char *reason, struct error *err)
{
	hs_auto_str struct str bytes = {0};
	struct change *change;
	bool changed;

	if (hs_xml_finish(edits, &bytes, &changed, err))
		return -1;
	if (!changed)
		return 0;
	change = hs_plan_write(planning->plan, PHASE_HTTPS, doc->path, 0,
			       &doc->bytes, &bytes, reason);
	if (change && has_secrets)
		hs_change_hide(change);
	return 0;
}

static void set_https(struct xml_edits *edits, const struct xml_doc *doc,
		      const char *name)
{
	int32_t root = hs_xml_root(doc);
	int32_t https = hs_xml_child(doc, root, "HTTPS");

	if (https == XML_NONE)
		https = hs_xml_add(edits, root, XML_LAST, "HTTPS");
	hs_xml_set_attr(edits, https, "enabled", "true");
	hs_xml_set_attr(edits, https, "name", name);
}

/* As DataMiner reads it: "True" need not become "true", nor a name lower
 * case. */
static bool is_set(const struct planning *planning, const char *name)
{
	const struct dataminer_facts *found = planning->found;

	return found->enabled && found->name && !strcasecmp(found->name, name);
}

static int plan_settings(const struct planning *planning, struct error *err)
{
	const char *name = hs_dataminer_name(planning->settings);
	hs_auto_xml struct xml_doc doc = {0};
	hs_auto_xml_edits struct xml_edits *edits = NULL;
	hs_auto_free char *reason = NULL;

	if (!planning->found->settings || !name || is_set(planning, name))
		return 0;
	if (hs_xml_read(planning->root, planning->found->settings, &doc, err))
		return -1;
	edits = hs_xml_edit(&doc);
	set_https(edits, &doc, name);
	reason = hs_format(_("DataMiner itself uses HTTPS, by the name %s"),
			   name);
	return write_edits(planning, &doc, edits, false, reason, err);
}

/* The redirects stand in the order in which they were found. */
static void set_redirects(const struct planning *planning,
			  const struct xml_doc *doc, struct xml_edits *edits,
			  struct str *reason)
{
	int32_t list = hs_xml_child(doc, hs_xml_root(doc), "Redirects");
	int32_t element = hs_xml_child(doc, list, "Redirect");

	HS_EACH(redirect, &planning->found->redirects) {
		hs_auto_free char *via =
			hs_dataminer_uri_new(redirect, planning->settings);

		if (via) {
			hs_xml_set_attr(edits, element, "via", via);
			hs_str_puts(reason, reason->len ? ", " : "");
			hs_str_printf(reason, _("connections to %s by %s"),
				      redirect->to, via);
		}
		element = hs_xml_next(doc, element, "Redirect");
	}
}

static int plan_redirects(const struct planning *planning, struct error *err)
{
	hs_auto_xml struct xml_doc doc = {0};
	hs_auto_xml_edits struct xml_edits *edits = NULL;
	hs_auto_str struct str reason = {0};

	if (!planning->found->redirects.n)
		return 0;
	if (hs_xml_read(planning->root, planning->found->dms, &doc, err))
		return -1;
	edits = hs_xml_edit(&doc);
	set_redirects(planning, &doc, edits, &reason);
	return write_edits(planning, &doc, edits,
			   planning->found->has_passwords, hs_str_text(&reason),
			   err);
}

/* Steps for people */

/* Its own tools stop and start these two services, in this order. */
static const struct {
	enum task_when when;
	const char *action, *service, *text, *reason;
} restart[] = {
	{TASK_BEFORE, "stop", "SLDataMiner",
	 N_("stop DataMiner on this agent (C:\\Skyline DataMiner\\Tools\\"
	    "DataMiner Stop DataMiner And SLNet.bat stops both services)"),
	 N_("DataMiner reads these files when it starts, and may write them "
	    "while it runs")},
	{TASK_BEFORE, "stop", "SLNet", N_("stop its service SLNet too"),
	 N_("it reads and writes them as well")},
	{TASK_AFTER, "start", "SLNet", N_("start the service SLNet again"),
	 N_("only then does what stands in the files count")},
	{TASK_AFTER, "start", "SLDataMiner",
	 N_("start DataMiner again (C:\\Skyline DataMiner\\Tools\\"
	    "DataMiner Start DataMiner And SLNet.bat starts both services)"),
	 N_("only then does what stands in the files count")},
};

static void add_stop_and_start(struct plan *plan)
{
	for (size_t i = 0; i < HS_LENGTH(restart); i++) {
		struct task *task =
			hs_plan_task(plan, restart[i].when, restart[i].reason,
				     "%s", _(restart[i].text));

		hs_strings_add(&task->command, "net");
		hs_strings_add(&task->command, restart[i].action);
		hs_strings_add(&task->command, restart[i].service);
	}
}

static void add_dns(const struct planning *planning)
{
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("agents and browsers reach it by that name"),
		     "check that the DNS has %s with the address of this "
		     "agent, as seen from here and from every other agent",
		     hs_dataminer_name(planning->settings));
}

static void add_other_agents(const struct planning *planning)
{
	hs_auto_str struct str agents = {0};

	if (planning->found->agents.n < 2)
		return;
	HS_EACH(agent, &planning->found->agents)
		hs_str_printf(&agents, "%s%s", agents.len ? ", " : "", *agent);
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("MaintenanceSettings.xml is not shared: each agent has "
			"one with a name of its own"),
		     "set up HTTPS on every agent of the system (%s)",
		     hs_str_text(&agents));
}

static void add_partner(const struct planning *planning)
{
	hs_auto_str struct str names = {0};

	HS_EACH(name, &planning->settings->dataminer.failover_names)
		hs_str_printf(&names, "%s%s", names.len ? ", " : "", *name);
	if (names.len)
		hs_plan_task(planning->plan, TASK_AFTER,
			     N_("after a switch the partner answers to it"),
			     "give the partner of the Failover pair a "
			     "certificate that has %s too",
			     hs_str_text(&names));
}

static void add_connections(const struct planning *planning)
{
	if (planning->settings->bindings_mode == BINDINGS_HTTPS)
		hs_plan_task(planning->plan, TASK_AFTER,
			     N_("agents that try HTTP first may not find each "
				"other"),
			     "check System Center > Agents; where an agent "
			     "is not connected, give it a connection URI with "
			     "SLNetClientTest (Edit Connection Uris): "
			     "https://FULL.NAME/APIGateway, or "
			     "auto://FULL.NAME/https before 10.5.10");
}

/* The same for everybody: the guide's list of common issues, before they
 * come up, and what its acceptance test looks at. */
static const struct {
	const char *text, *reason;
} closing[] = {
	{N_("leave TCP port 8004 open between the agents until all of them go "
	    "over gRPC"),
	 N_("before 10.5.10 agents and Cube connect by .NET Remoting, which "
	    "HTTPS does not cover")},
	{N_("open https://NAME/ and log in to a web application"),
	 N_("where that fails, the name in MaintenanceSettings.xml is not in "
	    "the certificate")},
	{N_("in DataMiner Cube, add systems again by their full names that "
	    "were added by address"),
	 N_("the address is not in the certificate")},
	{N_("change http:// to https:// in the links of Visio drawings"),
	 N_("Visual Overview does not follow them any more")},
	{N_("change URLs of external systems and scripts to https://"),
	 N_("a redirect helps those that follow one, and nobody else")},
	{N_("do not run ConfigureIIS.bat in the folder Tools without setting "
	    "up HTTPS again"),
	 N_("it makes the site of IIS anew")},
	{N_("run the BPA test \"Security Advisory\" in System Center > Agents"),
	 N_("it looks at HTTP, the name, the restart, the firewall, headers "
	    "and TLS versions")},
	{N_("look after the databases apart: Cassandra, Elasticsearch or "
	    "OpenSearch have TLS settings of their own"),
	 N_("HTTPS here does not cover what the agent sends to them")},
};

static void add_closing(const struct planning *planning)
{
	for (size_t i = 0; i < HS_LENGTH(closing); i++)
		hs_plan_task(planning->plan, TASK_AFTER, closing[i].reason,
			     "%s", _(closing[i].text));
}

static void add_tasks(const struct planning *planning)
{
	add_dns(planning);
	add_other_agents(planning);
	add_partner(planning);
	add_connections(planning);
	add_closing(planning);
}

int hs_dataminer_plan(const struct root *root, const struct facts *facts,
		      const struct settings *settings, struct plan *plan,
		      struct error *err)
{
	const struct planning planning = {root, settings,
					  hs_dataminer_facts(facts), plan};
	size_t before = plan->changes.n;

	if (!planning.found || settings->bindings_mode == BINDINGS_HTTP)
		return 0;
	if (plan_settings(&planning, err) || plan_redirects(&planning, err))
		return -1;
	if (plan->changes.n > before)
		add_stop_and_start(plan);
	add_tasks(&planning);
	return 0;
}

/* Back to HTTP */

static int switch_off(const struct planning *planning, struct error *err)
{
	hs_auto_xml struct xml_doc doc = {0};
	hs_auto_xml_edits struct xml_edits *edits = NULL;

	if (hs_xml_read(planning->root, planning->found->settings, &doc, err))
		return -1;
	edits = hs_xml_edit(&doc);
	hs_xml_set_attr(edits, hs_xml_child(&doc, hs_xml_root(&doc), "HTTPS"),
			"enabled", "false");
	return write_edits(planning, &doc, edits, false,
			   N_("DataMiner itself uses HTTP again"), err);
}

/* DMS.xml is that of the whole system: a redirect may lead here. */
static void note_redirects(const struct planning *planning)
{
	HS_EACH(redirect, &planning->found->redirects)
		if (strcasestr(redirect->via, "https"))
			hs_plan_task(planning->plan, TASK_AFTER,
				     N_("HTTPS does not answer here any more"),
				     "if %s is this agent, change its "
				     "connection URI, which is %s, with "
				     "SLNetClientTest (Edit Connection Uris)",
				     redirect->to, redirect->via);
}

int hs_dataminer_disable(const struct root *root, const struct facts *facts,
			 const struct settings *settings, struct plan *plan,
			 struct error *err)
{
	const struct planning planning = {root, settings,
					  hs_dataminer_facts(facts), plan};

	if (!planning.found || !planning.found->settings ||
	    !planning.found->enabled)
		return 0;
	if (switch_off(&planning, err))
		return -1;
	add_stop_and_start(plan);
	note_redirects(&planning);
	return 0;
}
