#include "core/settings/suffix.h"

#include <libpsl.h>
#include <stddef.h>

#include "core/base/library.h"

static struct psl {
	__typeof__(psl_builtin) *builtin;
	__typeof__(psl_is_public_suffix2) *is_public_suffix2;
	__typeof__(psl_registrable_domain) *registrable_domain;
} table;

#define FUNCTION(name)                                                         \
	{                                                                      \
		"psl_" #name, offsetof(struct psl, name)                       \
	}

static const struct library_function functions[] = {
	FUNCTION(builtin), FUNCTION(is_public_suffix2),
	FUNCTION(registrable_domain)};
static struct library library = HS_LIBRARY("libpsl.so.5", functions, &table);

static const struct psl *psl(void)
{
	return hs_library_need(&library);
}

static bool is_suffix(const char *name, int type)
{
	return psl()->is_public_suffix2(psl()->builtin(), name, type);
}

bool hs_suffix_is_public(const char *name)
{
	return is_suffix(name, PSL_TYPE_ANY);
}

bool hs_suffix_is_registry(const char *name)
{
	return is_suffix(name, PSL_TYPE_ICANN);
}

const char *hs_suffix_registrable(const char *name)
{
	return psl()->registrable_domain(psl()->builtin(), name);
}
