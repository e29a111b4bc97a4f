#include "tests/screens/storm.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t dice;

/* xorshift: the same everywhere. */
static unsigned roll(unsigned sides)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice % sides;
}

#define PICK(list) (list)[roll(sizeof(list) / sizeof((list)[0]))]

static void send_text(struct vt *vt, const char *text)
{
	vt_send(vt, text, strlen(text));
}

/* Noise */

static void unknown_csi(struct vt *vt)
{
	static const char finals[] =
		"abcdefghijklmnopqrstuvwxyz@`{|}GIJKLNOTUVWXY";
	char text[64];

	snprintf(text, sizeof(text), "\033[%u;%u;%u;%u%c", roll(300), roll(300),
		 roll(300), roll(300), finals[roll(sizeof(finals) - 1)]);
	send_text(vt, text);
}

static void report(struct vt *vt)
{
	static const char *const reports[] = {
		"\033[I",
		"\033[O",
		"\033[?1;2c",
		"\033[>41;354;0c",
		"\033[24;80R",
		"\033[0n",
		"\033[201~",
		"\033[99~",
		"\033[200z",
		"\033]0;q\r\n\033\\",
		"\033]11;rgb:0/0/0\a",
		"\033P1$r0m\033\\",
		"\033_G\r\033\\",
		"\033[<35;9;9M",
		"\033[<0;9;9m",
		"\033[?2026;2$y",
		"\033[25;4~",
		"\033Oz",
	};

	send_text(vt, PICK(reports));
}

static void alt_letter(struct vt *vt)
{
	char text[] = {'\033', (char)('a' + roll(26)), '\0'};

	send_text(vt, text);
}

static void broken_characters(struct vt *vt)
{
	static const char *const broken[] = {"\x80",	     "\xff",
					     "\xfe",	     "\xc0\xaf",
					     "\xed\xa0\x80", "\xf5\x80\x80\x80",
					     "\xc2\x9b"};

	send_text(vt, PICK(broken));
}

static void nul(struct vt *vt)
{
	vt_send(vt, "\0\0", 2);
}

static void drag_window(struct vt *vt)
{
	int rows, cols;

	vt_size(vt, &rows, &cols);
	for (unsigned n = 1 + roll(6); n > 0; n--)
		vt_resize(vt, 1 + (int)roll(70), 1 + (int)roll(220));
	vt_resize(vt, rows, cols);
}

/* Keys */

static void character(struct vt *vt)
{
	static const char *const wide[] = {"ä", "日",		"e\xcc\x81",
					   "🔒", "\xe2\x80\xae", "\xef\xbf\xbd"};
	char text[] = {(char)('!' + roll(94)), '\0'};

	send_text(vt, roll(8) ? text : PICK(wide));
}

/* All but Ctrl-J and Ctrl-M, which are Enter, and Escape. */
static void control(struct vt *vt)
{
	char byte = (char)(1 + roll(26));

	if (byte != '\n' && byte != '\r')
		vt_send(vt, &byte, 1);
}

static void key(struct vt *vt)
{
	static const char *const names[] = {
		"<Up>",	  "<Down>", "<Left>", "<Right>", "<Home>", "<End>",
		"<PgUp>", "<PgDn>", "<Tab>",  "<S-Tab>", "<BS>",   "<Del>",
		"<Esc>",  "<F1>",   "<F2>",   "<F3>",	 "<F4>",   "<F10>"};

	vt_keys(vt, PICK(names));
}

static void wheel(struct vt *vt)
{
	char text[32];

	snprintf(text, sizeof(text), "\033[<%u;%u;%uM", 64 + roll(2), roll(90),
		 roll(30));
	send_text(vt, text);
}

/* Any bytes but the end of a paste. */
static char *make_bytes(size_t length)
{
	char *bytes = malloc(length + 1);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(1 + roll(255));
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\033')
			bytes[i] = '\r';
	bytes[length] = '\0';
	return bytes;
}

static size_t any_length(void)
{
	return roll(40) ? roll(300) : roll(1 << 20);
}

static void paste_in_brackets(struct vt *vt)
{
	char *bytes = make_bytes(any_length());

	send_text(vt, "\033[200~");
	send_text(vt, bytes);
	send_text(vt, "\033[201~");
	free(bytes);
}

/* Without brackets only armour is known to be a paste. */
static void paste_armour(struct vt *vt)
{
	send_text(vt, "-----BEGIN NOISE-----\r");
	for (size_t n = any_length() / 65; n > 0; n--)
		send_text(vt, "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
			      "wXyzwXyzwXyzwXyzwXyz\r");
	send_text(vt, "-----END NOISE-----\r");
}

/* Storms */

struct weather {
	unsigned share;
	void (*act)(struct vt *vt);
};

static const struct weather noise[] = {
	{30, unknown_csi},	 {30, report}, {10, alt_letter},
	{20, broken_characters}, {9, nul},     {1, drag_window},
};
static const struct weather keys[] = {
	{30, character},
	{12, control},
	{20, key},
	{3, wheel},
	{12, unknown_csi},
	{12, report},
	{8, broken_characters},
	{2, nul},
	{1, drag_window},
};
/* Once in so many events. */
#define PASTE_EACH 500

static void blow(struct vt *vt, const struct weather *weather)
{
	unsigned at = roll(100);

	while (at >= weather->share)
		at -= weather++->share;
	weather->act(vt);
}

/* A sequence that was sent last must not go on in what comes next. */
static void calm(struct vt *vt)
{
	vt_settle(vt);
	if (vt_has_ended(vt))
		vt_fail("the program ended in a storm:\n%s", vt_picture(vt));
}

void storm_of_noise(struct vt *vt, unsigned seed, long count)
{
	dice = seed | 1;
	while (count-- > 0)
		blow(vt, noise);
	calm(vt);
}

void storm_of_keys(struct vt *vt, unsigned seed, long count)
{
	dice = seed | 1;
	while (count-- > 0 && !vt_has_ended(vt)) {
		blow(vt, keys);
		if (roll(PASTE_EACH) == 0) {
			calm(vt);
			(roll(2) ? paste_in_brackets : paste_armour)(vt);
			calm(vt);
		}
	}
	calm(vt);
}
