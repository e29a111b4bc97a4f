#include "tui/decode.h"

#include <stdio.h>
#include <string.h>

#include "tui/text.h"

#define ESC '\033'
#define PASTE_END "\033[201~"
/* RFC 7468 */
#define ARMOUR_BEGIN "-----BEGIN "
#define ARMOUR_END "-----END "

/* How many bytes were used; with no event when they mean nothing. */
#define NEEDS_MORE 0

/* Sequences that break the rules of their kind, or come from old terminals. */
static const struct sequence {
	const char *bytes;
	enum tui_kind kind;
} sequences[] = {
	{"\033[[A", TUI_F1},	 {"\033[[B", TUI_F1 + 1},
	{"\033[[C", TUI_F1 + 2}, {"\033[[D", TUI_F1 + 3},
	{"\033[[E", TUI_F1 + 4},
};

/* What the terminal's own description adds. */
static struct sequence learned[48];
static size_t n_learned;

/* Keys whose sequence ends in a letter, behind CSI or SS3. */
static const struct final_key {
	char final;
	enum tui_kind kind;
} finals[] = {
	{'A', TUI_UP},	    {'B', TUI_DOWN},   {'C', TUI_RIGHT},
	{'D', TUI_LEFT},    {'H', TUI_HOME},   {'F', TUI_END},
	{'Z', TUI_BACKTAB}, {'P', TUI_F1},     {'Q', TUI_F1 + 1},
	{'R', TUI_F1 + 2},  {'S', TUI_F1 + 3}, {'M', TUI_ENTER},
};

/* Keys of the form CSI number ~. */
static const struct {
	int number;
	enum tui_kind kind;
} tildes[] = {
	{1, TUI_HOME},	   {2, TUI_INSERT},   {3, TUI_DELETE},
	{4, TUI_END},	   {5, TUI_PAGE_UP},  {6, TUI_PAGE_DOWN},
	{7, TUI_HOME},	   {8, TUI_END},      {11, TUI_F1},
	{12, TUI_F1 + 1},  {13, TUI_F1 + 2},  {14, TUI_F1 + 3},
	{15, TUI_F1 + 4},  {17, TUI_F1 + 5},  {18, TUI_F1 + 6},
	{19, TUI_F1 + 7},  {20, TUI_F1 + 8},  {21, TUI_F1 + 9},
	{23, TUI_F1 + 10}, {24, TUI_F1 + 11},
};

static const enum tui_kind controls[32] = {
	['A' - 64] = TUI_HOME,	     ['C' - 64] = TUI_QUIT,
	['D' - 64] = TUI_DELETE,     ['E' - 64] = TUI_END,
	['F' - 64] = TUI_FIND,	     ['H' - 64] = TUI_BACKSPACE,
	['I' - 64] = TUI_TAB,	     ['J' - 64] = TUI_ENTER,
	['K' - 64] = TUI_ERASE_REST, ['L' - 64] = TUI_REDRAW,
	['M' - 64] = TUI_ENTER,	     ['N' - 64] = TUI_NEXT,
	['P' - 64] = TUI_PREVIOUS,   ['R' - 64] = TUI_RECALL,
	['U' - 64] = TUI_ERASE_LINE, ['W' - 64] = TUI_ERASE_WORD,
};

void tui_decoder_learn(const char *bytes, enum tui_kind key)
{
	if (bytes[0] != ESC || !bytes[1] || n_learned == TUI_LENGTH(learned))
		return;
	learned[n_learned++] = (struct sequence){bytes, key};
}

static void append(char **bytes, size_t *n, size_t *cap, const char *more,
		   size_t length)
{
	if (*n + length > *cap) {
		size_t larger = 2 * (*n + length);
		char *copy = tui_alloc(larger);

		/* It may be a secret: no copy stays behind. */
		if (*n)
			memcpy(copy, *bytes, *n);
		if (*bytes)
			explicit_bzero(*bytes, *cap);
		free(*bytes);
		*bytes = copy;
		*cap = larger;
	}
	if (length)
		memcpy(*bytes + *n, more, length);
	*n += length;
}

void tui_decoder_feed(struct tui_decoder *decoder, const char *bytes,
		      size_t length)
{
	append(&decoder->bytes, &decoder->n, &decoder->cap, bytes, length);
}

/* Matches a table of whole sequences: how many bytes one takes, NEEDS_MORE
 * when the bytes begin one, -1 when none fits. */
static int match_table(const struct sequence *table, size_t count,
		       const char *bytes, size_t n, struct tui_event *event)
{
	int result = -1;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(table[i].bytes);
		size_t common = length < n ? length : n;

		if (memcmp(bytes, table[i].bytes, common) != 0)
			continue;
		if (length > n) {
			result = NEEDS_MORE;
			continue;
		}
		event->kind = table[i].kind;
		return (int)length;
	}
	return result;
}

static enum tui_kind kind_of_tilde(int number)
{
	for (size_t i = 0; i < TUI_LENGTH(tildes); i++)
		if (tildes[i].number == number)
			return tildes[i].kind;
	return TUI_NONE;
}

static enum tui_kind kind_of_final(char final)
{
	for (size_t i = 0; i < TUI_LENGTH(finals); i++)
		if (finals[i].final == final)
			return finals[i].kind;
	return TUI_NONE;
}

/* CSI 1 ; m X: m - 1 has the bit 4 for Control. */
static enum tui_kind with_modifier(enum tui_kind kind, int modifier)
{
	bool control = modifier > 1 && ((modifier - 1) & 4);

	if (control && kind == TUI_LEFT)
		return TUI_WORD_LEFT;
	if (control && kind == TUI_RIGHT)
		return TUI_WORD_RIGHT;
	return kind;
}

/* Up to two decimal parameters; anything else makes the key unknown. */
static bool read_parameters(const char *bytes, size_t n, int ret_numbers[2])
{
	size_t which = 0;

	ret_numbers[0] = ret_numbers[1] = 0;
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == ';' && which == 0)
			which = 1;
		else if (bytes[i] >= '0' && bytes[i] <= '9' &&
			 ret_numbers[which] < 1000)
			ret_numbers[which] =
				ret_numbers[which] * 10 + bytes[i] - '0';
		else
			return false;
	}
	return true;
}

/* CSI < button ; column ; row M: the left button and the wheel, pressed
 * alone; nothing else of the mouse is a key. */
static void name_mouse(const char *bytes, size_t n, struct tui_event *event)
{
	static const struct {
		int button;
		enum tui_kind kind;
	} buttons[] = {
		{0, TUI_CLICK}, {64, TUI_WHEEL_UP}, {65, TUI_WHEEL_DOWN}};
	char text[24] = "";
	int button, column, row, used = 0;

	if (n >= sizeof(text) || bytes[n - 1] != 'M')
		return;
	memcpy(text, bytes, n - 1);
	if (sscanf(text, "%4d;%4d;%4d%n", &button, &column, &row, &used) != 3 ||
	    text[used])
		return;
	for (size_t i = 0; i < TUI_LENGTH(buttons); i++)
		if (buttons[i].button == button)
			event->kind = buttons[i].kind;
	event->row = row - 1;
	event->column = column - 1;
}

static void name_csi(struct tui_decoder *decoder, size_t n,
		     struct tui_event *event)
{
	char final = decoder->bytes[n - 1];
	int numbers[2];

	if (decoder->bytes[2] == '<') {
		name_mouse(decoder->bytes + 3, n - 3, event);
		return;
	}
	if (!read_parameters(decoder->bytes + 2, n - 3, numbers))
		return;
	if (final == '~' && numbers[0] == 200)
		decoder->pasting = true;
	else if (final == '~')
		event->kind = kind_of_tilde(numbers[0]);
	else if (final != 'M')
		event->kind = with_modifier(kind_of_final(final), numbers[1]);
}

/* ESC [ parameters 0x30-0x3f, intermediates 0x20-0x2f, final 0x40-0x7e. */
static size_t decode_csi(struct tui_decoder *decoder, struct tui_event *event)
{
	size_t i = 2;

	/* The Linux console's F keys have a second bracket, then a letter. */
	if (decoder->n > 2 && decoder->bytes[2] == '[')
		return decoder->n > 3 ? 4 : NEEDS_MORE;
	while (i < decoder->n && decoder->bytes[i] >= 0x20 &&
	       decoder->bytes[i] < 0x40)
		i++;
	if (i == decoder->n)
		return NEEDS_MORE;
	/* A control character in the middle ends it, and is read again. */
	if (decoder->bytes[i] < 0x20 || decoder->bytes[i] > 0x7e)
		return i;
	/* The mouse of terminals that know no other way: three bytes more. */
	if (i == 2 && decoder->bytes[2] == 'M' && decoder->mouse)
		return decoder->n < 6 ? NEEDS_MORE : 6;
	name_csi(decoder, i + 1, event);
	return i + 1;
}

static size_t decode_ss3(struct tui_decoder *decoder, struct tui_event *event)
{
	size_t i = 2;

	while (i < decoder->n && decoder->bytes[i] >= '0' &&
	       decoder->bytes[i] <= ';')
		i++;
	if (i == decoder->n)
		return NEEDS_MORE;
	if (decoder->bytes[i] < 0x20 || decoder->bytes[i] > 0x7e)
		return i;
	event->kind = kind_of_final(decoder->bytes[i]);
	return i + 1;
}

/* A string of the terminal's: up to BEL or ESC \. */
static size_t decode_string(const struct tui_decoder *decoder)
{
	for (size_t i = 2; i < decoder->n; i++) {
		if (decoder->bytes[i] == '\a')
			return i + 1;
		if (decoder->bytes[i] == ESC && i + 1 < decoder->n)
			return decoder->bytes[i + 1] == '\\' ? i + 2 : i;
	}
	return NEEDS_MORE;
}

static size_t decode_escape(struct tui_decoder *decoder,
			    struct tui_event *event)
{
	const char *bytes = decoder->bytes;
	int used;

	used = match_table(learned, n_learned, bytes, decoder->n, event);
	if (used < 0)
		used = match_table(sequences, TUI_LENGTH(sequences), bytes,
				   decoder->n, event);
	if (used >= 0)
		return (size_t)used;
	if (bytes[1] == '[')
		return decode_csi(decoder, event);
	if (bytes[1] == 'O')
		return decode_ss3(decoder, event);
	if (memchr("]PX^_", bytes[1], 5))
		return decode_string(decoder);
	/* Some terminals keep the function keys to themselves. */
	if (bytes[1] >= '0' && bytes[1] <= '9') {
		event->kind = TUI_F1 + (bytes[1] == '0' ? 9 : bytes[1] - '1');
		return 2;
	}
	/* Escape and a key typed fast are two keys; Alt and a letter, which
	 * looks the same for letters, is nothing here. */
	if ((unsigned char)bytes[1] > 0x20 && bytes[1] != 0x7f)
		return 2;
	event->kind = TUI_ESCAPE;
	return 1;
}

/* How many bytes a character has that begins so; 1 for what begins none. */
static size_t expected_length(unsigned char first)
{
	if (first < 0xc2 || first > 0xf4)
		return 1;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static size_t decode_character(struct tui_decoder *decoder, bool late,
			       struct tui_event *event)
{
	unsigned char first = (unsigned char)decoder->bytes[0];
	size_t expected = expected_length(first);
	char whole[5] = "";
	size_t length;

	if (decoder->n < expected && !late)
		return NEEDS_MORE;
	memcpy(whole, decoder->bytes,
	       decoder->n < expected ? decoder->n : expected);
	event->character = tui_decode(whole, &length);
	/* C1 controls and broken sequences are no characters. */
	if (first < 0x80 || (length > 1 && event->character >= 0xa0))
		event->kind = TUI_CHAR;
	return length;
}

/* The first event of the bytes that are there; how many it took. */
static size_t decode_one(struct tui_decoder *decoder, bool late,
			 struct tui_event *event)
{
	unsigned char first = (unsigned char)decoder->bytes[0];

	if (first == ESC && decoder->n > 1)
		return decode_escape(decoder, event);
	if (first == ESC)
		return NEEDS_MORE;
	if (first == 0x7f || first < 0x20) {
		event->kind = first == 0x7f ? TUI_BACKSPACE : controls[first];
		return 1;
	}
	return decode_character(decoder, late, event);
}

/* What begins a sequence that never came to its end: a lone Escape, or
 * something to forget. */
static size_t give_up(struct tui_decoder *decoder, struct tui_event *event)
{
	if (decoder->n == 1 && decoder->bytes[0] == ESC)
		event->kind = TUI_ESCAPE;
	return decoder->n;
}

static void drop(struct tui_decoder *decoder, size_t n)
{
	decoder->n -= n;
	memmove(decoder->bytes, decoder->bytes + n, decoder->n);
	explicit_bzero(decoder->bytes + decoder->n, n);
}

/* Line ends become '\n', other controls go. */
static char *clean_paste(const char *bytes, size_t n)
{
	char *text = tui_alloc(n + 1);
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\r' && i + 1 < n && bytes[i + 1] == '\n')
			continue;
		if (bytes[i] == '\r' || bytes[i] == '\n')
			text[out++] = '\n';
		else if ((unsigned char)bytes[i] >= 0x20 && bytes[i] != 0x7f)
			text[out++] = bytes[i];
	}
	return text;
}

static void keep_paste(struct tui_decoder *decoder, size_t n)
{
	size_t room = TUI_PASTE_MAX - decoder->paste_length;

	append(&decoder->paste, &decoder->paste_length, &decoder->paste_cap,
	       decoder->bytes, n < room ? n : room);
	drop(decoder, n);
}

static bool end_paste(struct tui_decoder *decoder, struct tui_event *event)
{
	event->kind = TUI_PASTE;
	event->text = clean_paste(decoder->paste, decoder->paste_length);
	decoder->pasting = decoder->typed = false;
	if (decoder->paste)
		explicit_bzero(decoder->paste, decoder->paste_length);
	decoder->paste_length = 0;
	return true;
}

static bool next_of_paste(struct tui_decoder *decoder, bool late,
			  struct tui_event *event)
{
	size_t end = strlen(PASTE_END);
	char *found =
		decoder->n ? memmem(decoder->bytes, decoder->n, PASTE_END, end)
			   : NULL;

	if (found) {
		keep_paste(decoder, (size_t)(found - decoder->bytes));
		drop(decoder, end);
		return end_paste(decoder, event);
	}
	/* The end may have come in part. */
	if (decoder->n >= end)
		keep_paste(decoder, decoder->n - end + 1);
	if (!late)
		return false;
	keep_paste(decoder, decoder->n);
	return end_paste(decoder, event);
}

/* Armour */

/* The last place of a word in the text pasted so far, or NULL. */
static const char *last_of(const struct tui_decoder *decoder, const char *word)
{
	const char *at = decoder->paste, *last = NULL;
	const char *behind = at + decoder->paste_length;

	while (at &&
	       (at = memmem(at, (size_t)(behind - at), word, strlen(word))))
		last = at++;
	return last;
}

/* Whether a block began whose end, with the dashes behind it, is missing. */
static bool is_open(const struct tui_decoder *decoder)
{
	const char *begin = last_of(decoder, ARMOUR_BEGIN);
	const char *end = last_of(decoder, ARMOUR_END);
	const char *dashes = last_of(decoder, "-----");

	return begin && (!end || end < begin || dashes == end);
}

/* What a text has in it: everything but keys. */
static size_t text_length(const struct tui_decoder *decoder)
{
	size_t n = 0;

	while (n < decoder->n && ((unsigned char)decoder->bytes[n] >= 0x20 ||
				  memchr("\r\n\t", decoder->bytes[n], 3)))
		n++;
	return n;
}

/* All that comes without a pause belongs to it. */
static bool next_of_armour(struct tui_decoder *decoder, bool late,
			   struct tui_event *event)
{
	keep_paste(decoder, text_length(decoder));
	return (late || decoder->n) && end_paste(decoder, event);
}

/* Whether armour begins with these bytes, or may: NEEDS_MORE; else -1. */
static int match_armour(const struct tui_decoder *decoder)
{
	size_t length = strlen(ARMOUR_BEGIN);
	size_t common = decoder->n < length ? decoder->n : length;

	if (memcmp(decoder->bytes, ARMOUR_BEGIN, common) != 0)
		return -1;
	return common < length ? NEEDS_MORE : (int)length;
}

static bool begins_armour(struct tui_decoder *decoder, bool late,
			  bool *ret_waits)
{
	int matched = match_armour(decoder);

	*ret_waits = matched == NEEDS_MORE && !late;
	if (matched <= 0)
		return false;
	decoder->pasting = decoder->typed = true;
	return true;
}

bool tui_decoder_next(struct tui_decoder *decoder, bool late,
		      struct tui_event *ret_event)
{
	*ret_event = (struct tui_event){.kind = TUI_NONE};
	if (decoder->typed)
		return next_of_armour(decoder, late, ret_event);
	if (decoder->pasting)
		return next_of_paste(decoder, late, ret_event);
	while (decoder->n && ret_event->kind == TUI_NONE) {
		bool waits;
		size_t used;

		if (begins_armour(decoder, late, &waits))
			return next_of_armour(decoder, false, ret_event);
		if (waits)
			return false;
		used = decode_one(decoder, late, ret_event);

		if (used == NEEDS_MORE && !late)
			return false;
		if (used == NEEDS_MORE)
			used = give_up(decoder, ret_event);
		drop(decoder, used);
		if (decoder->pasting)
			return next_of_paste(decoder, false, ret_event);
	}
	return ret_event->kind != TUI_NONE;
}

bool tui_decoder_waits(const struct tui_decoder *decoder)
{
	return decoder->n > 0 || decoder->pasting;
}

bool tui_decoder_is_pasting(const struct tui_decoder *decoder)
{
	return decoder->pasting && (!decoder->typed || is_open(decoder));
}

void tui_decoder_done(struct tui_decoder *decoder)
{
	if (decoder->bytes)
		explicit_bzero(decoder->bytes, decoder->cap);
	if (decoder->paste)
		explicit_bzero(decoder->paste, decoder->paste_cap);
	free(decoder->bytes);
	free(decoder->paste);
	*decoder = (struct tui_decoder){0};
}
