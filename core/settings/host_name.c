#include "core/settings/host_name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <idn2.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/library.h"
#include "core/base/memory.h"

/* libidn2, opened for names that are not ASCII or stand for some. */
static struct idn {
	__typeof__(idn2_to_ascii_8z) *to_ascii_8z;
	__typeof__(idn2_to_unicode_8z8z) *to_unicode_8z8z;
	__typeof__(idn2_free) *free;
} table;

#define FUNCTION(name)                                                         \
	{                                                                      \
		"idn2_" #name, offsetof(struct idn, name)                      \
	}

static const struct library_function functions[] = {
	FUNCTION(to_ascii_8z), FUNCTION(to_unicode_8z8z), FUNCTION(free)};
static struct library library = HS_LIBRARY("libidn2.so.0", functions, &table);

static const struct idn *idn(void)
{
	return hs_library_need(&library);
}

/* What libidn2 made, as memory of ours; NULL stays NULL. */
static char *take(char *made)
{
	char *copy = hs_strdup(made);

	idn()->free(made);
	return copy;
}

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */
#define NAME_MAX_LENGTH 253

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
	char *ascii = NULL;
	int result = idn()->to_ascii_8z(name, &ascii,
					IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	return result == IDN2_OK ? take(ascii) : NULL;
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

static bool is_ldh(const char *label, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!isascii((unsigned char)label[i]) ||
		    (!isalnum((unsigned char)label[i]) && label[i] != '-'))
			return false;
	}
	return true;
}

/* Why this cannot be a label of a host name (RFC 1123, 2.1), or NULL. */
static const char *label_problem(const char *label, size_t length)
{
	if (!length)
		return _("two dots have nothing between them");
	if (!is_ldh(label, length))
		return _("only letters, digits, hyphens and dots may be in it");
	if (length > LABEL_MAX)
		return _(
			"a part between two dots is longer than 63 characters");
	if (label[0] == '-' || label[length - 1] == '-')
		return _(
			"a part between two dots begins or ends with a hyphen");
	return NULL;
}

bool hs_host_name_has_a_label(const char *name)
{
	return !strncmp(name, "xn--", 4) || strstr(name, ".xn--");
}

char *hs_host_name_unicode(const char *name)
{
	char *unicode = NULL;
	int result = idn()->to_unicode_8z8z(name, &unicode, 0);

	return result == IDN2_OK ? take(unicode) : NULL;
}

static bool is_bad_idn(const char *name)
{
	hs_auto_free char *unicode = NULL;

	if (!hs_host_name_has_a_label(name))
		return false;
	unicode = hs_host_name_unicode(name);
	return !unicode;
}

const char *hs_host_name_problem(const char *name)
{
	const char *label = name, *problem = NULL;
	size_t length = 0;

	for (;;) {
		length = strcspn(label, ".");
		problem = label_problem(label, length);
		if (problem || !label[length])
			break;
		label += length + 1;
	}
	if (problem)
		return problem;
	if (strlen(name) > NAME_MAX_LENGTH)
		return _("it is longer than 253 characters");
	if (strspn(label, "0123456789") == length)
		return _("it ends in a number and is no IP address");
	if (is_bad_idn(name))
		return _("a part that begins with xn-- does not decode");
	return NULL;
}
