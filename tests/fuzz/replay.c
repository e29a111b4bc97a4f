/*
 * main() of a fuzz target that is built without libFuzzer: gives each file
 * named on the command line to the target, once, so that `make check` runs the
 * corpus with every compiler.  Empty input is always tried.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads the whole file into memory of exactly its size, so that a sanitizer
 * sees the first byte read beyond it.  The caller frees. */
static uint8_t *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, room = 0, n = 1;

	while (file && n > 0) {
		if (size == room)
			data = realloc(data, room = room ? 2 * room : 4096);
		if (!data)
			break;
		n = fread(data + size, 1, room - size, file);
		size += n;
	}
	if (!file || !data || ferror(file)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	fclose(file);
	*ret_size = size;
	return realloc(data, size ? size : 1);
}

int main(int argc, char **argv)
{
	uint8_t nothing = 0;

	LLVMFuzzerTestOneInput(&nothing, 0);
	for (int i = 1; i < argc; i++) {
		size_t size;
		uint8_t *data = read_file(argv[i], &size);

		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}
