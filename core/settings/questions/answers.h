/*
 * The answers file: XML, one element per question.
 *
 *	<https-setup schema="1">
 *	  <certificate><file>/root/site.pfx</file></certificate>
 *	  <name>www.example.test</name>
 *	</https-setup>
 *
 * A question `a.b-c` is /https-setup/a/b-c; one that has questions below it
 * and a value of its own (there is none today) would carry it as text.
 * Read with libxml2, no DTD, no entities, at most 1 MiB.
 */
#ifndef CORE_SETTINGS_QUESTIONS_ANSWERS_H
#define CORE_SETTINGS_QUESTIONS_ANSWERS_H

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/settings/settings.h"

/* Answers the questions in `bytes` (of the file called `path`) that no flag
 * has answered.  Unknown elements, wrong kinds, a secret: HS_USAGE with
 * "path:line". */
int hs_answers_read(const char *path, const char *bytes, size_t length,
		    struct settings *settings, struct error *err) HS_MUST_CHECK;

/* The answers somebody gave, as a file; never a secret. */
void hs_answers_write(const struct settings *settings, struct str *ret_xml);

#endif
