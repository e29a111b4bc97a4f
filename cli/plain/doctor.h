/*
 * The live site as visitors meet it, told in sentences: what is wrong, why,
 * and which step of the plain face cures it.
 */
#ifndef CLI_PLAIN_DOCTOR_H
#define CLI_PLAIN_DOCTOR_H

#include "cli/plain/ask.h"

/* Asks for the address and looks at it.  What the job knows stays as it is. */
enum reply cli_plain_doctor(const struct job *job);

#endif
