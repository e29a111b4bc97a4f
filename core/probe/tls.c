#include "core/probe/tls.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/openssl.h"
#include "core/probe/chain.h"
#include "core/probe/socket.h"
#include "core/probe/staple.h"

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

bool hs_tls_is_address(const char *name)
{
	return hs_socket_is_address(name);
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

static int open_socket(const struct tls_request *request,
		       struct probe_result *result)
{
	int error;
	int fd = hs_socket_connect(request->address, request->port, &error);

	if (fd < 0 && error == EINVAL)
		set_problem(result, _("the address is not a numeric one"));
	if (fd >= 0)
		error = hs_socket_await(fd, POLLOUT, request->deadline,
					request->cancel_fd)
				? hs_socket_error(fd)
				: ETIMEDOUT;
	if (!error)
		return fd;
	if (error == ETIMEDOUT)
		set_timed_out(result, _("nothing answered the connection"));
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
		reason = _("the port answers, but it does not speak TLS");
	else if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
		 ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		reason = _("the connection was closed during the handshake");
	else if (!code && what == SSL_ERROR_SYSCALL)
		reason = sys ? strerror(sys)
			     : _("the connection was closed during the "
				 "handshake");
	set_problem(result, reason ? reason : _("the handshake failed"));
	ERR_clear_error();
}

static bool shake_hands(SSL *ssl, int fd, const struct tls_request *request,
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
		if (!hs_clock_left(request->deadline) ||
		    !hs_socket_await(fd, events, request->deadline,
				     request->cancel_fd)) {
			set_timed_out(
				result,
				_("the TLS handshake did not end in time"));
			return false;
		}
	}
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
	if (leaf)
		hs_chain_note(leaf, chain, request->name, request->trust,
			      result);
	if (leaf && request->trust)
		hs_staple_note(ssl, leaf, chain, result);
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
	if (request->trust)
		SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
	result->handshake = shake_hands(ssl, fd, request, result);
	if (result->handshake) {
		note_facts(request, ssl, result);
		SSL_shutdown(ssl);
	}
}
