#define HS_OPENSSL_BY_TABLE
#include "core/base/openssl.h"

#include <stddef.h>
#include <stdlib.h>

#include "core/base/library.h"
#include "core/base/memory.h"

#define TEXT_OF(number) #number
#define NAME_OF(version) "libssl.so." TEXT_OF(version)

enum { SECURE_HEAP = 1 << 18, SECURE_GRAIN = 64 }; /* bytes */

#define FUNCTION(name) {#name, offsetof(struct openssl, name)},

static const struct library_function functions[] = {
	HS_OPENSSL_FUNCTIONS(FUNCTION)};

static void set_up(void);

static struct openssl table;
static struct library library = {
	/* it brings libcrypto along; the one whose headers these are */
	.file = NAME_OF(OPENSSL_SHLIB_VERSION),
	.functions = functions,
	.n_functions = HS_LENGTH(functions),
	.table = &table,
	.opened = set_up,
};

/* No bytes are NULL to OpenSSL. */
static void *serve(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size ? hs_memory_serve(size) : NULL;
}

static void take_back(void *pointer, const char *file, int line)
{
	(void)file;
	(void)line;
	free(pointer);
}

static void *serve_more(void *pointer, size_t size, const char *file, int line)
{
	if (size)
		return hs_memory_serve_more(pointer, size);
	take_back(pointer, file, line);
	return NULL;
}

static void set_up(void)
{
	table.CRYPTO_set_mem_functions(serve, serve_more, take_back);
	table.CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_GRAIN);
}

const struct openssl *hs_openssl(void)
{
	return hs_library_need(&library);
}

bool hs_openssl_is_open(void)
{
	return atomic_load(&library.is_open);
}

void hs_openssl_forked(void)
{
	if (hs_openssl_is_open() && table.CRYPTO_secure_malloc_done())
		table.CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_GRAIN);
}
