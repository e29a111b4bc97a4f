/*
 * Landlock (Linux 5.13, landlock(7)): rights over paths, ports and signals
 * that are handled and granted to nobody.  The headers of the systems we build
 * on know fewer rights than the kernels we run on, so the few words of its
 * interface are spelled out here.
 */
#include "core/base/sandbox/child.h"

#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#	define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#	define SYS_landlock_restrict_self 446
#endif
#define ASK_VERSION 1

/* A kernel that knows less takes it too, where the rest is 0. */
struct ruleset {
	uint64_t files;
	uint64_t network;
	uint64_t scoped;
};

/* How many rights over files each version has, from version 1 on. */
static const int file_rights[] = {13, 14, 15, 15, 16};

static struct ruleset handle_everything(long version)
{
	size_t last = HS_LENGTH(file_rights) - 1;
	size_t row = (size_t)version - 1 < last ? (size_t)version - 1 : last;

	return (struct ruleset){
		.files = (UINT64_C(1) << file_rights[row]) - 1,
		.network = version >= 4 ? 3 : 0, /* bind and connect of TCP */
		.scoped = version >= 6 ? 3 : 0,	 /* sockets by name, signals */
	};
}

int hs_sandbox_landlock(const struct sandbox *sandbox)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset ruleset;
	hs_auto_close int fd = -1;

	(void)sandbox;
	if (version < 1)
		return -1;
	ruleset = handle_everything(version);
	fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset,
			  sizeof(ruleset), 0);
	if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0))
		return -1;
	return 0;
}
