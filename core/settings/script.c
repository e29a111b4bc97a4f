#include "core/settings/script.h"

#include "core/base/cleanup.h"
#include "core/base/text.h"

enum script {
	LATIN = 1 << 0,
	GREEK = 1 << 1,
	CYRILLIC = 1 << 2,
	ARMENIAN = 1 << 3,
	HEBREW = 1 << 4,
	ARABIC = 1 << 5,
	INDIC = 1 << 6, /* those of South Asia; one block each, rarely mixed */
	THAI = 1 << 7,
	LAO = 1 << 8,
	MYANMAR = 1 << 9,
	GEORGIAN = 1 << 10,
	HANGUL = 1 << 11,
	ETHIOPIC = 1 << 12,
	CHEROKEE = 1 << 13,
	KHMER = 1 << 14,
	HIRAGANA = 1 << 15,
	KATAKANA = 1 << 16,
	BOPOMOFO = 1 << 17,
	HAN = 1 << 18,
};

/* Digits, hyphen and what is not listed belong to every script. */
static const struct range {
	long first, last;
	enum script script;
} ranges[] = {
	{0x0041, 0x005a, LATIN},    {0x0061, 0x007a, LATIN},
	{0x00c0, 0x00d6, LATIN},    {0x00d8, 0x00f6, LATIN},
	{0x00f8, 0x02b8, LATIN},    {0x0370, 0x03ff, GREEK},
	{0x0400, 0x052f, CYRILLIC}, {0x0530, 0x058f, ARMENIAN},
	{0x0591, 0x05f4, HEBREW},   {0x0600, 0x06ff, ARABIC},
	{0x0750, 0x077f, ARABIC},   {0x0870, 0x08ff, ARABIC},
	{0x0900, 0x0dff, INDIC},    {0x0e01, 0x0e3a, THAI},
	{0x0e40, 0x0e5b, THAI},	    {0x0e80, 0x0eff, LAO},
	{0x1000, 0x109f, MYANMAR},  {0x10a0, 0x10ff, GEORGIAN},
	{0x1100, 0x11ff, HANGUL},   {0x1200, 0x139f, ETHIOPIC},
	{0x13a0, 0x13ff, CHEROKEE}, {0x1780, 0x17ff, KHMER},
	{0x1c80, 0x1c8f, CYRILLIC}, {0x1e00, 0x1eff, LATIN},
	{0x1f00, 0x1fff, GREEK},    {0x2c60, 0x2c7f, LATIN},
	{0x2d00, 0x2d2f, GEORGIAN}, {0x2d80, 0x2ddf, ETHIOPIC},
	{0x2de0, 0x2dff, CYRILLIC}, {0x3005, 0x3007, HAN},
	{0x3041, 0x3096, HIRAGANA}, {0x30a1, 0x30fa, KATAKANA},
	{0x3105, 0x312f, BOPOMOFO}, {0x3131, 0x318e, HANGUL},
	{0x31f0, 0x31ff, KATAKANA}, {0x3400, 0x4dbf, HAN},
	{0x4e00, 0x9fff, HAN},	    {0xa640, 0xa69f, CYRILLIC},
	{0xa720, 0xa7ff, LATIN},    {0xab30, 0xab64, LATIN},
	{0xab70, 0xabbf, CHEROKEE}, {0xac00, 0xd7a3, HANGUL},
	{0xf900, 0xfaff, HAN},	    {0x20000, 0x323af, HAN},
};

/* What is written together; any one script alone is, of course. */
static const unsigned together[] = {
	LATIN | HAN | HIRAGANA | KATAKANA,
	LATIN | HAN | BOPOMOFO,
	LATIN | HAN | HANGUL,
};

static unsigned script_of(long character)
{
	for (size_t i = 0; i < HS_LENGTH(ranges); i++) {
		if (character >= ranges[i].first && character <= ranges[i].last)
			return ranges[i].script;
	}
	return 0;
}

bool hs_script_is_mixed(const char *label, size_t length)
{
	unsigned scripts = 0;

	for (size_t at = 0, step; at < length; at += step)
		scripts |= script_of(
			hs_text_decode(label + at, length - at, &step));
	if (!(scripts & (scripts - 1)))
		return false;
	for (size_t i = 0; i < HS_LENGTH(together); i++) {
		if (!(scripts & ~together[i]))
			return false;
	}
	return true;
}
