/*
 * Planning HTTPS for one site of IIS: what the parts of the planner share.
 * What is written:
 *
 *	applicationHost.config	bindings, <hsts> and <access> of the site
 *	web.config of the site	the rewrite rules
 *	the scripts		what only Windows can do (script.c)
 *
 * Everything is one phase: nothing runs in the tree, so HTTPS is proved by the
 * script, on Windows.
 */
#ifndef CORE_SERVER_IIS_PLAN_H
#define CORE_SERVER_IIS_PLAN_H

#include "core/server/iis/web.h"

struct iis_planning {
	const struct server_job *job;
	const struct settings *settings;
	const struct server_facts *server;
	struct iis_model *model;
	const struct site *site;
	int32_t element;	 /* of the site */
	struct xml_edits *edits; /* of applicationHost.config */
	struct iis_web web;
	struct xml_edits *web_edits;  /* NULL until web.config is needed */
	struct iis_bindings bindings; /* as they are */
	struct iis_change change;
	/* What was decided. */
	bool native_hsts;     /* <hsts> is understood */
	bool native_redirect; /* and is to send visitors on */
};

/* Decides, and reads what is there. */
int hs_iis_planning_init(const struct server_job *job,
			 enum iis_change_kind kind,
			 struct iis_planning *ret_planning,
			 struct error *err) HS_MUST_CHECK;
void hs_iis_planning_done(struct iis_planning *planning);
#define hs_auto_iis_planning HS_CLEANUP(hs_iis_planning_done)

/* Opens web.config for edits, once. */
int hs_iis_need_web(struct iis_planning *planning,
		    struct error *err) HS_MUST_CHECK;

/* The edits of both files and the scripts, as changes of the plan. */
int hs_iis_plan_files(struct iis_planning *planning, const char *reason,
		      struct plan *plan, struct error *err) HS_MUST_CHECK;

/* Bindings: bindings.c. */
int hs_iis_plan_bindings(struct iis_planning *planning,
			 struct error *err) HS_MUST_CHECK;
void hs_iis_remove_binding(struct iis_planning *planning,
			   const struct iis_binding *binding);
void hs_iis_add_binding(struct iis_planning *planning,
			const struct iis_binding *binding);

/* HSTS: hsts.c.  The redirect by <hsts> is set along with it. */
int hs_iis_plan_hsts(struct iis_planning *planning,
		     struct error *err) HS_MUST_CHECK;
int hs_iis_remove_hsts(struct iis_planning *planning,
		       struct error *err) HS_MUST_CHECK;

/* Redirect by URL Rewrite: redirect.c. */
int hs_iis_plan_redirect(struct iis_planning *planning,
			 struct error *err) HS_MUST_CHECK;
int hs_iis_remove_redirect(struct iis_planning *planning,
			   struct error *err) HS_MUST_CHECK;
/* Refuses to take HTTPS away where somebody else's redirect leads to it. */
int hs_iis_check_dead_end(struct iis_planning *planning,
			  struct error *err) HS_MUST_CHECK;

/* Require SSL: access.c. On the whole site (NULL) or a place below it. */
void hs_iis_plan_access(struct iis_planning *planning, const char *place,
			bool require);
/* The same for the places that the settings name (core/settings/
 * ssl_places.h). */
void hs_iis_plan_places(struct iis_planning *planning, bool require);

/* server_ops. */
int hs_iis_plan(const struct server_job *job, struct plan *plan,
		struct error *err);
int hs_iis_disable(const struct server_job *job, struct plan *plan,
		   struct error *err);
int hs_iis_renew(const struct server_job *job, struct plan *plan,
		 struct error *err);

#endif
