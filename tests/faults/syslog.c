/*
 * Keeps a log as the system's does:  syslog SOCKET [deaf]
 *
 * Prints each datagram that comes as one line, with a control byte as
 * "<control>".  Deaf: has the socket, and never reads.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void print(const unsigned char *bytes, ssize_t length)
{
	for (ssize_t i = 0; i < length; i++) {
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			printf("<control>");
		else
			putchar(bytes[i]);
	}
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	unsigned char bytes[16384];
	ssize_t length;

	if (argc < 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
	unlink(argv[1]);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return 1;
	if (argc > 2)
		for (;;)
			pause();
	while ((length = recv(fd, bytes, sizeof(bytes), 0)) >= 0)
		print(bytes, length);
	return 1;
}
