/*
 * Scripts of writing, as far as telling a mixed label from an honest one
 * needs them (Unicode Technical Standard 39, section 5.2).
 */
#ifndef CORE_SETTINGS_SCRIPT_H
#define CORE_SETTINGS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the characters of the label (UTF-8) come from scripts that nobody
 * writes together: more than one script, other than Latin with Chinese,
 * Japanese or Korean ("highly restrictive").
 */
bool hs_script_is_mixed(const char *label, size_t length);

#endif
