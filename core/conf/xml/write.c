/*
 * New elements as text.
 */
#include <stdlib.h>

#include "core/conf/xml/parts.h"

char *hs_xml_quoted(const struct xml_doc *doc, const char *value, char quote)
{
	struct str text = {0};

	hs_xml_encode(doc, value, quote, "", &text);
	return hs_str_take(&text);
}

static void put_break(const struct xml_writer *writer, unsigned depth)
{
	if (!writer->in_lines)
		return;
	hs_str_puts(writer->text, writer->layout->line_end);
	hs_str_puts(writer->text, writer->layout->indent);
	while (depth--)
		hs_str_puts(writer->text, writer->layout->step);
}

static void put_attributes(const struct xml_writer *writer,
			   const struct xml_values *values)
{
	char quote = writer->layout->quote;

	HS_EACH(planned, values) {
		hs_auto_free char *value = NULL;

		if (!planned->value)
			continue;
		value = hs_xml_quoted(writer->edits->doc, planned->value,
				      quote);
		hs_str_printf(writer->text, " %s=%c%s%c", planned->name, quote,
			      value, quote);
	}
}

static bool is_left(const struct xml_edits *edits, int32_t number)
{
	return !hs_xml_added(edits, number)->removed;
}

size_t hs_xml_left(const struct xml_edits *edits,
		   const struct xml_numbers *numbers)
{
	size_t n = 0;

	HS_EACH(number, numbers)
		n += is_left(edits, *number);
	return n;
}

static void put_element(const struct xml_writer *writer, int32_t number,
			unsigned depth)
{
	const struct xml_added *added = hs_xml_added(writer->edits, number);
	const struct xml_layout *layout = writer->layout;
	struct str *text = writer->text;

	hs_str_printf(text, "<%s%s", writer->prefix, added->name);
	put_attributes(writer, &added->attributes);
	if (hs_xml_left(writer->edits, &added->children)) {
		hs_str_putc(text, '>');
		HS_EACH(child, &added->children) {
			if (!is_left(writer->edits, *child))
				continue;
			put_break(writer, depth + 1);
			put_element(writer, *child, depth + 1);
		}
		put_break(writer, depth);
	} else if (added->text && *added->text) {
		hs_str_putc(text, '>');
		hs_xml_encode(writer->edits->doc, added->text, 0,
			      layout->line_end ? layout->line_end : "\n", text);
	} else {
		hs_str_puts(text, layout->spaced ? " />" : "/>");
		return;
	}
	hs_str_printf(text, "</%s%s>", writer->prefix, added->name);
}

void hs_xml_write(const struct xml_writer *writer,
		  const struct xml_numbers *numbers, const char *before,
		  const char *after)
{
	HS_EACH(number, numbers) {
		if (!is_left(writer->edits, *number))
			continue;
		hs_str_puts(writer->text, before);
		put_element(writer, *number, 0);
		hs_str_puts(writer->text, after);
	}
}

void hs_xml_put_end(const struct xml_doc *doc, int32_t element,
		    struct str *text)
{
	const struct xml_element *e = &doc->elements.items[element];

	hs_str_puts(text, "</");
	hs_str_add(text, doc->bytes.data + e->start + 1, e->name);
	hs_str_putc(text, '>');
}
