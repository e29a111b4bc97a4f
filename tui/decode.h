/*
 * From bytes to events: the filter that makes sure that an unknown sequence
 * never turns into keys.  Any control sequence (ECMA-48 CSI, SS3, and the
 * strings OSC, DCS, APC, PM, SOS) that means nothing here is swallowed whole;
 * a bracketed paste becomes one event, and so does armoured text ("-----BEGIN"
 * up to "-----END") that comes faster than hands type: its line ends must press
 * nothing.  Pure: no terminal, no clock.
 */
#ifndef TUI_DECODE_H
#define TUI_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/event.h"

/* A paste longer than this is cut. */
#define TUI_PASTE_MAX (256 * 1024)

struct tui_decoder {
	char *bytes; /* not yet decoded */
	size_t n, cap;
	bool pasting;
	bool typed; /* what is pasted came without brackets */
	bool mouse; /* it was asked to speak */
	char *paste;
	size_t paste_length, paste_cap;
};

/* A key of this very terminal, e.g. from its terminfo description; `bytes`
 * must stay. Ignored when it is no sequence of its own. */
void tui_decoder_learn(const char *bytes, enum tui_kind key);

/* Bytes that came in. */
void tui_decoder_feed(struct tui_decoder *decoder, const char *bytes,
		      size_t length);
/*
 * The next event.  False: none, or only with more bytes (which is when
 * tui_decoder_waits() is true).  `late`: no more bytes came in the time that
 * a sequence may take, so what is there is all there is.
 */
bool tui_decoder_next(struct tui_decoder *decoder, bool late,
		      struct tui_event *ret_event);
bool tui_decoder_waits(const struct tui_decoder *decoder);
/* The same within a paste of which the end has not come: it may stall. */
bool tui_decoder_is_pasting(const struct tui_decoder *decoder);
void tui_decoder_done(struct tui_decoder *decoder);

#endif
