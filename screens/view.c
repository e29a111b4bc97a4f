/* A picture above the wizard's own: a text to read, a file to choose. */
#include <stdlib.h>

#include "core/base/i18n.h"
#include "screens/screen.h"
#include "tui/frame.h"
#include "tui/input.h"
#include "tui/terminal.h"

/* How long nothing must be typed before there is time for other things. */
#define PAUSE_MS 40

static void draw(struct scr_view *view)
{
	struct tui_frame frame = {
		.program = PACKAGE_NAME,
		.subject = _(view->title),
		.keys = tui_columns() < 70 && view->few_keys ? view->few_keys
							     : view->keys,
	};
	struct tui_area body;

	if (tui_frame_draw(&frame, &body))
		return;
	tui_form_draw(&view->form, &body);
	tui_show();
}

static bool ends(const struct tui_event *event)
{
	if (event->kind == TUI_SIGNAL || event->kind == TUI_HANGUP ||
	    event->kind == TUI_QUIT) {
		tui_input_return(event);
		return true;
	}
	return event->kind == TUI_ESCAPE;
}

/* Whether something was chosen. */
static bool handle(struct scr_view *view, struct tui_event *event)
{
	struct tui_widget *widget;
	unsigned reaction;

	if (event->kind == TUI_REDRAW || event->kind == TUI_F1 + 2) {
		tui_resized();
		tui_repaint();
	}
	if (tui_too_small() || event->kind < TUI_PASTE)
		return false;
	tui_form_read_letter(&view->form, event);
	reaction = tui_form_handle(&view->form, event, &widget);
	if (reaction == TUI_IGNORED && view->key)
		view->key(view, event);
	if (view->links && reaction & TUI_CHANGED)
		reaction |= TUI_ACTIVATED;
	if (reaction & TUI_ACTIVATED && view->choose)
		view->choose(view);
	return reaction & TUI_ACTIVATED;
}

void scr_view_run(struct scr_view *view)
{
	struct tui_event event = {0};
	bool more = view->idle, over = false;

	while (!over) {
		draw(view);
		tui_input_next(&event, more ? PAUSE_MS : -1);
		if (event.kind == TUI_IDLE)
			more = view->idle(view);
		else if (ends(&event))
			break;
		else
			over = handle(view, &event);
		if (event.kind != TUI_IDLE)
			more = view->idle;
		free(event.text);
	}
	tui_form_done(&view->form);
}
