#include "core/cert/openssl.h"

#include "core/base/i18n.h"

void hs_x509s_done(struct x509s *list)
{
	HS_EACH(x509, list)
		X509_free(*x509);
	HS_ARRAY_FREE(list);
}

const char *hs_openssl_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return reason ? reason : _("unknown reason");
}

int hs_openssl_fail(struct error *err, const char *what)
{
	return hs_fail(err, HS_CANNOT, "%s: %s", what, hs_openssl_reason());
}

void hs_x509_each_name(X509 *x509,
		       void (*take)(int type, const void *value, void *context),
		       void *context)
{
	GENERAL_NAMES *names =
		X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		int type;
		void *value = GENERAL_NAME_get0_value(
			sk_GENERAL_NAME_value(names, i), &type);

		take(type, value, context);
	}
	GENERAL_NAMES_free(names);
}

/* The default provider stays: loading one by name would push it out. */
int hs_openssl_load_legacy(void)
{
	static OSSL_PROVIDER *legacy;

	if (!legacy)
		legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
	return legacy ? 0 : -1;
}
