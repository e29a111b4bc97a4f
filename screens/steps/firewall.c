/* Step 6: who decides about packets here, and what would have to be open. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/firewall/firewall.h"
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

static void note_port(struct tui_widget *notes,
		      const struct firewall_facts *firewall, int port,
		      bool open)
{
	const char *detail = firewall->detail ? firewall->detail : "";
	hs_auto_free char *who = hs_format("%s%s%s", firewall->title,
					   *detail ? ", " : "", detail);

	scr_note(notes, open ? SEVERITY_OK : SEVERITY_WARNING,
		 open ? N_("%s decides here: TCP port %d is open to everybody")
		      : N_("%s decides here: TCP port %d is shut"),
		 who, port);
}

/* What decides today. */
static void note_one(struct tui_widget *notes,
		     const struct firewall_facts *firewall,
		     const struct settings *settings)
{
	const char *detail = firewall->detail ? firewall->detail : "";

	if (firewall->unknown)
		scr_note(notes, SEVERITY_INFO,
			 "what %s lets in cannot be seen from here%s%s",
			 firewall->title, *detail ? ": " : "", detail);
	else if (!firewall->active)
		scr_note(notes, SEVERITY_INFO,
			 "%s is there, not active%s%s: it stays so",
			 firewall->title, *detail ? ": " : "", detail);
	else
		note_port(notes, firewall, settings->https_port,
			  firewall->open_https);
}

/* What apply will do about it. */
static void note_changes(struct tui_widget *notes, const struct plan *plan)
{
	bool any = false;

	HS_EACH(change, &plan->changes) {
		if (!change->firewall)
			continue;
		any = true;
		scr_note(notes, SEVERITY_INFO, "apply will %s", change->reason);
	}
	if (any)
		scr_note(notes, SEVERITY_INFO,
			 "One rule of ours each, with our name on it, for a "
			 "limited time until you keep it. SSH must go on "
			 "answering new connections, or it is taken out at "
			 "once.");
	HS_EACH(note, &plan->notes)
		scr_note(notes, SEVERITY_INFO, "%s", *note);
}

static bool is_served(const struct facts *facts, int port)
{
	HS_EACH(use, &facts->ports) {
		if (use->port == port)
			return true;
	}
	return false;
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct facts *facts = &wizard->job->facts;
	const struct settings *settings = &wizard->job->settings;
	struct plan plan = {0};

	tui_notes_clear(page->own[FOUND]);
	HS_EACH(firewall, &facts->firewalls)
		note_one(page->own[FOUND], firewall, settings);
	if (!facts->firewalls.n)
		scr_note(page->own[FOUND], SEVERITY_OK, "%s",
			 strcmp(settings->firewall, "none")
				 ? _("no firewall was found on this machine")
				 : _("firewalls are left alone, as you asked"));
	/* What listens here says nothing about another system's tree. */
	if (!facts->offline)
		scr_note(
			page->own[FOUND], SEVERITY_INFO,
			is_served(facts, settings->https_port)
				? N_("A server listens on TCP port %d already.")
				: N_("Nothing listens on TCP port %d yet."),
			settings->https_port);
	hs_firewall_plan(settings, facts, &plan);
	note_changes(page->own[FOUND], &plan);
	hs_plan_done(&plan);
	scr_note(page->own[FOUND], SEVERITY_INFO,
		 "Firewalls between this machine and its visitors are not "
		 "seen from here.");
}

const struct screen scr_firewall = {
	.step = STEP_FIREWALL,
	.begin = begin,
	.end = end,
	.refresh = refresh,
};
