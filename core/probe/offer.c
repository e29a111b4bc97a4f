#include "core/probe/offer.h"

#include <stdint.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/socket.h"

#define SUITES(...) ((const uint16_t[]){__VA_ARGS__, 0})

/* One kind of hello.  A list of suites ends with 0, which is no suite that
 * anybody would offer. */
struct offer {
	const char *title;
	uint16_t version; /* the highest offered */
	bool tls1_3, h2;
	const uint16_t *suites;
};

/* What clients of the last twenty years offered, best first. */
#define AEAD                                                                   \
	0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa
#define EPHEMERAL                                                              \
	0xc009, 0xc013, 0xc00a, 0xc014, 0xc023, 0xc027, 0xc024, 0xc028,        \
		0x0033, 0x0039, 0x0067, 0x006b, 0x0045, 0x0088, 0x0032, 0x0038
#define PLAIN_RSA                                                              \
	0x009c, 0x009d, 0x002f, 0x0035, 0x003c, 0x003d, 0x0041, 0x0084, 0x0096
#define THREE_DES 0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0x0007, 0x000d, 0x0010
#define ARC4 0xc007, 0xc011, 0x0005, 0x0004
#define SINGLE_DES 0x0009, 0x0015, 0x0012, 0x000c, 0x000f

static const struct offer offers[OFFER_MAX] = {
	[OFFER_SSL3] = {"SSL 3", 0x0300, false, false,
			SUITES(0x0033, 0x0039, 0x002f, 0x0035, 0x0032, 0x0038,
			       THREE_DES, ARC4, SINGLE_DES, 0x00ff)},
	[OFFER_TLS1_0] = {"TLS 1.0", 0x0301, false, false,
			  SUITES(EPHEMERAL, PLAIN_RSA, THREE_DES, ARC4,
				 SINGLE_DES, 0x00ff)},
	[OFFER_TLS1_1] = {"TLS 1.1", 0x0302, false, false,
			  SUITES(EPHEMERAL, PLAIN_RSA, THREE_DES, ARC4,
				 0x00ff)},
	[OFFER_TLS1_2] = {"TLS 1.2", 0x0303, false, false,
			  SUITES(AEAD, EPHEMERAL, PLAIN_RSA, THREE_DES, ARC4,
				 0xc0ac, 0xc0ad, 0xc09e, 0xc09f, 0x00ff)},
	[OFFER_TLS1_3] = {"TLS 1.3", 0x0303, true, false,
			  SUITES(0x1301, 0x1302, 0x1303, 0x1304, 0x1305)},
	[OFFER_NULL] = {N_("no encryption (NULL)"), 0x0303, false, false,
			SUITES(0xc006, 0xc010, 0x003b, 0x0002, 0x0001, 0x00b0,
			       0x00b1, 0x00ff)},
	[OFFER_ANON] = {N_("no authentication (anonymous)"), 0x0303, false,
			false,
			SUITES(0xc018, 0xc019, 0x00a6, 0x00a7, 0x006c, 0x006d,
			       0x0034, 0x003a, 0x0046, 0x0089, 0xc017, 0x001b,
			       0xc016, 0x0018, 0x001a, 0x0017, 0x0019, 0xc015,
			       0x00ff)},
	[OFFER_EXPORT] = {N_("export ciphers"), 0x0303, false, false,
			  SUITES(0x0014, 0x0011, 0x0008, 0x0003, 0x0006, 0x000b,
				 0x000e, 0x0062, 0x0064, 0x00ff)},
	[OFFER_DES] = {"DES", 0x0303, false, false, SUITES(SINGLE_DES, 0x00ff)},
	[OFFER_RC4] = {"RC4", 0x0303, false, false, SUITES(ARC4, 0x00ff)},
	[OFFER_3DES] = {"3DES", 0x0303, false, false,
			SUITES(THREE_DES, 0x00ff)},
	[OFFER_CBC] = {"CBC", 0x0303, false, false, SUITES(EPHEMERAL, 0x00ff)},
	[OFFER_RSA] = {N_("RSA key exchange"), 0x0303, false, false,
		       SUITES(PLAIN_RSA, 0x00ff)},
	[OFFER_H2] = {"HTTP/2", 0x0303, true, true,
		      SUITES(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c,
			     0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a,
			     0xc014, 0x009c, 0x009d, 0x002f, 0x0035)},
};

const char *hs_offer_title(enum probe_offer offer)
{
	return _(offers[offer].title);
}

bool hs_offer_is_rejected(unsigned cipher)
{
	static const uint16_t taken[] = {0x1301, 0x1302, 0x1303, AEAD};

	for (size_t i = 0; i < HS_LENGTH(taken); i++)
		if (taken[i] == cipher)
			return false;
	return true;
}

/* Bytes being written; the limit holds by the sizes of what is offered. */
struct out {
	unsigned char *bytes;
	size_t length;
};

static void put_8(struct out *out, unsigned value)
{
	if (out->length < HS_OFFER_MAX)
		out->bytes[out->length++] = (unsigned char)value;
}

static void put_16(struct out *out, unsigned value)
{
	put_8(out, value >> 8);
	put_8(out, value & 0xff);
}

static void put_bytes(struct out *out, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put_8(out, ((const unsigned char *)bytes)[i]);
}

/* Leaves room for a length of two bytes, to be set when what it is of ends. */
static size_t begin_16(struct out *out)
{
	put_16(out, 0);
	return out->length;
}

static void end_16(struct out *out, size_t start)
{
	size_t length = out->length - start;

	out->bytes[start - 2] = (unsigned char)(length >> 8);
	out->bytes[start - 1] = (unsigned char)length;
}

static void put_suites(struct out *out, const uint16_t *suites)
{
	size_t start = begin_16(out);

	for (; *suites; suites++)
		put_16(out, *suites);
	end_16(out, start);
}

static void put_extension(struct out *out, unsigned type, const void *bytes,
			  size_t length)
{
	put_16(out, type);
	put_16(out, (unsigned)length);
	put_bytes(out, bytes, length);
}

static void put_name(struct out *out, const char *name)
{
	size_t length = strlen(name), extension, list;

	if (length > 253)
		return;
	put_16(out, 0); /* server_name */
	extension = begin_16(out);
	list = begin_16(out);
	put_8(out, 0); /* host_name */
	put_16(out, (unsigned)length);
	put_bytes(out, name, length);
	end_16(out, list);
	end_16(out, extension);
}

/* X25519 takes any 32 bytes as a public key; nobody will go on to use it. */
static void put_key_share(struct out *out)
{
	put_16(out, 51);
	put_16(out, 38);
	put_16(out, 36);
	put_16(out, 0x001d);
	put_16(out, 32);
	for (unsigned i = 0; i < 32; i++)
		put_8(out, 0x51 + 7 * i);
}

#define PUT(out, type, text) put_extension(out, type, text, sizeof(text) - 1)

static void put_extensions(struct out *out, const struct offer *offer,
			   const char *name)
{
	size_t start = begin_16(out);

	if (name && !hs_socket_is_address(name))
		put_name(out, name);
	/* x25519, P-256, P-384, P-521, ffdhe2048 */
	PUT(out, 10, "\0\012\0\x1d\0\x17\0\x18\0\x19\1\0");
	PUT(out, 11, "\1\0"); /* points uncompressed */
	PUT(out, 13,	      /* ECDSA, RSA-PSS, RSA, Ed25519, SHA-1 last */
	    "\0\x1c\4\3\5\3\6\3\x08\4\x08\5\x08\6\4\1\5\1\6\1\x08\7\x08\x09"
	    "\x08\x0a\2\3\2\1");
	if (offer->h2)
		PUT(out, 16, "\0\014\2h2\010http/1.1");
	if (offer->tls1_3) {
		if (offer->h2)
			PUT(out, 43, "\4\3\4\3\3");
		else
			PUT(out, 43, "\2\3\4");
		PUT(out, 45, "\1\1");
		put_key_share(out);
	}
	end_16(out, start);
}

size_t hs_offer_write(enum probe_offer which, const char *name,
		      unsigned char ret_bytes[static HS_OFFER_MAX])
{
	const struct offer *offer = &offers[which];
	struct out out = {.bytes = ret_bytes};
	size_t record, message;

	put_8(&out, 0x16); /* handshake */
	put_16(&out, offer->version > 0x0301 ? 0x0301 : offer->version);
	record = begin_16(&out);
	put_8(&out, 1); /* ClientHello */
	put_8(&out, 0);
	message = begin_16(&out);
	put_16(&out, offer->version);
	for (unsigned i = 0; i < 32; i++) /* random; no key comes from it */
		put_8(&out, 0xa7 * (i + 1) + which);
	put_8(&out, 0); /* no session */
	put_suites(&out, offer->suites);
	put_16(&out, 0x0100); /* no compression */
	if (offer->version > 0x0300)
		put_extensions(&out, offer, name);
	end_16(&out, message);
	end_16(&out, record);
	return out.length;
}

/* Bytes being read: what would be past the end is 0 and remembered. */
struct in {
	const unsigned char *bytes;
	size_t length, at;
	bool over;
};

static unsigned take_8(struct in *in)
{
	if (in->at < in->length)
		return in->bytes[in->at++];
	in->over = true;
	return 0;
}

static unsigned take_16(struct in *in)
{
	unsigned high = take_8(in);

	return high << 8 | take_8(in);
}

static void skip(struct in *in, size_t count)
{
	if (count > in->length - in->at) {
		in->over = true;
		count = in->length - in->at;
	}
	in->at += count;
}

static void read_extensions(struct in *in, struct probe_offered *ret)
{
	size_t end = take_16(in);

	end += in->at;
	while (in->at + 4 <= end && !in->over) {
		unsigned type = take_16(in), length = take_16(in);
		struct in inside = *in;

		if (type == 43)
			ret->version = (int)take_16(&inside);
		if (type == 16) {
			(void)take_16(&inside);
			ret->h2 = take_8(&inside) == 2 &&
				  take_8(&inside) == 'h' &&
				  take_8(&inside) == '2';
		}
		skip(in, length);
	}
}

static bool was_offered(const struct offer *offer, unsigned cipher)
{
	for (const uint16_t *suite = offer->suites; *suite; suite++)
		if (*suite == cipher && cipher != 0x00ff)
			return true;
	return false;
}

/* A version alone was offered by that of the hello: a server that answers with
 * a lower one does not take it. */
static bool is_taken(const struct offer *offer,
		     const struct probe_offered *reply, enum probe_offer which)
{
	int wanted = offer->tls1_3 ? 0x0304 : offer->version;

	if (!was_offered(offer, reply->cipher))
		return false;
	return which > OFFER_TLS1_3 || reply->version == wanted;
}

enum offer_reply hs_offer_read(enum probe_offer which,
			       const unsigned char *bytes, size_t length,
			       struct probe_offered *ret)
{
	struct in in = {.bytes = bytes, .length = length};
	unsigned type = take_8(&in), record;

	if (length && type == 'H' && length >= 5)
		return memcmp(bytes, "HTTP/", 5) ? REPLY_OTHER : REPLY_HTTP;
	if (length < 6)
		return !length || (type >= 0x14 && type <= 0x17) || type == 'H'
			       ? REPLY_UNFINISHED
			       : REPLY_OTHER;
	if (take_8(&in) != 3 || (type != 0x15 && type != 0x16))
		return REPLY_OTHER;
	(void)take_8(&in);
	record = take_16(&in);
	if (type == 0x15)
		return REPLY_ALERT;
	if (length - in.at < record)
		return REPLY_UNFINISHED;
	if (take_8(&in) != 2)
		return REPLY_OTHER;
	(void)take_8(&in);
	(void)take_16(&in); /* its length: the record bounds it */
	ret->version = (int)take_16(&in);
	skip(&in, 32);
	skip(&in, take_8(&in));
	ret->cipher = take_16(&in);
	(void)take_8(&in); /* compression */
	if (in.at + 2 <= in.length)
		read_extensions(&in, ret);
	ret->accepted = is_taken(&offers[which], ret, which);
	return REPLY_HELLO;
}
