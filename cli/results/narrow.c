#include "cli/results/narrow.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/str.h"
#include "core/base/text.h"

/* A screen that is lower than this has no room for lists. */
#define LOW 16
/* One that is narrower has little room for blanks at the left. */
#define SLIM 60
#define INDENT_MAX 2
/* How much further a line goes on. */
#define HANG 2

static struct winsize size_of(int fd)
{
	struct winsize size = {0};

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size))
		return (struct winsize){0};
	return size;
}

bool cli_is_low(void)
{
	struct winsize size = size_of(STDOUT_FILENO);

	return size.ws_row && size.ws_row < LOW;
}

static int width_of(const char *text, size_t length)
{
	hs_auto_free char *copy = hs_strndup(text, length);

	return hs_text_width(copy);
}

/* Blanks and words by turns. */
static void print_words(FILE *to, const char *line, int columns)
{
	int indent = (int)strspn(line, " "), column;

	line += indent;
	if (columns < SLIM && indent > INDENT_MAX)
		indent = INDENT_MAX;
	column = fprintf(to, "%*s", indent, "");
	while (*line) {
		size_t blanks = strspn(line, " ");
		size_t length = strcspn(line + blanks, " ");
		int width = width_of(line + blanks, length);

		if (blanks && column + (int)blanks + width >= columns) {
			column = fprintf(to, "\n%*s", indent + HANG, "") - 1;
			line += blanks;
			blanks = 0;
		}
		fwrite(line, 1, blanks + length, to);
		column += (int)blanks + width;
		line += blanks + length;
	}
}

void cli_print_narrow(FILE *to, const char *line)
{
	int columns = size_of(fileno(to)).ws_col;

	if (!columns || (columns >= SLIM && hs_text_width(line) < columns))
		fputs(line, to);
	else
		print_words(to, line, columns);
}

void cli_print_part(FILE *to, const char *format, ...)
{
	struct str line hs_auto_str = {0};
	hs_auto_free char *safe = NULL;
	va_list args;

	hs_str_puts(&line, "    ");
	va_start(args, format);
	hs_str_vprintf(&line, format, args);
	va_end(args);
	safe = hs_text_safe(hs_str_text(&line), line.len, 0);
	cli_print_narrow(to, safe);
	putc('\n', to);
}
