/* Backups that nobody will want back, and the keys among them. */
#include "core/apply/transaction/found.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT 20				/* transactions */
#define KEPT_SECONDS (90LL * 24 * 3600) /* whatever came after them */

/* Over what was there, as far as the file system lets that be. */
static void wipe(int bak, const char *name)
{
	static const char zeros[4096];
	hs_auto_close int fd =
		hs_openat(bak, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return;
	for (off_t at = 0; at < st.st_size; at += (off_t)sizeof(zeros)) {
		off_t left = st.st_size - at;

		if (pwrite(fd, zeros,
			   left < (off_t)sizeof(zeros) ? (size_t)left
						       : sizeof(zeros),
			   at) < 0)
			return;
	}
	(void)!fdatasync(fd);
}

static void delete_backups(const struct found *found, int bak)
{
	HS_EACH(file, &found->ledger.files) {
		hs_auto_free char *name = hs_format("%ld", file->backup);

		if (file->backup < 0)
			continue;
		if (file->secret)
			wipe(bak, name);
		unlinkat(bak, name, 0);
	}
	unlinkat(found->dir, "bak", AT_REMOVEDIR);
}

static void retire(const struct state_dirs *dirs, const char *id)
{
	hs_auto_free char *path = hs_format("%s/bak", id);
	hs_auto_close int bak =
		hs_openat(dirs->done, path,
			  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	hs_auto_found struct found found = {.id = id, .dir = -1};

	/* most of them were done long ago */
	if (bak < 0 || hs_found_open(&found, dirs->done, NULL))
		return;
	if (time(NULL) - found.ledger.begun > KEPT_SECONDS)
		delete_backups(&found, bak);
}

void hs_tx_retire(const struct state *state)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	struct strings ids;

	if (hs_state_dirs_open(state, false, &dirs, NULL) || dirs.done < 0)
		return;
	hs_state_ids(dirs.done, &ids);
	for (size_t i = 0; i + KEPT < ids.n; i++)
		retire(&dirs, ids.items[i]);
	hs_strings_done(&ids);
}
