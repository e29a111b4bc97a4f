/*
 * What others have beside the files that are about to change: what a package
 * or an editor left there, and a certbot that is at work.  All of it stays
 * theirs; it is only said.
 */
#include "core/apply/job/parts.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/apply/look.h"
#include "core/base/i18n.h"

/* What stands before and behind the name: dpkg(1), ucf(1), rpm(8), apk(8),
 * pacman(8), and editors. */
static const struct {
	const char *before, *behind;
} marks[] = {
	{"", ".dpkg-new"}, {"", ".dpkg-dist"}, {"", ".ucf-new"},
	{"", ".ucf-dist"}, {"", ".rpmnew"},    {"", ".apk-new"},
	{"", ".pacnew"},   {"", "~"},	       {".", ".swp"},
};

static bool is_newer(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static void note_left(struct job *job, const char *path)
{
	hs_auto_free char *directory = hs_path_directory(path);
	struct stat file, left;

	if (hs_root_stat(&job->root, path, &file))
		return;
	for (size_t i = 0; i < HS_LENGTH(marks); i++) {
		hs_auto_free char *beside =
			hs_format("%s/%s%s%s", directory, marks[i].before,
				  hs_path_name(path), marks[i].behind);
		hs_auto_free char *text = NULL;

		if (hs_root_stat(&job->root, beside, &left) ||
		    !is_newer(&left, &file))
			continue;
		text = hs_format(_("%s is newer than the file it lies beside"),
				 beside);
		hs_findings_add(&job->findings, "server.left-beside", path,
				text);
	}
}

/* certbot holds a record lock as long as it runs; 0: nobody does. */
static pid_t find_holder(const char *directory)
{
	hs_auto_free char *path = hs_format("%s/.certbot.lock", directory);
	hs_auto_close int fd = hs_openat(
		AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fd < 0 || fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid;
}

static void note_certbot(struct job *job)
{
	hs_auto_free char *beside =
		hs_path_directory(job->facts.server->config);
	const char *const places[] = {beside, "/etc/letsencrypt"};

	for (size_t i = 0; i < HS_LENGTH(places); i++) {
		pid_t pid = find_holder(places[i]);
		hs_auto_free char *text = NULL;

		if (!pid)
			continue;
		text = hs_format(_("certbot (process %d) is at work"),
				 (int)pid);
		hs_findings_add(&job->findings, "server.certbot-at-work", NULL,
				text);
		return;
	}
}

void hs_job_note_others(struct job *job)
{
	HS_EACH(change, &job->plan.changes) {
		if (change->kind == CHANGE_EDIT)
			note_left(job, change->path);
	}
	if (!job->facts.offline && job->facts.server->config)
		note_certbot(job);
}
