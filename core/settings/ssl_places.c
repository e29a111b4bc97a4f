#include "core/settings/ssl_places.h"

#include <ctype.h>
#include <string.h>

#include "core/base/str.h"
#include "core/settings/sites.h"

#define ITMS_APPLICATIONS "Altiris"

/* Takes blanks and slashes off both ends; backslashes become slashes. */
static char *trim(char *place)
{
	size_t length;

	for (char *c = place; *c; c++)
		*c = *c == '\\' ? '/' : *c;
	place += strspn(place, "/ \t");
	length = strlen(place);
	while (length && strchr("/ \t", place[length - 1]))
		place[--length] = '\0';
	return place;
}

static void add_once(struct strings *places, const char *place)
{
	HS_EACH(there, places) {
		if (!strcasecmp(*there, place))
			return;
	}
	if (*place)
		hs_strings_add(places, place);
}

static bool product_wants_all(const struct settings *settings)
{
	int wanted = settings->itms.require_https;

	return hs_product_is(settings, "itms") &&
	       settings->bindings_mode != BINDINGS_HTTP &&
	       (wanted == ITMS_REQUIRE_YES ||
		(wanted == ITMS_REQUIRE_AUTO &&
		 settings->bindings_mode == BINDINGS_HTTPS));
}

void hs_ssl_places(const struct settings *settings, struct strings *ret_places)
{
	hs_auto_free char *copy = hs_strdup(settings->iis.require_ssl_for);
	char *rest = copy, *place;

	*ret_places = (struct strings){0};
	while ((place = strsep(&rest, ",")))
		add_once(ret_places, trim(place));
	if (product_wants_all(settings))
		add_once(ret_places, ITMS_APPLICATIONS);
}

bool hs_ssl_is_required(const struct settings *settings)
{
	struct strings places;
	bool any;

	hs_ssl_places(settings, &places);
	any = places.n || settings->iis.require_ssl;
	hs_strings_done(&places);
	return any;
}
