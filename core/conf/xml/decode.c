/*
 * Bytes of the file and UTF-8: references, line ends, 8-bit encodings.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/conf/xml/parts.h"

/* What windows-1252 has from 0x80 to 0x9f (the five that it leaves open are
 * control characters to Windows). */
static const unsigned short windows1252[32] = {
	0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021,
	0x2c6,	0x2030, 0x160,	0x2039, 0x152,	0x8d,	0x17d,	0x8f,
	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e,	0x178,
};

long hs_xml_point(enum xml_encoding encoding, unsigned char byte)
{
	if (encoding == XML_WINDOWS1252 && byte < 0xa0)
		return windows1252[byte - 0x80];
	return encoding == XML_ASCII ? -1 : byte;
}

/* UTF-8, RFC 3629. */
void hs_xml_put_point(long point, struct str *str)
{
	static const long limits[] = {0x80, 0x800, 0x10000};
	static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
	int more = 0;

	while (more < 3 && point >= limits[more])
		more++;
	hs_str_putc(str, (char)(leads[more] | point >> 6 * more));
	while (more--)
		hs_str_putc(str, (char)(0x80 | (point >> 6 * more & 0x3f)));
}

static const struct {
	const char *text;
	char c;
} references[] = {
	{"&lt;", '<'},	 {"&gt;", '>'},	   {"&amp;", '&'},
	{"&quot;", '"'}, {"&apos;", '\''},
};

/* "&#228;" or "&#xe4;"; 0: no such reference. */
static size_t decode_number(const char *text, size_t length, struct str *str)
{
	bool hex = length > 3 && text[2] == 'x';
	size_t i = hex ? 3 : 2;
	long point = 0;

	for (; i < length && text[i] != ';' && point < 0x110000; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return 0;
		point = point * (hex ? 16 : 10) + (digit - digits) % 16;
	}
	if (i >= length || text[i] != ';' || point >= 0x110000 || !point)
		return 0;
	hs_xml_put_point(point, str);
	return i + 1;
}

/* How many bytes the reference takes; 0: it is none. */
static size_t decode_reference(const char *text, size_t length, struct str *str)
{
	if (length > 3 && text[1] == '#')
		return decode_number(text, length, str);
	for (size_t i = 0; i < HS_LENGTH(references); i++) {
		size_t n = strlen(references[i].text);

		if (n > length || memcmp(text, references[i].text, n))
			continue;
		hs_str_putc(str, references[i].c);
		return n;
	}
	return 0;
}

/* XML 1.0, 2.11 and 3.3.3: one character for a line end, a space for each
 * white space in an attribute. */
static size_t decode_byte(const struct xml_doc *doc, const char *text,
			  size_t length, bool attribute, struct str *str)
{
	unsigned char byte = (unsigned char)*text;
	bool pair = length > 1 && byte == '\r' && text[1] == '\n';

	if (hs_xml_is_blank(*text))
		hs_str_putc(str, attribute ? ' ' : byte == '\r' ? '\n' : *text);
	else if (byte < 0x80 || doc->encoding == XML_UTF8)
		hs_str_putc(str, *text);
	else
		hs_xml_put_point(hs_xml_point(doc->encoding, byte), str);
	return 1 + pair;
}

char *hs_xml_decode(const struct xml_doc *doc, size_t from, size_t length,
		    enum xml_kind kind, bool attribute)
{
	const char *text = doc->bytes.data + from;
	struct str str = {0};
	size_t at = 0;

	while (at < length) {
		size_t taken = 0;

		if (text[at] == '&' && kind != XML_CDATA)
			taken = decode_reference(text + at, length - at, &str);
		if (!taken)
			taken = decode_byte(doc, text + at, length - at,
					    attribute, &str);
		at += taken;
	}
	return hs_str_take(&str);
}

/* XML 1.0, 2.2. */
static bool is_char(long point)
{
	return point == '\t' || point == '\n' || point == '\r' ||
	       (point >= 0x20 && point < 0xd800) ||
	       (point >= 0xe000 && point != 0xfffe && point != 0xffff);
}

bool hs_xml_can_hold(const char *text)
{
	size_t left = strlen(text), length;

	for (; left; left -= length, text += length) {
		if (!is_char(hs_text_decode(text, left, &length)))
			return false;
	}
	return true;
}

/* Whether the character cannot stand for itself. */
static bool needs_reference(const struct xml_doc *doc, long point, char quote)
{
	if (point >= 0x80)
		return doc->encoding != XML_UTF8;
	return point == '\r' || (quote && (point == '\t' || point == '\n'));
}

static const char *reference_of(char c, char quote)
{
	for (size_t i = 0; i < HS_LENGTH(references); i++) {
		if (references[i].c == c)
			return i < 3 || c == quote ? references[i].text : NULL;
	}
	return NULL;
}

void hs_xml_encode(const struct xml_doc *doc, const char *text, char quote,
		   const char *line_end, struct str *ret_text)
{
	size_t left = strlen(text), length;

	for (; left; left -= length, text += length) {
		long point = hs_text_decode(text, left, &length);
		const char *reference = reference_of(*text, quote);

		if (reference)
			hs_str_puts(ret_text, reference);
		else if (needs_reference(doc, point, quote))
			hs_str_printf(ret_text, "&#%ld;", point);
		else if (point == '\n')
			hs_str_puts(ret_text, line_end);
		else
			hs_str_add(ret_text, text, length);
	}
}
