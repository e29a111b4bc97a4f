/* Swapping a certificate wherever one of ours is installed. */
#include <string.h>

#include "core/server/nginx/plan.h"

#define CERTIFICATE_MAX (1u << 20)

/* Whether the new certificate names all that the installed one names. */
static bool covers(const struct certificate *leaf,
		   const struct certificate *installed)
{
	HS_EACH(name, &installed->dns_names) {
		if (!hs_strings_has(&leaf->dns_names, *name) &&
		    !hs_certificate_matches(leaf, *name))
			return false;
	}
	HS_EACH(name, &installed->ip_names) {
		if (!hs_strings_has(&leaf->ip_names, *name))
			return false;
	}
	return true;
}

static bool is_replaceable(const struct server_job *job, const char *path)
{
	hs_auto_str struct str bytes = {0};
	struct certificate installed = {0};
	bool fits;

	if (hs_root_read(job->root, path, CERTIFICATE_MAX, &bytes, NULL) < 0 ||
	    hs_certificate_parse_any(bytes.data, bytes.len, &installed) < 0)
		return false;
	fits = covers(hs_bundle_leaf(&job->facts->bundle), &installed);
	hs_certificate_done(&installed);
	return fits;
}

/* "DIR/NAME" of a certificate path below DIR; NULL: not one of ours. */
static char *directory_of(const struct server_job *job, const char *path)
{
	if (!hs_nginx_below_ours(job->facts->server, path))
		return NULL;
	return hs_strndup(path, (size_t)(strrchr(path, '/') - path));
}

int hs_nginx_renew(const struct server_job *job, struct plan *plan,
		   struct error *err)
{
	struct nginx_planning planning = {.job = job,
					  .settings = job->settings,
					  .server = job->facts->server};
	struct strings seen = {0};
	int result = 0;

	HS_EACH(site, &job->facts->server->sites) {
		hs_auto_free char *directory =
			directory_of(job, site->certificate);

		if (!directory || hs_strings_has(&seen, directory) ||
		    !is_replaceable(job, site->certificate))
			continue;
		hs_strings_add(&seen, directory);
		result = hs_nginx_plan_certificate(&planning, directory, plan,
						   err);
		if (result < 0)
			break;
	}
	if (!seen.n) {
		result = hs_fail(err, HS_CANNOT,
				 "no site here has a certificate of ours whose "
				 "names this one covers");
		hs_error_hint(err, "install it first: https-setup apply "
				   "--cert FILE --name NAME");
	}
	hs_strings_done(&seen);
	return result;
}
