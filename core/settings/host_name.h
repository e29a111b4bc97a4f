/*
 * Host names as people type them, in the one form the program works with.
 */
#ifndef CORE_SETTINGS_HOST_NAME_H
#define CORE_SETTINGS_HOST_NAME_H

#include <stdbool.h>

/*
 * The name without white space around it, in lower case, without the final
 * dot, international labels as A-labels (IDNA2008, RFC 5891, by libidn2);
 * an IP address without brackets, IPv6 as RFC 5952 writes it.  What cannot be
 * converted stays as typed.  To be freed.
 */
char *hs_host_name_normal(const char *text);

/* Whether it is an IPv4 or IPv6 address (without brackets). */
bool hs_host_name_is_ip(const char *name);

/* Whether a label of it is an A-label: "xn--" and more. */
bool hs_host_name_has_a_label(const char *name);

/* The name as people read it, its A-labels decoded (RFC 5891, 5.4); NULL when
 * they do not decode. To be freed. */
char *hs_host_name_unicode(const char *name);

/* Why a normal name, no address and no wildcard, cannot be that of a host
 * (static text), or NULL when it can. */
const char *hs_host_name_problem(const char *name);

#endif
