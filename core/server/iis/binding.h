/*
 * Bindings, read and compared as IIS does: addresses by value, host names
 * without regard to case, whether the site is started or not.
 * Source: IIS configuration reference, <binding>.
 */
#ifndef CORE_SERVER_IIS_BINDING_H
#define CORE_SERVER_IIS_BINDING_H

#include "core/server/iis/iis.h"

/* Reads one binding; `flags` is the text of sslFlags, or NULL.  Any protocol
 * and any information are taken: what cannot be read has `web` false.  -1 when
 * the flags are no number (all else is set then). */
int hs_iis_binding_read(const char *protocol, const char *information,
			const char *flags, struct iis_binding *ret_binding);

/* One of ours: "*", an IPv4 or IPv6 address without brackets; host NULL or
 * "": every name. */
void hs_iis_binding_make(bool ssl, const char *address, int port,
			 const char *host, struct iis_binding *ret_binding);

/* Whether both want the same requests: IIS starts only one of two sites that
 * have such a pair, and refuses it within one site. */
bool hs_iis_binding_same(const struct iis_binding *one,
			 const struct iis_binding *other);

/* Whether both have their certificate from one record of http.sys, so that a
 * new one for the first is a new one for the other too. */
bool hs_iis_binding_shares_certificate(const struct iis_binding *one,
				       const struct iis_binding *other);

void hs_iis_binding_copy(const struct iis_binding *from,
			 struct iis_binding *ret_copy);
void hs_iis_binding_done(struct iis_binding *binding);

#endif
