#include "core/base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/str.h"

/*
 * UTF-8 by the lead byte (RFC 3629): how many bytes follow, and the smallest
 * code point that needs that many.  What is shorter is an overlong form.
 */
static const struct lead {
	unsigned char mask, bits, follow;
	long least;
} leads[] = {
	{0x80, 0x00, 0, 0x0},
	{0xe0, 0xc0, 1, 0x80},
	{0xf0, 0xe0, 2, 0x800},
	{0xf8, 0xf0, 3, 0x10000},
};

static const struct lead *find_lead(unsigned char byte)
{
	for (size_t i = 0; i < HS_LENGTH(leads); i++) {
		if ((byte & leads[i].mask) == leads[i].bits)
			return &leads[i];
	}
	return NULL;
}

long hs_text_decode(const char *text, size_t length, size_t *ret_length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct lead *lead = length ? find_lead(*bytes) : NULL;
	long point;

	*ret_length = 1;
	if (!lead || lead->follow >= length)
		return -1;
	point = *bytes & (unsigned char)~lead->mask;
	for (size_t i = 1; i <= lead->follow; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (bytes[i] & 0x3f);
	}
	if (point < lead->least || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return -1;
	*ret_length = 1u + lead->follow;
	return point;
}

/*
 * What must not reach a terminal as it is.  Joiners and other format
 * characters change the meaning of what stands beside them without being
 * seen.  Of the unassigned characters only the whole planes and the
 * noncharacters are listed: the single gaps move with every Unicode version,
 * and a terminal shows a box for them.
 */
static const struct {
	long first, last;
} hostile[] = {
	{0x0000, 0x001f},    /* C0 */
	{0x007f, 0x009f},    /* DEL, C1 */
	{0x00ad, 0x00ad},    /* soft hyphen */
	{0x034f, 0x034f},    /* grapheme joiner */
	{0x0600, 0x0605},    /* Arabic number signs, format */
	{0x061c, 0x061c},    /* Arabic letter mark */
	{0x06dd, 0x06dd},    /* format */
	{0x070f, 0x070f},    /* format */
	{0x0890, 0x0891},    /* format */
	{0x08e2, 0x08e2},    /* format */
	{0x115f, 0x1160},    /* Hangul fillers */
	{0x17b4, 0x17b5},    /* invisible Khmer vowels */
	{0x180b, 0x180f},    /* Mongolian selectors */
	{0x200b, 0x200f},    /* zero width, direction marks */
	{0x2028, 0x202e},    /* line and paragraph ends, direction */
	{0x2060, 0x206f},    /* invisible operators, isolates */
	{0x3164, 0x3164},    /* Hangul filler */
	{0xd800, 0xf8ff},    /* surrogates, private use */
	{0xfdd0, 0xfdef},    /* noncharacters */
	{0xfe00, 0xfe0f},    /* variation selectors */
	{0xfeff, 0xfeff},    /* zero width no-break space */
	{0xffa0, 0xffa0},    /* half-width Hangul filler */
	{0xfff0, 0xfffb},    /* unassigned, annotations */
	{0xfffe, 0xffff},    /* noncharacters */
	{0x110bd, 0x110bd},  /* format */
	{0x110cd, 0x110cd},  /* format */
	{0x13430, 0x13440},  /* hieroglyph format */
	{0x1bca0, 0x1bca3},  /* shorthand format */
	{0x1d173, 0x1d17a},  /* musical format */
	{0x1fffe, 0x1ffff},  /* noncharacters */
	{0x2fffe, 0x2ffff},  /* noncharacters */
	{0x3fffe, 0x10ffff}, /* nothing, tags, private use */
};

static int is_hostile(long point)
{
	if (point >= 0x20 && point < 0x7f)
		return 0;
	if (point < 0)
		return 1;
	for (size_t i = 0; i < HS_LENGTH(hostile); i++) {
		if (point <= hostile[i].last)
			return point >= hostile[i].first;
	}
	return 0;
}

/* Adds one character, or what stands for it. */
static void add_safe(struct str *out, const char *bytes, size_t length,
		     long point)
{
	if (!is_hostile(point))
		hs_str_add(out, bytes, length);
	else if (point < 0x80)
		hs_str_printf(out, "\\x%02x", (unsigned char)*bytes);
	else
		hs_str_printf(out, "\\u{%lx}", (unsigned long)point);
}

char *hs_text_safe(const char *bytes, size_t length, size_t max)
{
	struct str out = {0};
	size_t used, fits = 0;

	for (; length; bytes += used, length -= used) {
		long point = hs_text_decode(bytes, length, &used);

		/* the last place where the mark of a cut finds room */
		if (out.len + 3 <= max)
			fits = out.len;
		add_safe(&out, bytes, used, point);
		if (max && out.len > max)
			break;
	}
	if (length && max) {
		out.len = fits;
		hs_str_add(&out, "...", max < 3 ? max : 3);
	}
	return hs_str_take(&out);
}

int hs_text_is_hostile(const char *bytes, size_t length)
{
	size_t used;

	for (; length; bytes += used, length -= used) {
		if (is_hostile(hs_text_decode(bytes, length, &used)))
			return 1;
	}
	return 0;
}

void hs_text_date(long long seconds, char ret_text[static 24])
{
	time_t when = seconds;
	struct tm tm;

	if (!gmtime_r(&when, &tm) || tm.tm_year > 8099 || tm.tm_year < -1900)
		snprintf(ret_text, 24, "@%lld", seconds);
	else
		snprintf(ret_text, 24, "%04u-%02u-%02u",
			 (unsigned)(tm.tm_year + 1900) % 10000,
			 (unsigned)(tm.tm_mon + 1) % 100,
			 (unsigned)tm.tm_mday % 100);
}

void hs_text_duration(long long seconds, char ret_text[static 40])
{
	static const long long units[] = {31536000, 86400, 3600, 60, 1};
	size_t i = 0;
	long long n;

	while (seconds % units[i] || (!seconds && units[i] > 1))
		i++;
	n = seconds / units[i];
	snprintf(ret_text, 40,
		 i == 0	  ? P_("%lld year", "%lld years", n)
		 : i == 1 ? P_("%lld day", "%lld days", n)
		 : i == 2 ? P_("%lld hour", "%lld hours", n)
		 : i == 3 ? P_("%lld minute", "%lld minutes", n)
			  : P_("%lld second", "%lld seconds", n),
		 n);
}
