#include "core/probe/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/base/clock.h"
#include "core/base/memory.h"

/* An address of either family, for connect(). */
union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static void free_ssl(SSL **ssl)
{
	SSL_free(*ssl);
}

static void free_context(SSL_CTX **context)
{
	SSL_CTX_free(*context);
}

#define auto_ssl HS_CLEANUP(free_ssl)
#define auto_context HS_CLEANUP(free_context)

static bool read_address(const char *text, union endpoint *ret_endpoint)
{
	union endpoint endpoint = {0};

	if (inet_pton(AF_INET, text, &endpoint.v4.sin_addr) == 1)
		endpoint.any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &endpoint.v6.sin6_addr) == 1)
		endpoint.any.sa_family = AF_INET6;
	else
		return false;
	*ret_endpoint = endpoint;
	return true;
}

bool hs_tls_is_address(const char *name)
{
	return read_address(name, &(union endpoint){0});
}

/* Waits until the socket is ready; false when time is up. */
static bool await(int fd, short events, long long deadline)
{
	struct pollfd ready = {.fd = fd, .events = events};
	int got;

	do
		got = poll(&ready, 1, hs_clock_left(deadline));
	while (got < 0 && errno == EINTR);
	return got > 0;
}

static void set_problem(struct probe_result *result, const char *text)
{
	if (!result->problem)
		result->problem = hs_strdup(text);
}

static void set_timed_out(struct probe_result *result, const char *what)
{
	result->timed_out = true;
	set_problem(result, what);
}

/* The socket's error of a connect() that went on in the background. */
static int connect_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		return errno;
	return error;
}

static int open_socket(const struct tls_request *request,
		       struct probe_result *result)
{
	union endpoint to;
	int fd, error = 0;

	if (!read_address(request->address, &to)) {
		set_problem(result, "the address is not a numeric one");
		return -1;
	}
	if (to.any.sa_family == AF_INET)
		to.v4.sin_port = htons((uint16_t)request->port);
	else
		to.v6.sin6_port = htons((uint16_t)request->port);
	fd = socket(to.any.sa_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, &to.any, sizeof(to)))
		error = errno;
	if (error == EINPROGRESS) {
		if (!await(fd, POLLOUT, request->deadline))
			error = ETIMEDOUT;
		else
			error = connect_error(fd);
	}
	if (!error)
		return fd;
	if (error == ETIMEDOUT)
		set_timed_out(result, "nothing answered the connection");
	set_problem(result, strerror(error));
	hs_cleanup_close(&fd);
	return -1;
}

/* Any protocol and cipher the library knows: judging is not done here. */
static SSL_CTX *make_context(void)
{
	static const unsigned char protocols[] = "\x02h2\x08http/1.1";
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context)
		return NULL;
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
	SSL_CTX_set_alpn_protos(context, protocols, sizeof(protocols) - 1);
	return context;
}

/* Why OpenSSL gave up; the commonest cause in words of our own. */
static void set_tls_problem(struct probe_result *result, int what)
{
	unsigned long code = ERR_peek_error();
	int sys = errno;
	const char *reason = ERR_reason_error_string(code);

	if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
	    (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER ||
	     ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST))
		reason = "the port answers, but it does not speak TLS";
	else if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
		 ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		reason = "the connection was closed during the handshake";
	else if (!code && what == SSL_ERROR_SYSCALL)
		reason = sys ? strerror(sys)
			     : "the connection was closed during the handshake";
	set_problem(result, reason ? reason : "the handshake failed");
	ERR_clear_error();
}

static bool shake_hands(SSL *ssl, int fd, long long deadline,
			struct probe_result *result)
{
	for (;;) {
		int status, what;
		short events;

		ERR_clear_error();
		errno = 0;
		status = SSL_connect(ssl);
		if (status == 1)
			return true;
		what = SSL_get_error(ssl, status);
		if (what != SSL_ERROR_WANT_READ &&
		    what != SSL_ERROR_WANT_WRITE) {
			set_tls_problem(result, what);
			return false;
		}
		events = what == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		if (!hs_clock_left(deadline) || !await(fd, events, deadline)) {
			set_timed_out(result,
				      "the TLS handshake did not end in time");
			return false;
		}
	}
}

static void hash_leaf(X509 *leaf, struct probe_result *result)
{
	unsigned char *der = NULL;
	int length = i2d_X509(leaf, &der);

	if (length > 0)
		hs_hash(der, (size_t)length, result->leaf);
	OPENSSL_free(der);
}

/* As browsers do (RFC 9525): the subject's common name does not count. */
static bool fits_name(X509 *leaf, const char *name)
{
	const unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
			       X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;

	if (hs_tls_is_address(name))
		return X509_check_ip_asc(leaf, name, 0) == 1;
	return X509_check_host(leaf, name, 0, flags, NULL) == 1;
}

static void judge(const struct tls_request *request, X509 *leaf,
		  STACK_OF(X509) * chain, struct probe_result *result)
{
	const char *problem = hs_trust_judge(request->trust, leaf, chain);

	result->trusted = !problem;
	result->trust_problem = hs_strdup(problem);
	result->name_fits = request->name && fits_name(leaf, request->name);
	ERR_clear_error();
}

static void note_facts(const struct tls_request *request, SSL *ssl,
		       struct probe_result *result)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	X509 *leaf = SSL_get0_peer_certificate(ssl);
	const unsigned char *alpn = NULL;
	unsigned alpn_length = 0;

	result->protocol = hs_strdup(SSL_get_version(ssl));
	result->cipher = hs_strdup(SSL_get_cipher_name(ssl));
	SSL_get0_alpn_selected(ssl, &alpn, &alpn_length);
	if (alpn_length)
		result->alpn = hs_strndup((const char *)alpn, alpn_length);
	result->chain_length = chain ? sk_X509_num(chain) : 0;
	if (!leaf)
		return;
	hash_leaf(leaf, result);
	if (request->trust)
		judge(request, leaf, chain, result);
}

void hs_tls_probe(const struct tls_request *request,
		  struct probe_result *result)
{
	hs_auto_close int fd = open_socket(request, result);
	auto_context SSL_CTX *context = NULL;
	auto_ssl SSL *ssl = NULL;

	if (fd < 0)
		return;
	result->connected = true;
	context = make_context();
	ssl = context ? SSL_new(context) : NULL;
	if (!ssl || !SSL_set_fd(ssl, fd)) {
		set_tls_problem(result, SSL_ERROR_SSL);
		return;
	}
	if (request->name && !hs_tls_is_address(request->name))
		SSL_set_tlsext_host_name(ssl, request->name);
	result->handshake = shake_hands(ssl, fd, request->deadline, result);
	if (result->handshake) {
		note_facts(request, ssl, result);
		SSL_shutdown(ssl);
	}
}
