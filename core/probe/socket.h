/*
 * TCP connections that never wait longer than they may.
 */
#ifndef CORE_PROBE_SOCKET_H
#define CORE_PROBE_SOCKET_H

#include <stdbool.h>

/* Begins to connect to a numeric address; the descriptor does not block.  -1
 * and an errno in *ret_error when that fails at once (EINVAL: the address is
 * no numeric one). */
int hs_socket_connect(const char *address, int port, int *ret_error);

/* What came of it once the socket can be written to; 0: connected. */
int hs_socket_error(int fd);

/* Waits for poll() events until the deadline, or until `cancel_fd` (0: none)
 * can be read; false when neither came. */
bool hs_socket_await(int fd, short events, long long deadline, int cancel_fd);

/* Whether the text is an IPv4 or IPv6 address. */
bool hs_socket_is_address(const char *text);

#endif
