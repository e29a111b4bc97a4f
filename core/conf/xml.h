/*
 * The lossless XML editor.  libxml2 reads (in a limited child process) and
 * says where each element begins and ends; we splice.  Nothing is ever written
 * by a serialiser: byte order mark, line ends, quotes, comments, references,
 * tabs, a missing declaration or final newline stay as they are.
 *
 * A document is its bytes and one small record an element; attributes and
 * text are read from the bytes when they are asked for.  What stands in a
 * comment, a processing instruction or CDATA is never an element.
 *
 * UTF-8, US-ASCII, ISO-8859-1 and windows-1252 are read, all text goes in and
 * out as UTF-8; where the file cannot hold a character, it gets a reference.
 * Refused are UTF-16 and other encodings, a DOCTYPE, and what is larger or
 * deeper than the limits below.
 */
#ifndef CORE_CONF_XML_H
#define CORE_CONF_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/root.h"
#include "core/base/str.h"

#define XML_NONE (-1)

#define XML_FILE_MAX ((size_t)64 << 20)
#define XML_DEPTH_MAX 256
#define XML_ELEMENTS_MAX (4u << 20)
#define XML_ATTRIBUTES_MAX 1000 /* of one element */
#define XML_NAME_MAX 1000	/* bytes, prefix included */
#define XML_SPACES_MAX 250	/* namespaces in one file */

struct xml_element {
	uint32_t start; /* its '<' */
	uint32_t end;	/* behind the last '>' of it */
	int32_t parent; /* XML_NONE: it is the root */
	uint16_t space; /* its namespace: index in `spaces`; 0: none */
	uint16_t name;	/* length of its name, prefix included */
};
struct xml_elements HS_ARRAY(struct xml_element);

enum xml_encoding { XML_UTF8, XML_ASCII, XML_LATIN1, XML_WINDOWS1252 };

struct xml_lines;

/* Elements are numbered in the order of the file; 0 is the root. */
struct xml_doc {
	char *path;
	struct str bytes;
	struct xml_elements elements;
	struct strings spaces; /* URIs; the first is "" */
	enum xml_encoding encoding;
	struct xml_lines *lines; /* counted when first asked for */
};

/*
 * Reads a file, or `bytes`, which move into the document (they are the
 * caller's still when -1 is returned).  HS_REFUSED with "path:line" and
 * libxml2's reason: server.config-broken for what is not well-formed XML (a
 * fragment, cut off, empty, two roots), server.unsupported-syntax for a
 * DOCTYPE, an encoding we do not read, and what is beyond the limits.
 * HS_CANNOT when the file cannot be read, or libxml2 is not installed.
 */
int hs_xml_read(const struct root *root, const char *path,
		struct xml_doc *ret_doc, struct error *err) HS_MUST_CHECK;
int hs_xml_parse(const char *path, struct str *bytes, struct xml_doc *ret_doc,
		 struct error *err) HS_MUST_CHECK;
void hs_xml_done(struct xml_doc *doc);
#define hs_auto_xml HS_CLEANUP(hs_xml_done)

/*
 * Walks.  `name` is a local name, case-exact, in the namespace of the element
 * that the walk starts from (so a document with xmlns="..." on its root and
 * one without are walked alike, and elements of others are not mistaken for
 * its own); NULL: any element of any namespace.  All yield XML_NONE at the
 * end, and take XML_NONE for an element without children.
 *
 *	for (int32_t e = hs_xml_child(doc, sites, "site"); e != XML_NONE;
 *	     e = hs_xml_next(doc, e, "site"))
 */
int32_t hs_xml_root(const struct xml_doc *doc);
int32_t hs_xml_parent(const struct xml_doc *doc, int32_t element);
int32_t hs_xml_child(const struct xml_doc *doc, int32_t parent,
		     const char *name);
/* The next sibling; in the namespace of `element`. */
int32_t hs_xml_next(const struct xml_doc *doc, int32_t element,
		    const char *name);
size_t hs_xml_count(const struct xml_doc *doc, int32_t parent,
		    const char *name);
/* The first element at the end of the path, e.g. "system.webServer/rewrite",
 * from the children of `from` on; every way there is tried. */
int32_t hs_xml_find(const struct xml_doc *doc, int32_t from, const char *path);

/* Whether its local name is `name`, whatever its namespace. */
bool hs_xml_is(const struct xml_doc *doc, int32_t element, const char *name);
/* Its local name, to be freed; its namespace, "" for none, the document's. */
char *hs_xml_name(const struct xml_doc *doc, int32_t element);
const char *hs_xml_space(const struct xml_doc *doc, int32_t element);
/* The line of its '<', from 1. */
uint32_t hs_xml_line(const struct xml_doc *doc, int32_t element);

/*
 * An attribute's value in UTF-8, references decoded, line ends and tabs as
 * spaces where XML says so; to be freed, NULL when there is none.  `name` is
 * as it is written, with its prefix if it has one.
 */
char *hs_xml_attr(const struct xml_doc *doc, int32_t element, const char *name);
bool hs_xml_has_attr(const struct xml_doc *doc, int32_t element,
		     const char *name);
/* Whether the attribute is there and has that value. */
bool hs_xml_attr_is(const struct xml_doc *doc, int32_t element,
		    const char *name, const char *value);

/* A walk over the attributes as they stand: start with an empty one, until it
 * says false.  xmlns declarations are among them. */
struct xml_attr {
	uint32_t name, name_length;   /* offsets in the bytes */
	uint32_t value, value_length; /* without its quotes */
};
bool hs_xml_attr_next(const struct xml_doc *doc, int32_t element,
		      struct xml_attr *attr);

/* The text directly inside the element, CDATA included, comments, child
 * elements and their text not; references decoded. Never NULL, to be freed. */
char *hs_xml_text(const struct xml_doc *doc, int32_t element);

/*
 * Edits.  They are collected, and become splices in hs_xml_finish().  An
 * element added is known by a number below XML_NONE, and every edit takes such
 * a number as well; the functions that read do not.
 *
 * New elements are on lines of their own, indented as their neighbours, with
 * the line ends, quotes and the ` />` of the file; within a line where the
 * neighbours are.  They are in the namespace of their parent: nothing is
 * declared, and a prefix comes with it.
 */
enum xml_place {
	XML_FIRST,  /* inside, before all else */
	XML_LAST,   /* inside, behind all else */
	XML_BEFORE, /* beside it */
	XML_AFTER,
	XML_PLACES
};

struct xml_edits;

/* An empty set of edits; the document must outlive it. */
struct xml_edits *hs_xml_edit(const struct xml_doc *doc);
void hs_xml_edits_free(struct xml_edits *edits);
static inline void hs_xml_edits_release(struct xml_edits **slot)
{
	hs_xml_edits_free(*slot);
}
#define hs_auto_xml_edits HS_CLEANUP(hs_xml_edits_release)

/* Sets an attribute, in place when it is there, else behind the last one.
 * The same value again is no edit. */
void hs_xml_set_attr(struct xml_edits *edits, int32_t element, const char *name,
		     const char *value);
void hs_xml_remove_attr(struct xml_edits *edits, int32_t element,
			const char *name);

/* Adds an element; its number. Those at one place of an element of the
 * document stand in the order in which they were added. Nothing is added
 * beside the root. */
int32_t hs_xml_add(struct xml_edits *edits, int32_t at, enum xml_place place,
		   const char *name);

/* What stands at the end of the path below `from`, be it in the document and
 * not removed, or added before; what is missing of it is added, each as the
 * last child. Its number. */
int32_t hs_xml_need(struct xml_edits *edits, int32_t from, const char *path);

/* Removes an element with all in it, and with its line when nothing else is
 * on it. Edits inside of it are forgotten. */
void hs_xml_remove(struct xml_edits *edits, int32_t element);

/* Sets the text of an element that has no child elements. */
void hs_xml_set_text(struct xml_edits *edits, int32_t element,
		     const char *text);

/* What an attribute will be: to be freed; NULL when it will not be there. */
char *hs_xml_will_be(const struct xml_edits *edits, int32_t element,
		     const char *name);

/*
 * The bytes with the edits made, and *ret_changed true; or no bytes and false,
 * when there is none that changes anything.  The result has been parsed again
 * and differs from the document by the planned edits only; otherwise
 * HS_REFUSED (server.unsupported-syntax) and no bytes, as well as when a name
 * or a value cannot be in XML (control characters, invalid UTF-8), or an edit
 * is impossible.
 */
int hs_xml_finish(const struct xml_edits *edits, struct str *ret_bytes,
		  bool *ret_changed, struct error *err) HS_MUST_CHECK;

#endif
