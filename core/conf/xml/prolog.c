/*
 * What is looked at before libxml2 reads: the byte order mark, the declaration
 * with its encoding, a DOCTYPE; zero bytes, and a crowd of attributes.
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/conf/xml/parts.h"

#define WINDOW ((size_t)32 << 10)
#define BOM "\xef\xbb\xbf"

static const struct {
	const char *mark;
	size_t length;
	const char *name;
} marks[] = {
	{"\xff\xfe\0\0", 4, "UTF-32"}, {"\0\0\xfe\xff", 4, "UTF-32"},
	{"\xff\xfe", 2, "UTF-16"},     {"\xfe\xff", 2, "UTF-16"},
	{"<\0", 2, "UTF-16"},	       {"\0<", 2, "UTF-16"},
};

static const struct {
	const char *name;
	enum xml_encoding encoding;
} encodings[] = {
	{"UTF-8", XML_UTF8},
	{"utf8", XML_UTF8},
	{"US-ASCII", XML_ASCII},
	{"ASCII", XML_ASCII},
	{"ISO-8859-1", XML_LATIN1},
	{"latin1", XML_LATIN1},
	{"windows-1252", XML_WINDOWS1252},
	{"cp1252", XML_WINDOWS1252},
};

static bool starts(const struct xml_input *input, size_t at, const char *with)
{
	return input->length - at >= strlen(with) &&
	       !memcmp(input->bytes + at, with, strlen(with));
}

static int refuse_encoding(const struct xml_input *input, const char *name,
			   struct error *err)
{
	hs_auto_free char *what = hs_format(
		_("this XML is written in %s, which is not edited here"), name);

	hs_xml_refuse(input->path, 1, XML_UNSUPPORTED, what, err);
	hs_error_hint(err, "save it as UTF-8, with the declaration to match, "
			   "when the program it belongs to reads that");
	return -1;
}

static int skip_mark(struct xml_input *input, struct error *err)
{
	for (size_t i = 0; i < HS_LENGTH(marks); i++) {
		if (input->length >= marks[i].length &&
		    !memcmp(input->bytes, marks[i].mark, marks[i].length))
			return refuse_encoding(input, marks[i].name, err);
	}
	if (!starts(input, 0, BOM))
		return 0;
	input->skip = strlen(BOM);
	/* libxml2 would take a second one for the first */
	if (!starts(input, input->skip, BOM))
		return 0;
	return hs_xml_refuse(input->path, 1, XML_BROKEN,
			     "it is no well-formed XML: there are two byte "
			     "order marks at its start",
			     err);
}

static int take_encoding(struct xml_input *input, const char *name,
			 struct error *err)
{
	for (size_t i = 0; i < HS_LENGTH(encodings); i++) {
		if (strcasecmp(name, encodings[i].name))
			continue;
		/* the mark says that it is UTF-8, whatever is declared */
		if (input->skip && encodings[i].encoding != XML_UTF8)
			break;
		input->encoding = encodings[i].encoding;
		return 0;
	}
	return refuse_encoding(input, name, err);
}

/* The value behind `name` in the declaration, to be freed; NULL: not there. */
static char *pseudo_attribute(const char *at, size_t length, const char *name)
{
	const char *end = at + length;
	const char *found = memmem(at, length, name, strlen(name)), *close;

	if (!found)
		return NULL;
	found += strlen(name);
	while (found < end && (hs_xml_is_blank(*found) || *found == '='))
		found++;
	if (found >= end || (*found != '"' && *found != '\''))
		return NULL;
	close = memchr(found + 1, *found, (size_t)(end - found - 1));
	return close ? hs_strndup(found + 1, (size_t)(close - found - 1))
		     : NULL;
}

static int read_declaration(struct xml_input *input, struct error *err)
{
	const char *at = input->bytes + input->skip, *end;
	hs_auto_free char *name = NULL;

	if (!starts(input, input->skip, "<?xml") ||
	    input->length - input->skip < 6 || !hs_xml_is_blank(at[5]) ||
	    !(end = memmem(at, input->length - input->skip, "?>", 2)))
		return 0;
	name = pseudo_attribute(at, (size_t)(end - at), "encoding");
	return name ? take_encoding(input, name, err) : 0;
}

/* Behind the comments and processing instructions from `at` on. */
static size_t skip_misc(const struct xml_input *input, size_t at)
{
	while (at < input->length) {
		const char *close = NULL;
		bool comment = starts(input, at, "<!--");

		if (hs_xml_is_blank(input->bytes[at])) {
			at++;
			continue;
		}
		if (comment || starts(input, at, "<?"))
			close = memmem(input->bytes + at, input->length - at,
				       comment ? "-->" : "?>", 2 + comment);
		if (!close)
			break;
		at = (size_t)(close - input->bytes) + 2 + comment;
	}
	return at;
}

static unsigned long line_of(const struct xml_input *input, const char *at)
{
	unsigned long line = 1;

	for (const char *c = input->bytes; c < at; c++)
		line += *c == '\n';
	return line;
}

static int refuse_doctype(const struct xml_input *input, size_t at,
			  struct error *err)
{
	if (!starts(input, at, "<!DOCTYPE"))
		return 0;
	hs_xml_refuse(input->path, line_of(input, input->bytes + at),
		      XML_UNSUPPORTED,
		      "this XML has a DOCTYPE, which can make another document "
		      "of it than what is seen",
		      err);
	hs_error_hint(err, "take the DOCTYPE out; no configuration that is "
			   "edited here needs one");
	return -1;
}

static int refuse_nul(const struct xml_input *input, struct error *err)
{
	const char *nul = memchr(input->bytes, 0, input->length);

	if (!nul)
		return 0;
	hs_xml_refuse(input->path, line_of(input, nul), XML_BROKEN,
		      "it is no well-formed XML: there is a zero byte in it",
		      err);
	hs_error_hint(err, "the program it belongs to cannot read it either; "
			   "restore it from a backup");
	return -1;
}

/* Where the last angle brackets stand before a place, which only goes on. */
struct brackets {
	const char *open, *close; /* NULL: none */
};

static void go_on(struct brackets *last, const char *from, size_t length)
{
	const char *open = memrchr(from, '<', length);
	const char *close = memrchr(from, '>', length);

	last->open = open ? open : last->open;
	last->close = close ? close : last->close;
}

/* Whether a tag goes on there: no comment, and nothing of its like. */
static bool is_in_tag(const struct brackets *last)
{
	return last->open && (!last->close || last->close < last->open) &&
	       last->open[1] != '!' && last->open[1] != '?';
}

static size_t count_values(const char *at, size_t length)
{
	size_t n = 0;

	for (size_t i = 1; i < length; i++)
		n += at[i - 1] == '=' && (at[i] == '"' || at[i] == '\'');
	return n;
}

/*
 * libxml2 compares each attribute of an element with all the others, which
 * takes minutes where there are very many, and tells of none before it has
 * them all.  A tag as long as that has a whole window without a '>'.
 */
static int refuse_crowd(const struct xml_input *input, struct error *err)
{
	struct brackets last = {0};

	for (size_t at = 0; at + WINDOW <= input->length; at += WINDOW) {
		const char *window = input->bytes + at;

		if (is_in_tag(&last) && !memchr(window, '>', WINDOW) &&
		    count_values(window, WINDOW) > XML_ATTRIBUTES_MAX)
			return hs_xml_refuse(
				input->path, line_of(input, last.open),
				XML_UNSUPPORTED,
				"this XML is beyond what is edited here: an "
				"element has more than 1000 attributes",
				err);
		go_on(&last, window, WINDOW);
	}
	return 0;
}

int hs_xml_prolog(struct xml_input *input, struct error *err)
{
	if (skip_mark(input, err) || refuse_nul(input, err) ||
	    read_declaration(input, err))
		return -1;
	if (refuse_doctype(input, skip_misc(input, input->skip), err))
		return -1;
	return refuse_crowd(input, err);
}
