/*
 * In which order the elements are to stand once the edits are made: the walk
 * that the proof in check.c goes by.
 */
#ifndef CORE_CONF_XML_DUE_H
#define CORE_CONF_XML_DUE_H

#include "core/conf/xml/parts.h"

/* Which of the elements inside of one come next: the places in this order. */
enum xml_phase {
	XML_PHASE_FIRST,
	XML_PHASE_BEFORE,
	XML_PHASE_SELF,
	XML_PHASE_AFTER,
	XML_PHASE_LAST
};

/* An element that is open. */
struct xml_level {
	int32_t number;
	const struct xml_touched *touched; /* NULL: nothing is planned */
	const struct xml_added *added;	   /* NULL: one of the document */
	const char *planned_text;	   /* NULL: its text stays */
	/* where the walk through it stands */
	enum xml_phase phase;
	size_t next;   /* in the list of the phase */
	int32_t child; /* of the document */
	const struct xml_touched *child_touched;
	/* the caller's */
	const char *space;
	bool empty;
	struct str text;
};

/* Begins the walk through an element, of either sort. */
void hs_xml_enter(const struct xml_edits *edits, int32_t number,
		  struct xml_level *ret_level);
/* The element that is due next in it; XML_NONE: its end is.  Those that are
 * removed are told on the way. */
int32_t hs_xml_due(const struct xml_edits *edits, struct xml_level *level,
		   void (*removed)(void *context, int32_t element),
		   void *context);

#endif
