#include "core/settings/host_name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <idn2.h>
#include <string.h>

#include "core/base/memory.h"

static char *trim(const char *text)
{
	size_t length;

	text += strspn(text, " \t\r\n\v\f");
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return hs_strndup(text, length);
}

static void lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text += 'a' - 'A';
}

/* "[::1]" becomes "::1" in place. */
static void take_brackets_off(char *text)
{
	size_t length = strlen(text);

	if (length < 2 || text[0] != '[' || text[length - 1] != ']')
		return;
	memmove(text, text + 1, length - 2);
	text[length - 2] = '\0';
}

/* The address in its usual form, or NULL when it is none. */
static char *normal_address(const char *text)
{
	hs_auto_free char *bare = hs_strdup(text);
	char address[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	take_brackets_off(bare);
	if (inet_pton(AF_INET, bare, bytes) == 1)
		return hs_steal(bare);
	if (inet_pton(AF_INET6, bare, bytes) != 1)
		return NULL;
	return hs_strdup(inet_ntop(AF_INET6, bytes, address, sizeof(address)));
}

static bool is_ascii(const char *text)
{
	while (*text > 0)
		text++;
	return !*text;
}

/* The name as A-labels, or NULL when libidn2 refuses it. */
static char *to_ascii(const char *name)
{
	char *ascii = NULL, *copy;
	int result = idn2_to_ascii_8z(name, &ascii,
				      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (result != IDN2_OK)
		return NULL;
	copy = hs_strdup(ascii);
	idn2_free(ascii);
	return copy;
}

char *hs_host_name_normal(const char *text)
{
	hs_auto_free char *name = trim(text);
	char *found = normal_address(name);
	size_t length = strlen(name);

	if (found)
		return found;
	if (length > 1 && name[length - 1] == '.' && name[length - 2] != '.')
		name[length - 1] = '\0';
	if (!is_ascii(name)) {
		found = to_ascii(name);
		if (!found)
			return hs_steal(name);
		free(name);
		name = found;
	}
	lower(name);
	return hs_steal(name);
}

bool hs_host_name_is_ip(const char *name)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, name, bytes) == 1 ||
	       inet_pton(AF_INET6, name, bytes) == 1;
}
