/*
 * Which TCP ports something listens on, as the kernel tells (sock_diag(7), else
 * proc(5)).
 */
#ifndef CORE_APPLY_LISTENERS_H
#define CORE_APPLY_LISTENERS_H

#include "core/settings/facts.h"

/* Adds to facts->ports; which program it is, is left open. */
void hs_listeners_look(struct facts *facts);

#endif
