/* From bytes to events: nothing unknown may ever turn into keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/decode.h"

static struct tui_decoder decoder;

static void feed(const char *bytes)
{
	tui_decoder_feed(&decoder, bytes, strlen(bytes));
}

static int setup(void **state)
{
	(void)state;
	tui_decoder_done(&decoder);
	return 0;
}

/* The next event's kind, TUI_NONE when there is none. */
static enum tui_kind next(bool late)
{
	struct tui_event event;
	bool any = tui_decoder_next(&decoder, late, &event);

	free(event.text);
	return any ? event.kind : TUI_NONE;
}

static void expect_key(const char *bytes, enum tui_kind kind)
{
	feed(bytes);
	assert_int_equal(next(false), kind);
	assert_int_equal(next(false), TUI_NONE);
	assert_false(tui_decoder_waits(&decoder));
}

static void expect_char(const char *bytes, long character)
{
	struct tui_event event;

	feed(bytes);
	assert_true(tui_decoder_next(&decoder, false, &event));
	assert_int_equal(event.kind, TUI_CHAR);
	assert_int_equal(event.character, character);
	assert_false(tui_decoder_waits(&decoder));
}

static void keys_of_many_terminals(void **state)
{
	static const struct {
		const char *bytes;
		enum tui_kind kind;
	} cases[] = {
		{"\033[A", TUI_UP},
		{"\033OA", TUI_UP},
		{"\033[B", TUI_DOWN},
		{"\033OC", TUI_RIGHT},
		{"\033[1;5C", TUI_WORD_RIGHT},
		{"\033[1;5D", TUI_WORD_LEFT},
		{"\033[1;2C", TUI_RIGHT},
		{"\033[H", TUI_HOME},
		{"\033[1~", TUI_HOME},
		{"\033OF", TUI_END},
		{"\033[4~", TUI_END},
		{"\033[5~", TUI_PAGE_UP},
		{"\033[6~", TUI_PAGE_DOWN},
		{"\033[3~", TUI_DELETE},
		{"\033[Z", TUI_BACKTAB},
		{"\033OP", TUI_F1},
		{"\033[11~", TUI_F1},
		{"\033[[A", TUI_F1},
		{"\033[[E", TUI_F1 + 4},
		{"\033[15~", TUI_F1 + 4},
		{"\033[21~", TUI_F1 + 9},
		{"\033[24~", TUI_F12},
		{"\r", TUI_ENTER},
		{"\n", TUI_ENTER},
		{"\033OM", TUI_ENTER},
		{"\t", TUI_TAB},
		{"\177", TUI_BACKSPACE},
		{"\b", TUI_BACKSPACE},
		{"\f", TUI_REDRAW},
		{"\016", TUI_NEXT},
		{"\003", TUI_QUIT},
		{"\025", TUI_ERASE_LINE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_key(cases[i].bytes, cases[i].kind);
}

static void a_key_in_pieces(void **state)
{
	(void)state;
	feed("\033");
	assert_int_equal(next(false), TUI_NONE);
	feed("[");
	assert_int_equal(next(false), TUI_NONE);
	assert_true(tui_decoder_waits(&decoder));
	expect_key("A", TUI_UP);
}

static void escape_alone(void **state)
{
	(void)state;
	feed("\033");
	assert_int_equal(next(false), TUI_NONE);
	assert_int_equal(next(true), TUI_ESCAPE);
	assert_int_equal(next(true), TUI_NONE);
}

static void escape_and_a_key(void **state)
{
	(void)state;
	feed("\033\t");
	assert_int_equal(next(false), TUI_ESCAPE);
	assert_int_equal(next(false), TUI_TAB);
}

static void unknown_sequences_are_swallowed(void **state)
{
	static const char *const unknown[] = {
		"\033[I",	 "\033[O",	   "\033[200;1q",
		"\033[?1;2c",	 "\033[>0;276;0c", "\033[99~",
		"\033[1;2;3;4R", "\033[<0;1M",	   "\033Oz",
		"\033O5z",	 "\033[[Z",	   "\033[ q",
		"\033x",	 "\033]0;q\a",	   "\033]11;rgb:q/q\033\\",
		"\033Pq\033\\",	 "\033_q\033\\",   "\033[201~",
		"\002",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		feed(unknown[i]);
		expect_key("\t", TUI_TAB);
	}
}

static void a_sequence_cut_off_is_forgotten(void **state)
{
	(void)state;
	feed("\033[1;");
	assert_int_equal(next(false), TUI_NONE);
	assert_int_equal(next(true), TUI_NONE);
	assert_false(tui_decoder_waits(&decoder));
	expect_char("x", 'x');
}

static void a_control_character_ends_a_sequence(void **state)
{
	(void)state;
	feed("\033[1;\r");
	assert_int_equal(next(false), TUI_ENTER);
}

static void characters(void **state)
{
	(void)state;
	expect_char("q", 'q');
	expect_char("\303\244", 0xe4);
	expect_char("\342\202\254", 0x20ac);
	expect_char("\360\237\230\200", 0x1f600);
}

static void a_character_in_pieces(void **state)
{
	(void)state;
	feed("\342\202");
	assert_int_equal(next(false), TUI_NONE);
	expect_char("\254", 0x20ac);
}

static void broken_characters_are_nothing(void **state)
{
	static const char *const broken[] = {
		"\200", "\377", "\300\200", "\302\205", "\355\240\200",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		feed(broken[i]);
		expect_key("\t", TUI_TAB);
	}
}

static void expect_paste(const char *bytes, const char *text)
{
	struct tui_event event;

	feed(bytes);
	assert_true(tui_decoder_next(&decoder, false, &event));
	assert_int_equal(event.kind, TUI_PASTE);
	assert_string_equal(event.text, text);
	free(event.text);
}

static void a_paste_is_one_event(void **state)
{
	(void)state;
	expect_paste("\033[200~one\rtwo\r\nthree\n\033[Aq\003\033[201~",
		     "one\ntwo\nthree\n[Aq");
	expect_key("\t", TUI_TAB);
}

static void a_paste_in_pieces(void **state)
{
	(void)state;
	feed("\033[200~one\033[20");
	assert_int_equal(next(false), TUI_NONE);
	expect_paste("1~", "one");
	expect_paste("\033[200~two\033[201~", "two");
}

static void a_paste_without_end_ends_in_time(void **state)
{
	struct tui_event event;

	(void)state;
	feed("\033[200~one");
	assert_false(tui_decoder_next(&decoder, false, &event));
	assert_true(tui_decoder_next(&decoder, true, &event));
	assert_string_equal(event.text, "one");
	free(event.text);
}

static void a_paste_is_capped(void **state)
{
	size_t length = TUI_PASTE_MAX + 1000;
	char *bytes = malloc(length + 1);
	struct tui_event event;

	(void)state;
	memset(bytes, 'x', length);
	bytes[length] = '\0';
	feed("\033[200~");
	feed(bytes);
	feed("\033[201~");
	assert_true(tui_decoder_next(&decoder, false, &event));
	assert_int_equal(strlen(event.text), TUI_PASTE_MAX);
	free(event.text);
	free(bytes);
	expect_key("\t", TUI_TAB);
}

static void keys_of_this_terminal(void **state)
{
	(void)state;
	/* A sequence that would otherwise mean nothing. */
	tui_decoder_learn("\033[999z", TUI_F1);
	expect_key("\033[999z", TUI_F1);
	/* No sequence at all: a terminal must not redefine letters. */
	tui_decoder_learn("q", TUI_F1);
	expect_char("q", 'q');
}

static const char armour[] = "-----BEGIN CERTIFICATE-----\r"
			     "MIIB\r"
			     "-----END CERTIFICATE-----\r";
static const char plain_armour[] = "-----BEGIN CERTIFICATE-----\n"
				   "MIIB\n"
				   "-----END CERTIFICATE-----\n";

/* What the decoder makes of the bytes once no more come. */
static void expect_late_paste(const char *text)
{
	struct tui_event event;

	assert_false(tui_decoder_next(&decoder, false, &event));
	assert_true(tui_decoder_next(&decoder, true, &event));
	assert_int_equal(event.kind, TUI_PASTE);
	assert_string_equal(event.text, text);
	free(event.text);
	assert_int_equal(next(true), TUI_NONE);
	assert_false(tui_decoder_waits(&decoder));
}

/* A terminal that sets no brackets sends a certificate as if it were typed. */
static void armour_without_brackets_is_a_paste(void **state)
{
	(void)state;
	feed(armour);
	expect_late_paste(plain_armour);
	expect_key("\r", TUI_ENTER);
}

static void armour_in_pieces(void **state)
{
	struct tui_event event;

	(void)state;
	for (const char *c = armour; *c; c++) {
		char byte[] = {*c, '\0'};

		feed(byte);
		assert_false(tui_decoder_next(&decoder, false, &event));
		assert_true(tui_decoder_waits(&decoder));
	}
	expect_late_paste(plain_armour);
}

/* While a block is open, or behind one, all belongs to one paste. */
static void armour_of_several_blocks(void **state)
{
	char *twice;
	struct tui_event event;

	(void)state;
	assert_true(asprintf(&twice, "%sand a key:\n%s", plain_armour,
			     plain_armour) > 0);
	feed(armour);
	assert_false(tui_decoder_next(&decoder, false, &event));
	assert_false(tui_decoder_is_pasting(&decoder));
	feed("and a key:\r");
	feed("-----BEGIN CERTIFICATE-----\r");
	assert_false(tui_decoder_next(&decoder, false, &event));
	assert_true(tui_decoder_is_pasting(&decoder));
	feed(strchr(armour, '\r') + 1);
	expect_late_paste(twice);
	free(twice);
}

/* A key ends it, and is one. */
static void a_key_behind_armour(void **state)
{
	struct tui_event event;

	(void)state;
	feed(armour);
	feed("\033[A");
	assert_true(tui_decoder_next(&decoder, false, &event));
	assert_int_equal(event.kind, TUI_PASTE);
	assert_string_equal(event.text, plain_armour);
	free(event.text);
	assert_int_equal(next(false), TUI_UP);
}

/* Dashes that somebody types are dashes. */
static void dashes_are_no_armour(void **state)
{
	(void)state;
	feed("--");
	assert_int_equal(next(false), TUI_NONE);
	assert_int_equal(next(true), TUI_CHAR);
	assert_int_equal(next(true), TUI_CHAR);
	feed("-----begin\r");
	for (int i = 0; i < 10; i++)
		assert_int_equal(next(false), TUI_CHAR);
	assert_int_equal(next(false), TUI_ENTER);
}

/* Whatever comes, it comes to an end, and no letter leaks out of a sequence
 * of the form ESC [ ... final. */
static void random_sequences(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char bytes[16] = "\033[";
		size_t n = 2, length;

		length = 2 + (size_t)(rand_r(&seed) % 10);
		while (n < length)
			bytes[n++] = (char)(0x20 + rand_r(&seed) % 0x20);
		bytes[n++] = (char)(0x61 + rand_r(&seed) % 0x1a);
		/* 200~ is the start of a paste and ends in '~'. */
		bytes[n] = '\0';
		feed(bytes);
		assert_int_equal(next(false), TUI_NONE);
		assert_false(tui_decoder_waits(&decoder));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(keys_of_many_terminals, setup),
		cmocka_unit_test_setup(a_key_in_pieces, setup),
		cmocka_unit_test_setup(escape_alone, setup),
		cmocka_unit_test_setup(escape_and_a_key, setup),
		cmocka_unit_test_setup(unknown_sequences_are_swallowed, setup),
		cmocka_unit_test_setup(a_sequence_cut_off_is_forgotten, setup),
		cmocka_unit_test_setup(a_control_character_ends_a_sequence,
				       setup),
		cmocka_unit_test_setup(characters, setup),
		cmocka_unit_test_setup(a_character_in_pieces, setup),
		cmocka_unit_test_setup(broken_characters_are_nothing, setup),
		cmocka_unit_test_setup(a_paste_is_one_event, setup),
		cmocka_unit_test_setup(a_paste_in_pieces, setup),
		cmocka_unit_test_setup(a_paste_without_end_ends_in_time, setup),
		cmocka_unit_test_setup(a_paste_is_capped, setup),
		cmocka_unit_test_setup(armour_without_brackets_is_a_paste,
				       setup),
		cmocka_unit_test_setup(armour_in_pieces, setup),
		cmocka_unit_test_setup(armour_of_several_blocks, setup),
		cmocka_unit_test_setup(a_key_behind_armour, setup),
		cmocka_unit_test_setup(dashes_are_no_armour, setup),
		cmocka_unit_test_setup(keys_of_this_terminal, setup),
		cmocka_unit_test_setup(random_sequences, setup),
	};
	int failed = cmocka_run_group_tests_name("decode", tests, NULL, NULL);

	tui_decoder_done(&decoder);
	return failed;
}
