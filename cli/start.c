#include "cli/start.h"

#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/results/output.h"
#include "core/base/error.h"
#include "core/base/i18n.h"
#include "core/base/library.h"
#include "core/base/memory.h"

enum { LARGE_BLOCK = 1 << 16 };

/* A descriptor below 3 that is closed would be given to the next file that is
 * opened, and a message printed into that file. */
static void open_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(HS_CANNOT);
}

/* Keys and passphrases pass through this process: no core dump, no debugger
 * of the same user.  (Leak checkers are such debuggers.) */
static void protect_memory(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* Variables that make a library load code, write session keys, trust or reach
 * something else, or describe the terminal; whoever started a privileged run
 * may have set them. */
static const char *const dangerous[] = {
	"OPENSSL_CONF",	 "OPENSSL_MODULES",   "OPENSSL_ENGINES",
	"SSLKEYLOGFILE", "SSL_CERT_FILE",     "SSL_CERT_DIR",
	"LD_PRELOAD",	 "LD_LIBRARY_PATH",   "LD_AUDIT",
	"CURL_HOME",	 "http_proxy",	      "https_proxy",
	"HTTPS_PROXY",	 "all_proxy",	      "ALL_PROXY",
	"HOSTALIASES",	 "RES_OPTIONS",	      "LOCALDOMAIN",
	"GCONV_PATH",	 "LOCPATH",	      "NLSPATH",
	"TERMINFO",	 "TERMINFO_DIRS",     "TERMCAP",
	"MALLOC_TRACE",	 "XML_CATALOG_FILES", "SGML_CATALOG_FILES",
};

static void scrub_environment(void)
{
	if (geteuid() != 0)
		return;
	for (size_t i = 0; i < HS_LENGTH(dangerous); i++)
		unsetenv(dangerous[i]);
}

static void (*give_back)(void);

/* Nothing here may allocate. */
static void end_exhausted(void)
{
	static const char text[] = "https-setup: out of memory; run "
				   "`https-setup recover`\n";
	ssize_t ignored;

	if (give_back)
		give_back();
	ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)ignored;
	_exit(HS_CANNOT);
}

static void end_without(const char *file, const char *reason)
{
	struct error err = {0};

	if (give_back)
		give_back();
	hs_fail(&err, HS_CANNOT, "%s cannot be opened: %s", file,
		reason ? reason : _("unknown reason"));
	hs_error_hint(&err, "install the package that it belongs to");
	cli_print_error(&err);
	fflush(NULL);
	_exit(HS_CANNOT);
}

void cli_on_exhausted(void (*stop)(void))
{
	give_back = stop;
}

/* Large arrays get pages of their own, so that they grow without being copied
 * and leave no hole; left to itself, malloc() stops that after the first one
 * that is freed. */
static void keep_memory_small(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
#endif
}

void cli_start(void)
{
	open_standard_descriptors();
	scrub_environment();
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	/* a file that may not grow says so by errno */
	signal(SIGXFSZ, SIG_IGN);
	hs_memory_on_exhausted(end_exhausted);
	hs_library_on_missing(end_without);
	json_set_alloc_funcs(hs_memory_serve, free);
	keep_memory_small();
	protect_memory();
	setlocale(LC_CTYPE, "");
}

/* The catalogues of the build tree, for a program that was not installed; to
 * be freed, NULL: there are none. */
static char *catalogues_beside(void)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
	hs_auto_free char *path = NULL;
	const char *slash;

	if (length <= 0 || length == sizeof(program))
		return NULL;
	slash = memrchr(program, '/', (size_t)length);
	path = hs_format("%.*s/share/locale", (int)(slash - program), program);
	return access(path, R_OK) ? NULL : hs_steal(path);
}

/* A name with slashes in it would be a catalogue from anywhere. */
static bool is_language_harmless(void)
{
	const char *language = getenv("LANGUAGE");

	return !language || !strchr(language, '/');
}

void cli_start_language(void)
{
	hs_auto_free char *beside = NULL;

	if (!is_language_harmless() || !hs_i18n_is_wanted())
		return;
	beside = catalogues_beside();
	hs_i18n_start(beside ? beside : HS_LOCALEDIR);
}
