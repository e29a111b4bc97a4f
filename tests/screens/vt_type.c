/* Keys by their names, as the emulator's terminal sends them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vterm.h>

#include "tests/screens/vt.h"

static const struct key {
	const char *name;
	VTermKey key;
	VTermModifier modifier;
} keys[] = {
	{"Up", VTERM_KEY_UP, 0},       {"Down", VTERM_KEY_DOWN, 0},
	{"Left", VTERM_KEY_LEFT, 0},   {"Right", VTERM_KEY_RIGHT, 0},
	{"Home", VTERM_KEY_HOME, 0},   {"End", VTERM_KEY_END, 0},
	{"PgUp", VTERM_KEY_PAGEUP, 0}, {"PgDn", VTERM_KEY_PAGEDOWN, 0},
	{"Enter", VTERM_KEY_ENTER, 0}, {"Tab", VTERM_KEY_TAB, 0},
	{"Esc", VTERM_KEY_ESCAPE, 0},  {"BS", VTERM_KEY_BACKSPACE, 0},
	{"Del", VTERM_KEY_DEL, 0},     {"S-Tab", VTERM_KEY_TAB, 1},
};

static void press(struct vt *vt, const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, name) == 0) {
			vterm_keyboard_key(vt_emulator(vt), keys[i].key,
					   keys[i].modifier);
			/* What follows must not look like its sequence. */
			if (keys[i].key == VTERM_KEY_ESCAPE)
				vt_settle(vt);
			return;
		}
	}
	if (strcmp(name, "Space") == 0)
		vt_send(vt, " ", 1);
	else if (name[0] == 'C' && name[1] == '-')
		vt_send(vt, &(char){(char)(name[2] & 0x1f)}, 1);
	else if (name[0] == 'F')
		vterm_keyboard_key(vt_emulator(vt),
				   (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)),
				   VTERM_MOD_NONE);
	else
		vt_fail("no key is called <%s>", name);
}

void vt_keys(struct vt *vt, const char *typed)
{
	while (*typed) {
		const char *end = strchr(typed, '>');
		char name[16] = "";

		if (typed[0] != '<' || typed[1] == '<' || !end) {
			vt_send(vt, typed, 1);
			typed += typed[0] == '<' && typed[1] == '<' ? 2 : 1;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(end - typed - 1),
			 typed + 1);
		press(vt, name);
		typed = end + 1;
	}
}

void vt_paste(struct vt *vt, const char *text)
{
	vterm_keyboard_start_paste(vt_emulator(vt));
	vt_send(vt, text, strlen(text));
	vterm_keyboard_end_paste(vt_emulator(vt));
}
