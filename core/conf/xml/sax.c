/*
 * libxml2 reads, in a limited child: SAX2 events, each with the position at
 * which the parser stands then.
 *
 * libxml2 is fed UTF-8 and told to mind no encoding, so that its positions are
 * those of what it was fed; for an 8-bit encoding they are counted back.
 */
#include <errno.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/message.h"
#include "core/base/sandbox/sandbox.h"
#include "core/base/text.h"
#include "core/base/xml.h"
#include "core/conf/xml/parts.h"

#define CPU_SECONDS 5 /* and one more for each 4 MiB */
#define CPU_STEP_SHIFT 22
#define REASON_MAX 400
#define XINCLUDE "http://www.w3.org/2001/XInclude"

static const char *const ids[] = {XML_BROKEN, XML_UNSUPPORTED};

struct reading {
	const struct xml *lib;
	const struct xml_input *input;
	const struct xml_sink *sink;
	xmlParserCtxt *parser;
	size_t fed; /* bytes of the input that the parser has */
	/* where one position is in both counts; of 8-bit encodings */
	size_t at, at_fed;
	unsigned depth;
	struct str *output;
	bool refused;
};

/* Whether libxml2 has a limit of its own, and this is beyond it. */
static bool is_limit(const xmlError *error)
{
	return error->code == XML_ERR_INTERNAL_ERROR ||
	       error->code == XML_ERR_NO_MEMORY ||
	       (error->message && strstr(error->message, "too long"));
}

/* The first reason stands; nothing is heard of what comes behind it. */
static void refuse(struct reading *reading, unsigned id, int line,
		   const char *reason)
{
	if (reading->refused)
		return;
	reading->refused = true;
	hs_str_clear(reading->output);
	hs_message_put_number(reading->output, id);
	hs_message_put_number(reading->output, (uint64_t)(line > 0 ? line : 0));
	hs_message_put_bytes(reading->output, reason,
			     strnlen(reason, REASON_MAX));
	reading->lib->xmlStopParser(reading->parser);
}

static void on_error(void *context, const xmlError *error)
{
	struct reading *reading = context;

	if (error->level < XML_ERR_ERROR)
		return;
	/* they end with a line end */
	hs_auto_free char *reason =
		hs_strndup(error->message ? error->message : "",
			   error->message ? strcspn(error->message, "\n") : 0);
	refuse(reading, is_limit(error), error->line, reason);
}

static void refuse_here(struct reading *reading, const char *reason)
{
	refuse(reading, 1, reading->parser->input->line, reason);
}

/* As much of an 8-bit encoding as there is room for. */
static size_t feed_converted(struct reading *reading, char *buffer, size_t room)
{
	const struct xml_input *input = reading->input;
	struct str str = {.data = buffer, .cap = room};

	/* a character takes three bytes, and a NUL stands behind them */
	while (reading->fed < input->length && room - str.len > 4) {
		unsigned char byte =
			(unsigned char)input->bytes[reading->fed++];
		long point = byte < 0x80 ? byte
					 : hs_xml_point(input->encoding, byte);

		if (point < 0)
			str.data[str.len++] = '\xff'; /* never UTF-8 */
		else
			hs_xml_put_point(point, &str);
	}
	return str.len;
}

static int feed(void *context, char *buffer, int room)
{
	struct reading *reading = context;
	const struct xml_input *input = reading->input;
	size_t n = input->length - reading->fed;

	if (room <= 0 || reading->refused)
		return 0;
	if (input->encoding != XML_UTF8)
		return (int)feed_converted(reading, buffer, (size_t)room);
	if (n > (size_t)room)
		n = (size_t)room;
	memcpy(buffer, input->bytes + reading->fed, n);
	reading->fed += n;
	return (int)n;
}

/* How many bytes of UTF-8 a byte becomes. */
static size_t width_of(enum xml_encoding encoding, unsigned char byte)
{
	long point = byte < 0x80 ? byte : hs_xml_point(encoding, byte);

	return 1 + (point >= 0x80) + (point >= 0x800);
}

/* Where the parser stands in the bytes of the input. */
static size_t position(struct reading *reading)
{
	const struct xml_input *input = reading->input;
	long consumed = reading->lib->xmlByteConsumed(reading->parser);
	size_t fed = consumed > 0 ? (size_t)consumed : 0;
	size_t at;

	if (input->encoding == XML_UTF8) {
		at = input->skip + fed;
		return at < input->length ? at : input->length;
	}
	for (; reading->at_fed < fed && reading->at < input->length;
	     reading->at++)
		reading->at_fed +=
			width_of(input->encoding,
				 (unsigned char)input->bytes[reading->at]);
	return reading->at;
}

static const char *limits(const struct reading *reading,
			  const struct xml_tag *tag, size_t n)
{
	if (reading->depth > XML_DEPTH_MAX)
		return _("elements are nested more than 256 deep");
	if (n > XML_ATTRIBUTES_MAX)
		return _("an element has more than 1000 attributes");
	if (strlen(tag->name) + strlen(tag->prefix ? tag->prefix : "") >=
	    XML_NAME_MAX)
		return _("a name is longer than 1000 bytes");
	if (tag->space && !strcmp(tag->space, XINCLUDE))
		return _("it takes in other files by XInclude");
	return NULL;
}

static size_t written_name(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && !hs_xml_is_blank(*at) && *at != '>' && *at != '/')
		at++;
	return (size_t)(at - from);
}

/* The start tag that ends at `at`: no '<' can stand in one but its first. */
static bool find_tag(const struct xml_input *input, size_t at,
		     struct xml_tag *tag)
{
	const char *open = memrchr(input->bytes, '<', at);

	tag->empty = at < input->length && input->bytes[at] == '/';
	tag->head = at + 1 + tag->empty;
	if (!open || tag->head > input->length ||
	    input->bytes[tag->head - 1] != '>')
		return false;
	tag->start = (size_t)(open - input->bytes);
	tag->written = written_name(open + 1, input->bytes + tag->head);
	return tag->written ==
		       strlen(tag->name) +
			       (tag->prefix ? strlen(tag->prefix) + 1 : 0) ||
	       input->encoding != XML_UTF8;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *space, int n_spaces, const xmlChar **spaces,
		     int n, int defaulted, const xmlChar **attributes)
{
	struct reading *reading = context;
	struct xml_tag tag = {
		.name = (const char *)name,
		.prefix = (const char *)prefix,
		.space = (const char *)space,
		.n = (size_t)n,
		.attributes = attributes,
	};
	const char *reason;

	(void)spaces, (void)defaulted;
	if (reading->refused)
		return;
	reading->depth++;
	reason = limits(reading, &tag, (size_t)n + (size_t)n_spaces);
	if (!reason && !find_tag(reading->input, position(reading), &tag))
		reason = _("its tags are not where libxml2 sees them");
	if (!reason)
		reason = reading->sink->start(reading->sink->context, &tag);
	if (reason)
		refuse_here(reading, reason);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *space)
{
	struct reading *reading = context;
	size_t end = position(reading);
	const char *reason = NULL;

	(void)name, (void)prefix, (void)space;
	if (reading->refused)
		return;
	reading->depth--;
	if (!end || reading->input->bytes[end - 1] != '>')
		reason = _("its tags are not where libxml2 sees them");
	if (!reason)
		reason = reading->sink->end(reading->sink->context, end);
	if (reason)
		refuse_here(reading, reason);
}

static void on_text(void *context, const xmlChar *text, int length)
{
	const struct xml_sink *sink = ((struct reading *)context)->sink;

	sink->text(sink->context, (const char *)text, (size_t)length);
}

static void on_doctype(void *context, const xmlChar *name,
		       const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	refuse_here(context, _("it has a DOCTYPE"));
}

static void read_all(struct reading *reading)
{
	const struct xml *lib = reading->lib;
	bool has_text = reading->sink->text != NULL;
	xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.internalSubset = on_doctype,
		.characters = has_text ? on_text : NULL,
		.ignorableWhitespace = has_text ? on_text : NULL,
		.cdataBlock = has_text ? on_text : NULL,
		.serror = (xmlStructuredErrorFunc)on_error,
	};

	reading->parser = lib->xmlCreateIOParserCtxt(
		&handler, reading, feed, NULL, reading, XML_CHAR_ENCODING_NONE);
	if (!reading->parser) {
		errno = ENOMEM;
		return;
	}
	lib->xmlCtxtUseOptions(reading->parser,
			       XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	lib->xmlParseDocument(reading->parser);
	if (!reading->refused && !reading->parser->wellFormed)
		refuse(reading, 0, 0, _("it cannot be read to its end"));
}

int hs_xml_sax(const struct xml_input *input, const struct xml_sink *sink,
	       struct str *ret_output)
{
	struct reading reading = {
		.lib = hs_xml(NULL),
		.input = input,
		.sink = sink,
		.fed = input->skip,
		.at = input->skip,
		.output = ret_output,
	};

	if (!reading.lib)
		return -1;
	read_all(&reading);
	if (!reading.parser)
		return -1;
	reading.lib->xmlFreeParserCtxt(reading.parser);
	return reading.refused ? -1 : 0;
}

static void warm_up(void *context)
{
	(void)context;
	hs_xml(NULL)->xmlInitParser();
}

static int work(const void *bytes, size_t length, void *context,
		struct str *ret_output)
{
	const struct xml_job *job = context;

	(void)bytes, (void)length;
	return job->work(job, ret_output);
}

int hs_xml_refuse(const char *path, unsigned long line, const char *id,
		  const char *what, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(what, strlen(what), 0);

	hs_fail(err, HS_REFUSED, "%s", safe);
	hs_error_id(err, id);
	if (line)
		hs_error_where(err, "%s:%lu", path, line);
	else
		hs_error_where(err, "%s", path);
	return -1;
}

/* What the child says of a file that it does not take. */
static int explain(const struct xml_input *input, const struct str *output,
		   struct error *err)
{
	struct message message = hs_message_open(output->data, output->len);
	unsigned id = (unsigned)hs_message_number(&message, 1);
	unsigned long line = hs_message_number(&message, UINT32_MAX);
	size_t length;
	const unsigned char *bytes =
		hs_message_bytes(&message, REASON_MAX, &length);
	hs_auto_free char *safe =
		hs_text_safe((const char *)bytes, length, REASON_MAX);
	hs_auto_free char *what =
		hs_format(id ? _("this XML is beyond what is edited here: %s")
			     : _("it is no well-formed XML: %s"),
			  safe);

	if (hs_message_end(&message))
		return hs_xml_refuse(input->path, 0, XML_UNSUPPORTED,
				     "it could not be parsed safely", err);
	hs_xml_refuse(input->path, line, ids[id], what, err);
	hs_error_hint(err, id ? "have it changed by hand, as the instructions "
				"of the program it belongs to say"
			      : "the program it belongs to cannot read it "
				"either; repair it first");
	return -1;
}

int hs_xml_apart(const struct xml_job *job, struct str *ret_output,
		 struct error *err)
{
	int seconds = CPU_SECONDS + (int)(job->input->length >> CPU_STEP_SHIFT);
	struct xml_job copy = *job;
	struct sandbox sandbox = {
		.work = work,
		.warm_up = warm_up,
		.context = &copy,
		.what = _("this XML"),
		.cpu_seconds = seconds,
		.timeout_ms = 4000 * seconds,
		.output_max = job->output_max,
	};
	hs_auto_sandbox_result struct sandbox_result result = {0};
	struct error own = {0};

	if (!hs_xml(err))
		return -1;
	if (!hs_sandbox_run(&sandbox, job->input->bytes, job->input->length,
			    &result, &own)) {
		*ret_output = result.output;
		result.output = (struct str){0};
		return 0;
	}
	if (result.end == SANDBOX_REFUSED && result.output.len)
		return explain(job->input, &result.output, err);
	hs_fail(err, own.code, "%s", own.what);
	hs_error_hint(err, "%s", own.hint);
	hs_error_where(err, "%s", job->input->path);
	if (own.code == HS_REFUSED)
		hs_error_id(err, XML_UNSUPPORTED);
	return -1;
}
