/*
 * From a plan to new bytes: spliced, read again, and proved.
 */
#include "core/conf/xml/parts.h"

static int apply(const struct xml_edits *edits, const struct edits *splices,
		 struct str *ret_bytes, struct error *err)
{
	const struct str *bytes = &edits->doc->bytes;
	hs_auto_str struct str text = {0};

	if (hs_edits_apply(splices, 0, bytes->data, bytes->len, &text))
		return hs_xml_refuse(edits->doc->path, 0, XML_UNSUPPORTED,
				     "its edits get into each other's way",
				     err);
	if (text.len > XML_FILE_MAX)
		return hs_xml_refuse(edits->doc->path, 0, XML_UNSUPPORTED,
				     "with the edits, this XML would be larger "
				     "than 64 MiB",
				     err);
	if (hs_xml_check(edits, &text, err))
		return -1;
	*ret_bytes = text;
	text = (struct str){0};
	return 0;
}

int hs_xml_finish(const struct xml_edits *edits, struct str *ret_bytes,
		  bool *ret_changed, struct error *err)
{
	struct edits splices = {0};
	int status = 0;

	*ret_bytes = (struct str){0};
	*ret_changed = false;
	if (edits->problem.code) {
		if (err && !err->code)
			*err = edits->problem;
		return -1;
	}
	hs_xml_splice(edits, &splices);
	if (splices.n) {
		status = apply(edits, &splices, ret_bytes, err);
		*ret_changed = !status;
	}
	hs_edits_done(&splices);
	return status;
}
