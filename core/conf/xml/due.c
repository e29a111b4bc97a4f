#include "core/conf/xml/due.h"

void hs_xml_enter(const struct xml_edits *edits, int32_t number,
		  struct xml_level *ret_level)
{
	*ret_level = (struct xml_level){
		.number = number,
		.added = hs_xml_added(edits, number),
		.child = XML_NONE,
	};
	if (!ret_level->added)
		ret_level->touched = hs_xml_touched(edits, number);
	ret_level->planned_text = ret_level->added ? ret_level->added->text
				  : ret_level->touched
					  ? ret_level->touched->text
					  : NULL;
}

/* The next of the list that was not removed again; XML_NONE. */
static int32_t take_next(const struct xml_edits *edits, struct xml_level *level,
			 const struct xml_numbers *list)
{
	while (level->next < list->n) {
		int32_t number = list->items[level->next++];

		if (!hs_xml_added(edits, number)->removed)
			return number;
	}
	return XML_NONE;
}

/* What was added at the place of this phase. */
static int32_t take_added(const struct xml_edits *edits,
			  struct xml_level *level)
{
	static const enum xml_place places[] = {
		[XML_PHASE_FIRST] = XML_FIRST,
		[XML_PHASE_BEFORE] = XML_BEFORE,
		[XML_PHASE_AFTER] = XML_AFTER,
		[XML_PHASE_LAST] = XML_LAST,
	};
	bool inside = level->phase == XML_PHASE_FIRST ||
		      level->phase == XML_PHASE_LAST;
	const struct xml_touched *touched =
		inside ? level->touched : level->child_touched;

	return touched ? take_next(edits, level,
				   &touched->added[places[level->phase]])
		       : XML_NONE;
}

/* On to the next phase, with the next child of the document if one begins. */
static void advance(const struct xml_edits *edits, struct xml_level *level)
{
	bool on = level->phase == XML_PHASE_FIRST ||
		  level->phase == XML_PHASE_AFTER;

	level->next = 0;
	if (!on) {
		level->phase++;
		return;
	}
	level->child = level->phase == XML_PHASE_FIRST
			       ? hs_xml_child(edits->doc, level->number, NULL)
			       : hs_xml_next(edits->doc, level->child, NULL);
	level->phase =
		level->child == XML_NONE ? XML_PHASE_LAST : XML_PHASE_BEFORE;
	if (level->child != XML_NONE)
		level->child_touched = hs_xml_touched(edits, level->child);
}

int32_t hs_xml_due(const struct xml_edits *edits, struct xml_level *level,
		   void (*removed)(void *context, int32_t element),
		   void *context)
{
	if (level->added)
		return take_next(edits, level, &level->added->children);
	for (;;) {
		bool self = level->phase == XML_PHASE_SELF;
		bool last = level->phase == XML_PHASE_LAST;
		int32_t number = self ? level->child : take_added(edits, level);

		if (self || (number == XML_NONE && !last))
			advance(edits, level);
		if (self && level->child_touched &&
		    level->child_touched->removed)
			removed(context, number);
		else if (number != XML_NONE || last)
			return number;
	}
}
