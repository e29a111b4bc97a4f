/* nginx's row in the table of servers. */
#include "core/server/nginx/nginx.h"

const struct server_ops hs_nginx_ops = {
	.id = "nginx",
	.title = "nginx",
	.abilities = SERVER_SNI | SERVER_HSTS | SERVER_REDIRECT |
		     SERVER_REDIRECT_308 | SERVER_HTTP2 | SERVER_LIVE_TEST |
		     SERVER_RELOAD,
	.detect = hs_nginx_detect,
	.plan = hs_nginx_plan,
	.disable = hs_nginx_disable,
	.renew = hs_nginx_renew,
	.trial = hs_nginx_trial,
	.start = hs_nginx_start,
	.activate = hs_nginx_activate,
};
