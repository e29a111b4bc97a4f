#include "core/server/iis/version.h"

#include <stdint.h>
#include <string.h>

#include "core/base/windows.h"

#define FILE_MAX (32u << 20)
#define SCHEMA "/Windows/System32/inetsrv/config/schema/IIS_schema.xml"

/* VS_FIXEDFILEINFO: the signature, its own version, then four words of the
 * file's version, the high half first (Microsoft: VS_FIXEDFILEINFO). */
static const unsigned char signature[] = {0xbd, 0x04, 0xef, 0xfe,
					  0x00, 0x00, 0x01, 0x00};

static int word_at(const unsigned char *bytes)
{
	return bytes[0] | bytes[1] << 8;
}

int hs_iis_file_version(const struct root *root, const char *path,
			int ret_version[static 4])
{
	hs_auto_free char *found = hs_windows_find(root, path);
	hs_auto_str struct str bytes = {0};
	const unsigned char *info;

	if (!found || hs_root_read(root, found, FILE_MAX, &bytes, NULL))
		return -1;
	info = memmem(hs_str_text(&bytes), bytes.len, signature,
		      sizeof(signature));
	if (!info || (size_t)((const char *)info - bytes.data) + 16 > bytes.len)
		return -1;
	ret_version[0] = word_at(info + 10);
	ret_version[1] = word_at(info + 8);
	ret_version[2] = word_at(info + 14);
	ret_version[3] = word_at(info + 12);
	return 0;
}

char *hs_iis_version(const struct root *root, int *ret_build)
{
	static const char *const programs[] = {
		"/Windows/System32/inetsrv/iiscore.dll",
		"/Windows/System32/inetsrv/w3core.dll",
		"/Windows/System32/inetsrv/inetinfo.exe",
		"/Windows/System32/inetsrv/w3wp.exe",
		"/Windows/System32/kernel32.dll",
	};
	int version[4];

	*ret_build = 0;
	for (size_t i = 0; i < HS_LENGTH(programs); i++) {
		if (hs_iis_file_version(root, programs[i], version))
			continue;
		*ret_build = version[2];
		return hs_format("%d.%d.%d.%d", version[0], version[1],
				 version[2], version[3]);
	}
	return NULL;
}

int hs_iis_schema_has_hsts(const struct root *root)
{
	hs_auto_free char *path = hs_windows_find(root, SCHEMA);
	hs_auto_str struct str bytes = {0};

	if (!path || hs_root_read(root, path, FILE_MAX, &bytes, NULL))
		return -1;
	return memmem(hs_str_text(&bytes), bytes.len, "name=\"hsts\"",
		      strlen("name=\"hsts\"")) != NULL;
}
