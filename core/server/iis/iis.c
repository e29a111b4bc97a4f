/* The row of IIS in the table of servers.  Nothing of it runs where this
 * program does: there is nothing to try and nothing to reload. */
#include "core/server/iis/plan.h"

const struct server_ops hs_iis_ops = {
	.id = "iis",
	.title = "IIS",
	.abilities = SERVER_SNI | SERVER_HSTS | SERVER_REDIRECT | SERVER_HTTP2,
	.detect = hs_iis_detect,
	.plan = hs_iis_plan,
	.disable = hs_iis_disable,
	.renew = hs_iis_renew,
};
