#include "tests/fuzz/found.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/message.h"
#include "core/base/text.h"
#include "core/cert/read/apart.h"
#include "core/cert/select.h"

static const char mark[] = "#base64\n";

static void demand(int truth)
{
	if (!truth)
		abort();
}

static void demand_fit(const char *text)
{
	demand(!text || !hs_text_is_hostile(text, strlen(text)));
}

static void look_at(const struct certificate *it)
{
	hs_auto_free char *first = hs_certificate_first_name(it);

	demand(it->der_length && it->subject && it->serial && it->key_type &&
	       it->signature);
	HS_EACH(name, &it->dns_names)
		demand_fit(*name);
	demand_fit(it->hostile);
	demand_fit(it->aia_issuer);
	if (first)
		(void)hs_certificate_matches(it, first);
}

static void sort_out(struct gathered *found)
{
	struct selected selected = {0};
	struct x509s family = {0};

	if (found->certificates.n)
		hs_select(found, found->certificates.n, "file", &selected);
	demand(!selected.key_fits || (selected.leaf && selected.key));
	if (selected.leaf)
		demand(hs_select_family(&found->certificates, selected.leaf,
					&family) != NULL);
	hs_x509s_done(&family);
}

static void read_bytes(const char *bytes, size_t length,
		       void (*gather)(const struct cert_input *,
				      struct gathered *))
{
	struct cert_input input = {.path = "file",
				   .bytes = bytes,
				   .length = length,
				   .passphrase = "s3cret"};
	hs_auto_str struct str answer = {0};
	struct gathered read = {0}, found = {0};
	struct message message;

	gather(&input, &read);
	hs_gathered_write(&read, &answer);
	message = hs_message_open(answer.data, answer.len);
	hs_gathered_read(&message, &found);
	demand(!hs_message_end(&message));
	HS_EACH(certificate, &found.certificates)
		look_at(certificate);
	sort_out(&found);
	HS_EACH(note, &found.notes)
		demand_fit(note->detail);
	hs_gathered_done(&read);
	hs_gathered_done(&found);
}

/* As far as it is base64; line ends do not count. */
static void read_base64(const char *text, size_t length,
			void (*gather)(const struct cert_input *,
				       struct gathered *))
{
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	unsigned char *bytes = hs_alloc(length + 4);
	int head = 0, tail = 0;

	EVP_DecodeInit(context);
	if (EVP_DecodeUpdate(context, bytes, &head, (const uint8_t *)text,
			     (int)length) >= 0) {
		EVP_DecodeFinal(context, bytes + head, &tail);
		read_bytes((char *)bytes, (size_t)(head + tail), gather);
	}
	EVP_ENCODE_CTX_free(context);
	ERR_clear_error();
	free(bytes);
}

void found_look(const uint8_t *data, size_t size,
		void (*gather)(const struct cert_input *, struct gathered *))
{
	const char *bytes = (const char *)data;

	if (size >= strlen(mark) && !memcmp(bytes, mark, strlen(mark)))
		read_base64(bytes + strlen(mark), size - strlen(mark), gather);
	else
		read_bytes(bytes, size, gather);
}
