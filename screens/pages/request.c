/* A request for a CA: made here, its answer finished later. */
#include "core/apply/request_files.h"
#include "core/base/i18n.h"
#include "screens/screen.h"
#include "tui/text.h"

static void show_request(const char *pem, const char *key, const char *request)
{
	struct scr_view view = {
		.title = N_("The request for your CA"),
		.keys = N_("Up Down PgUp PgDn scroll  Esc back"),
	};
	struct tui_widget *pager = tui_form_add(&view.form, tui_pager_new(3));
	struct tui_wrap lines = {pem, 200};
	const char *line;
	size_t length;

	scr_lines_note(pager, SEVERITY_OK,
		       "%s: send this file to your CA, or "
		       "copy the text below into its form",
		       request);
	scr_lines_note(pager, SEVERITY_OK,
		       "%s: the key, for its owner alone. "
		       "It stays here; nobody needs a copy",
		       key);
	scr_lines_note(pager, SEVERITY_INFO,
		       "You may quit now. When the CA "
		       "has answered: \"finish a request\" as source");
	tui_pager_add(pager, TUI_PLAIN, "");
	while ((line = tui_wrap_next(&lines, &length))) {
		hs_auto_free char *row = hs_strndup(line, length);

		tui_pager_add(pager, TUI_PLAIN, row);
	}
	tui_form_focus(&view.form, NULL);
	scr_view_run(&view);
}

int scr_request_make(struct wizard *wizard, const char *names,
		     const char *key_type, const char *directory,
		     char **ret_key, char **ret_request)
{
	hs_auto_request_files struct request_files made;
	struct error err = {0};

	if (hs_request_files_make(names, key_type, directory, &made, &err)) {
		scr_tell_error(wizard, "Request", &err);
		return -1;
	}
	show_request(hs_str_text(&made.pem), made.key, made.request);
	*ret_key = hs_steal(made.key);
	*ret_request = hs_steal(made.request);
	return 0;
}
