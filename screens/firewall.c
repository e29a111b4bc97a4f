/* Step 6: who decides about packets here, and what would have to be open. */
#include <string.h>

#include "screens/screen.h"

enum { FOUND };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[FOUND] = tui_form_add(&page->form, tui_notes_new());
}

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	scr_asked_by_id(page, "firewall.backend")->widget->space = 1;
}

static void note_one(struct tui_widget *notes,
		     const struct firewall_facts *firewall, int port)
{
	const char *detail = firewall->detail ? firewall->detail : "";

	if (!firewall->active)
		scr_note(notes, SEVERITY_INFO, "%s is there, not active%s%s",
			 firewall->title, *detail ? ": " : "", detail);
	else if (firewall->open_https)
		scr_note(notes, SEVERITY_OK, "%s lets TCP port %d through",
			 firewall->title, port);
	else if (firewall->unknown)
		scr_note(notes, SEVERITY_INFO,
			 "what %s lets in cannot be seen from here%s%s",
			 firewall->title, *detail ? ": " : "", detail);
	else
		scr_note(notes, SEVERITY_WARNING,
			 "%s decides here: TCP port %d would have to be opened",
			 firewall->title, port);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct facts *facts = &wizard->job->facts;
	int port = wizard->job->settings.https_port;

	tui_notes_clear(page->own[FOUND]);
	HS_EACH(firewall, &facts->firewalls)
		note_one(page->own[FOUND], firewall, port);
	if (!facts->firewalls.n)
		scr_note(page->own[FOUND], SEVERITY_OK, "%s",
			 strcmp(wizard->job->settings.firewall, "none")
				 ? "no firewall was found on this machine"
				 : "firewalls are left alone, as you asked");
	scr_note(page->own[FOUND], SEVERITY_INFO,
		 "No firewall is changed by this version. Firewalls between "
		 "this machine and its visitors are not seen from here.");
}

const struct screen scr_firewall = {
	.step = STEP_FIREWALL,
	.begin = begin,
	.end = end,
	.refresh = refresh,
};
