#include "tui/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "tui/terminal.h"
#include "tui/text.h"

enum hue { PLAIN, GREEN, CYAN, YELLOW, RED, HUES };

struct look {
	unsigned attributes;
	enum hue hue;
};

/* Each style differs from plain text without colour too where it must be
 * found; what it means is always also a word. */
static const struct look usual[TUI_STYLES] = {
	[TUI_BOLD] = {A_BOLD, PLAIN},
	[TUI_TITLE] = {A_BOLD, PLAIN},
	[TUI_FOCUS] = {A_REVERSE, PLAIN},
	[TUI_LINK] = {0, CYAN},
	[TUI_OK] = {0, GREEN},
	[TUI_NOTE] = {0, CYAN},
	[TUI_WARN] = {A_BOLD, YELLOW},
	[TUI_STOP] = {A_BOLD, RED},
	[TUI_ADDED] = {0, GREEN},
	[TUI_REMOVED] = {0, RED},
};

/* Nothing but the two colours the operator reads best. */
static const struct look contrast[TUI_STYLES] = {
	[TUI_BOLD] = {A_BOLD, PLAIN},
	[TUI_TITLE] = {A_BOLD, PLAIN},
	[TUI_FOCUS] = {A_REVERSE | A_BOLD, PLAIN},
	[TUI_LINK] = {A_BOLD, PLAIN},
	[TUI_OK] = {A_BOLD, PLAIN},
	[TUI_NOTE] = {A_BOLD, PLAIN},
	[TUI_WARN] = {A_REVERSE, PLAIN},
	[TUI_STOP] = {A_REVERSE | A_BOLD, PLAIN},
	[TUI_ADDED] = {A_BOLD, PLAIN},
	[TUI_REMOVED] = {0, PLAIN},
};

const char *const tui_theme_names[] = {"default", "high-contrast", "mono",
				       NULL};

static struct {
	const struct look *looks;
	bool color;
	bool behind;
} theme = {.looks = usual};

/* Some terminals tell their colours: "15;0" is white on black. */
static bool is_light(void)
{
	const char *colors = getenv("COLORFGBG");
	const char *ground = colors ? strrchr(colors, ';') : NULL;
	int number = ground ? atoi(ground + 1) : 0;

	return number == 7 || (number > 8 && number < 16);
}

/* Those of the ground that was told.  Of 256 colours the first are read on any
 * ground, best on a dark one; of 8, they need a dark one. */
static const short *hues(void)
{
	static const short many[2][HUES] = {{-1, 34, 32, 172, 196},
					    {-1, 28, 25, 130, 160}};
	static const short few[2][HUES] = {
		{-1, COLOR_GREEN, COLOR_CYAN, COLOR_YELLOW, COLOR_RED},
		{-1, COLOR_GREEN, COLOR_BLUE, COLOR_MAGENTA, COLOR_RED}};

	return COLORS >= 256 ? many[is_light()] : few[is_light()];
}

static void set_colors(void)
{
	start_color();
	use_default_colors();
	for (short i = PLAIN + 1; i < HUES; i++)
		init_pair(i, hues()[i], -1);
}

void tui_theme_start(const char *name, bool color)
{
	bool high = name && strcmp(name, "high-contrast") == 0;
	bool mono = name && strcmp(name, "mono") == 0;

	theme.looks = high ? contrast : usual;
	theme.color = color && !high && !mono;
	if (theme.color)
		set_colors();
}

void tui_theme_behind(bool behind)
{
	theme.behind = behind;
}

unsigned tui_attributes(enum tui_style style)
{
	const struct look *look = &theme.looks[style];

	if (theme.behind && style == TUI_FOCUS)
		look = &theme.looks[TUI_PLAIN];
	if (!theme.color)
		return look->attributes;
	return look->attributes | (unsigned)COLOR_PAIR(look->hue);
}
