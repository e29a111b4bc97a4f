/* What is in a file or a pasted text, in few words. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/cert/read/inventory.h"
#include "screens/screen.h"

const char *scr_certificate_name(const struct certificate *certificate)
{
	if (certificate->common_name)
		return certificate->common_name;
	if (certificate->dns_names.n)
		return certificate->dns_names.items[0];
	if (certificate->ip_names.n)
		return certificate->ip_names.items[0];
	return certificate->subject ? certificate->subject : _("(no name)");
}

char *scr_key_kind(const char *type, int bits, const char *curve)
{
	return curve ? hs_format("%s %s", type, curve)
		     : hs_format("%s %d", type, bits);
}

/* The next part of a list. */
static void part(struct str *text)
{
	if (text->len)
		hs_str_puts(text, ", ");
}

static void put_certificates(const struct certificates *list, struct str *text)
{
	const struct certificate *first = list->items;
	char date[24];

	if (!list->n)
		return;
	for (size_t i = list->n; i-- > 0;)
		if (!list->items[i].is_ca)
			first = &list->items[i];
	hs_text_date(first->not_after, date);
	part(text);
	if (list->n > 1)
		hs_str_printf(text, _("%zu certificates, CN=%s until %s"),
			      list->n, scr_certificate_name(first), date);
	else
		hs_str_printf(text,
			      first->is_ca
				      ? _("a CA's certificate, CN=%s until %s")
				      : _("a certificate, CN=%s until %s"),
			      scr_certificate_name(first), date);
}

static void put_keys(const struct inventory *inventory, struct str *text)
{
	HS_EACH(key, &inventory->keys) {
		hs_auto_free char *kind =
			scr_key_kind(key->type, key->bits, NULL);

		part(text);
		hs_str_printf(text, _("a private key (%s)"), kind);
	}
	if (!inventory->locked)
		return;
	part(text);
	hs_str_puts(text, _("locked by a passphrase"));
}

static void put_requests(const struct inventory *inventory, struct str *text)
{
	HS_EACH(request, &inventory->requests) {
		part(text);
		hs_str_printf(text, _("a request for CN=%s"),
			      scr_certificate_name(&request->wanted));
	}
}

char *scr_describe(const struct cert_source *source)
{
	hs_auto_inventory struct inventory inventory = {0};
	struct str text hs_auto_str = {0};
	struct error err = {0};

	if (hs_inventory_read(source, &inventory, &err))
		return hs_text_safe(err.what, strlen(err.what), 0);
	put_certificates(&inventory.certificates, &text);
	put_keys(&inventory, &text);
	put_requests(&inventory, &text);
	if (!text.len)
		hs_str_puts(&text, _("no certificate and no key"));
	return hs_text_safe(hs_str_text(&text), text.len, 200);
}
