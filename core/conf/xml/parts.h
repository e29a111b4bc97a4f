/*
 * What the parts of the XML editor share; only they include it.
 */
#ifndef CORE_CONF_XML_PARTS_H
#define CORE_CONF_XML_PARTS_H

#include <string.h>

#include "core/conf/edit.h"
#include "core/conf/xml.h"

/* How many lines end before each step of the bytes. */
struct xml_lines HS_ARRAY(uint32_t);

static inline bool hs_xml_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * scan.c: positions within one element.  What libxml2 has taken is well
 * formed, but the child that says so is not to be trusted: nothing here leaves
 * the bytes of the element, whatever stands in them.
 */
/* Behind the '>' of its start tag; its `end` when the tag closes itself. */
size_t hs_xml_head(const struct xml_doc *doc, int32_t element);
/* Behind its last attribute, or its name: where a new one goes. */
size_t hs_xml_tail(const struct xml_doc *doc, int32_t element);
/* The '<' of its end tag; its `end` when it has none. */
size_t hs_xml_close(const struct xml_doc *doc, int32_t element);
/* Whether an attribute of that name declares a namespace. */
static inline bool hs_xml_declares(const char *name)
{
	return !strncmp(name, "xmlns", 5) && (!name[5] || name[5] == ':');
}
/* Whether a name in the bytes is this one. */
bool hs_xml_named(const struct xml_doc *doc, size_t at, size_t length,
		  const char *name);
/* The attribute of that name. */
bool hs_xml_attr_find(const struct xml_doc *doc, int32_t element,
		      const char *name, struct xml_attr *ret_attr);

/* What the content of an element is made of, one behind the other. */
enum xml_kind { XML_TEXT, XML_CDATA, XML_CHILD, XML_OTHER };
struct xml_piece {
	enum xml_kind kind;
	size_t from, to; /* the whole of it */
	int32_t child;	 /* the last child met; XML_NONE before */
};
/* Begin with `to` 0 and `child` XML_NONE. */
bool hs_xml_piece_next(const struct xml_doc *doc, int32_t element,
		       struct xml_piece *piece);

/*
 * decode.c: bytes of the file and UTF-8.
 */
/* The code point of a byte above 0x7f; -1: it has none. */
long hs_xml_point(enum xml_encoding encoding, unsigned char byte);
void hs_xml_put_point(long point, struct str *str);
/* Decodes an attribute's value, or text; to be freed. */
char *hs_xml_decode(const struct xml_doc *doc, size_t from, size_t length,
		    enum xml_kind kind, bool attribute);
/* Whether XML can hold the text. */
bool hs_xml_can_hold(const char *text);
/* Text as it is written in the file; `quote` 0: not within quotes. */
void hs_xml_encode(const struct xml_doc *doc, const char *text, char quote,
		   const char *line_end, struct str *ret_text);

/*
 * sax.c: libxml2, in the child.
 */
struct xml_tag {
	size_t start, head;
	bool empty;	    /* it closes itself */
	size_t written;	    /* bytes of its name in the file */
	const char *name;   /* local name, UTF-8 */
	const char *prefix; /* NULL: none */
	const char *space;  /* URI, NULL: none; one pointer for each */
	size_t n;	    /* attributes, xmlns not counted */
	const unsigned char **attributes; /* five pointers each: local name,
					     prefix, URI, value, its end */
};

/* Who hears of it; a function that returns a reason ends the reading. */
struct xml_sink {
	const char *(*start)(void *context, const struct xml_tag *tag);
	const char *(*end)(void *context, size_t end);
	/* NULL: not asked for */
	void (*text)(void *context, const char *text, size_t length);
	void *context;
};

/* What is read: bytes of a document, from behind the byte order mark. */
struct xml_input {
	const char *path;
	const char *bytes;
	size_t length, skip;
	enum xml_encoding encoding;
};

/*
 * Reads the input in a limited child, which does `work` there: that calls
 * hs_xml_sax() and appends what it found.  0, or -1 and `err` as
 * hs_xml_parse() says; the output is the caller's to free.
 */
struct xml_job {
	const struct xml_input *input;
	int (*work)(const struct xml_job *job, struct str *ret_output);
	const void *context;
	size_t output_max;
};
int hs_xml_apart(const struct xml_job *job, struct str *ret_output,
		 struct error *err) HS_MUST_CHECK;
/* In the child: 0, or -1 and the reason in the output. */
int hs_xml_sax(const struct xml_input *input, const struct xml_sink *sink,
	       struct str *ret_output) HS_MUST_CHECK;

/* HS_REFUSED with that id, for a line of a file. Returns -1. */
int hs_xml_refuse(const char *path, unsigned long line, const char *id,
		  const char *what, struct error *err);
#define XML_BROKEN "server.config-broken"
#define XML_UNSUPPORTED "server.unsupported-syntax"

/* prolog.c: looks at what stands before the root: byte order mark,
 * declaration, DOCTYPE. */
int hs_xml_prolog(struct xml_input *input, struct error *err) HS_MUST_CHECK;

/*
 * edit.c: what is planned.
 */
struct xml_numbers HS_ARRAY(int32_t);
struct xml_value {
	char *name, *value; /* value NULL: it goes */
};
struct xml_values HS_ARRAY(struct xml_value);

/* One that is added. */
struct xml_added {
	char *name;
	int32_t parent;	      /* of the document, or added */
	int32_t anchor;	      /* of the document: where the outermost one */
	enum xml_place place; /* around it, or it itself, stands */
	bool removed;
	struct xml_values attributes;
	char *text; /* NULL: none */
	struct xml_numbers children;
	size_t firsts; /* how many of them were added at XML_FIRST */
};

/* What is planned for an element of the document. */
struct xml_touched {
	int32_t element;
	bool removed;
	struct xml_values attributes;
	char *text;			      /* NULL: stays */
	struct xml_numbers added[XML_PLACES]; /* beside and inside of it */
};

struct xml_edits {
	const struct xml_doc *doc;
	struct {
		struct xml_touched *items;
		size_t n, cap;
	} touched; /* in the order of the document */
	struct {
		struct xml_added *items;
		size_t n, cap;
	} added;
	struct error problem;
};

/* NULL: nothing is planned for it. */
const struct xml_touched *hs_xml_touched(const struct xml_edits *edits,
					 int32_t element);
/* NULL: it is one of the document. */
const struct xml_added *hs_xml_added(const struct xml_edits *edits,
				     int32_t number);
/* The planned value of an attribute; NULL: none is. */
const struct xml_value *hs_xml_planned(const struct xml_values *values,
				       const char *name);
/* Whether an element around it, or it itself, is removed. */
bool hs_xml_is_gone(const struct xml_edits *edits, int32_t element);

/*
 * layout.c: where lines begin and end, and how the neighbours look.
 */
struct xml_layout {
	char quote;
	bool spaced;	      /* ` />`, not `/>` */
	const char *line_end; /* NULL: all on one line */
	char *indent;	      /* of the new elements; owned */
	char *step;	      /* of what is in them, more; owned */
};
/* For what is added there. */
struct xml_layout hs_xml_layout(const struct xml_doc *doc, int32_t at,
				enum xml_place place);
void hs_xml_layout_done(struct xml_layout *layout);

/* Where elements are put: each between `before` and `after`. */
struct xml_spot {
	size_t offset;
	char *before, *after; /* owned */
	bool in_lines;	      /* on lines of their own */
};
struct xml_spot hs_xml_spot(const struct xml_doc *doc, int32_t at,
			    enum xml_place place);
void hs_xml_spot_done(struct xml_spot *spot);
/* What goes when the element goes. */
void hs_xml_span(const struct xml_doc *doc, int32_t element, size_t *ret_from,
		 size_t *ret_to);

/* The indentation of an element that begins its line; NULL when white space
 * inside of it is not ours to add. To be freed. */
char *hs_xml_outer_indent(const struct xml_doc *doc, int32_t element);
/* The quotes around there; how its line ends. */
char hs_xml_quote(const struct xml_doc *doc, int32_t element);
const char *hs_xml_line_end(const struct xml_doc *doc, int32_t element);

/*
 * write.c: new elements as text.
 */
struct xml_writer {
	const struct xml_edits *edits;
	const struct xml_layout *layout;
	const char *prefix; /* of the parent's name, with its colon */
	bool in_lines;
	struct str *text;
};
/* Those that were not removed again, each between `before` and `after`. */
void hs_xml_write(const struct xml_writer *writer,
		  const struct xml_numbers *numbers, const char *before,
		  const char *after);
/* How many were not removed again. */
size_t hs_xml_left(const struct xml_edits *edits,
		   const struct xml_numbers *numbers);
/* A value as it stands within the quotes; to be freed. */
char *hs_xml_quoted(const struct xml_doc *doc, const char *value, char quote);
/* The end tag of an element that has none. */
void hs_xml_put_end(const struct xml_doc *doc, int32_t element,
		    struct str *text);

/* splice.c: what is planned as edits of the bytes. */
void hs_xml_splice(const struct xml_edits *edits, struct edits *ret_splices);

/* check.c: whether the bytes are the document with the edits made. */
int hs_xml_check(const struct xml_edits *edits, const struct str *bytes,
		 struct error *err) HS_MUST_CHECK;

#endif
