/*
 * What the fuzz targets of certificates, keys, PKCS#7 and PKCS#12 share: an
 * answer or notes, never a crash, and nothing on the way to a screen that no
 * screen may show.  So that the corpus stays text, input behind a first line
 * "#base64" is decoded first; libFuzzer tries both ways.
 */
#ifndef TESTS_FUZZ_FOUND_H
#define TESTS_FUZZ_FOUND_H

#include <stddef.h>
#include <stdint.h>

#include "core/cert/read/gather.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Has `gather` (of the kind of hs_gather()) read the bytes, and demands of
 * what was found what holds of any. */
void found_look(const uint8_t *data, size_t size,
		void (*gather)(const struct cert_input *input,
			       struct gathered *found));

#endif
