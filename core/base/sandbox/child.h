/*
 * The child's side of the sandbox; only the files of the sandbox include it.
 */
#ifndef CORE_BASE_SANDBOX_CHILD_H
#define CORE_BASE_SANDBOX_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "core/base/sandbox/sandbox.h"

/*
 * What the child sends: `missing` before it looks at the first byte of the
 * input, the rest when it is done, then `length` bytes of output.  Both sides
 * are the same program, so the memory of it goes through the pipe as it is.
 */
struct sandbox_head {
	uint64_t missing;
	uint64_t end;
	uint64_t length;
};

#define SANDBOX_CPU_SECONDS 5
#define SANDBOX_MEMORY_MAX ((size_t)256 << 20)

#if defined(__has_feature)
#	if __has_feature(address_sanitizer) ||                                \
		__has_feature(memory_sanitizer) ||                             \
		__has_feature(thread_sanitizer)
#		define SANDBOX_SANITIZED 1
#	endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#	define SANDBOX_SANITIZED 1
#endif
#ifndef SANDBOX_SANITIZED
#	define SANDBOX_SANITIZED 0
#endif

/* Everything the child does, writing to `pipe`. `parent` is who forked. */
void hs_sandbox_child(const struct sandbox *sandbox, const void *input,
		      size_t length, int pipe, pid_t parent)
	__attribute__((noreturn));

/* Guards with a file of their own. 0, or -1 when the kernel has it not. */
int hs_sandbox_landlock(const struct sandbox *sandbox);
int hs_sandbox_seccomp(const struct sandbox *sandbox);

/* Whether seccomp can do what hs_sandbox_seccomp() will ask for. */
bool hs_sandbox_has_seccomp(void);

#endif
