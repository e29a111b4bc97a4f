/*
 * Probes against small servers of this test's own, on loopback: what a good
 * one says is noted down, and none of the bad ones holds a probe up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/base/clock.h"
#include "core/probe/probe.h"

/* A server: a thread that takes one connection after the other. */
struct server {
	int listener, port;
	bool tls;
	bool old;	   /* with that certificate */
	bool hasty;	   /* answers whatever comes */
	bool silent;	   /* keeps connections and says nothing */
	const char *reply; /* sent once; NULL: closes at once */
	const char *flood; /* then sent without end; NULL: nothing */
	pthread_t thread;
	int kept[64];
	int kept_count;
};

static char loopback[] = "127.0.0.1";
static SSL_CTX *server_context;
static SSL_CTX *old_context; /* its name is in the subject only */
static unsigned char leaf_hash[HS_HASH_SIZE];
static char ca_path[] = "/tmp/https-setup-probe.XXXXXX";

static void sign(X509 *cert, const char *name, X509 *issuer, EVP_PKEY *key,
		 EVP_PKEY *issuer_key, const char *extension, int nid)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, extension);

	ASN1_INTEGER_set(X509_get_serialNumber(cert), nid);
	X509_set_version(cert, 2);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
				   MBSTRING_ASC, (const unsigned char *)name,
				   -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(issuer));
	X509_set_pubkey(cert, key);
	assert_non_null(ext);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	assert_true(X509_sign(cert, issuer_key, EVP_sha256()) > 0);
}

static void write_ca(X509 *ca)
{
	int fd = mkstemp(ca_path);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, ca), 1);
	assert_int_equal(fclose(file), 0);
}

/* What a server with a new leaf of that name presents. */
static SSL_CTX *make_server(const char *name, const char *san, X509 *ca,
			    EVP_PKEY *ca_key, unsigned char *ret_hash)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *leaf = X509_new();
	unsigned char *der = NULL;
	int length;

	sign(leaf, name, ca, key, ca_key, san, NID_subject_alt_name);
	length = i2d_X509(leaf, &der);
	hs_hash(der, (size_t)length, ret_hash);
	OPENSSL_free(der);
	SSL_CTX_use_certificate(context, leaf);
	SSL_CTX_use_PrivateKey(context, key);
	SSL_CTX_add1_chain_cert(context, ca);
	X509_free(leaf);
	EVP_PKEY_free(key);
	return context;
}

static int make_certificates(void **state)
{
	EVP_PKEY *ca_key = EVP_EC_gen("P-256");
	X509 *ca = X509_new();
	unsigned char ignored[HS_HASH_SIZE];

	(void)state;
	signal(SIGPIPE, SIG_IGN); /* of the servers here */
	sign(ca, "test CA", ca, ca_key, ca_key, "critical,CA:TRUE",
	     NID_basic_constraints);
	write_ca(ca);
	server_context = make_server(
		"wrong.test", "DNS:example.test,DNS:*.wild.test,IP:127.0.0.1",
		ca, ca_key, leaf_hash);
	old_context =
		make_server("old.test", "IP:127.0.0.1", ca, ca_key, ignored);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	return 0;
}

static int drop_certificates(void **state)
{
	(void)state;
	SSL_CTX_free(server_context);
	SSL_CTX_free(old_context);
	return unlink(ca_path);
}

static int receive(SSL *ssl, int fd, char *bytes, size_t size)
{
	return ssl ? SSL_read(ssl, bytes, (int)size)
		   : (int)read(fd, bytes, size);
}

static int send_text(SSL *ssl, int fd, const char *text)
{
	int length = (int)strlen(text);

	return ssl ? SSL_write(ssl, text, length)
		   : (int)write(fd, text, (size_t)length);
}

/* Reads a request to its empty line, or any bytes; false: none came. */
static bool read_request(SSL *ssl, int fd, bool any)
{
	char bytes[4096];
	size_t length = 0;

	while (length < sizeof(bytes) - 1) {
		int got = receive(ssl, fd, bytes + length,
				  sizeof(bytes) - 1 - length);

		if (got <= 0)
			return false;
		length += (size_t)got;
		bytes[length] = '\0';
		if (any || strstr(bytes, "\r\n\r\n"))
			return true;
	}
	return false;
}

static void talk(const struct server *server, int fd)
{
	SSL *ssl = NULL;

	if (server->tls) {
		ssl = SSL_new(server->old ? old_context : server_context);
		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) != 1) {
			SSL_free(ssl);
			return;
		}
	}
	if (read_request(ssl, fd, server->hasty) &&
	    send_text(ssl, fd, server->reply) > 0) {
		while (server->flood && send_text(ssl, fd, server->flood) > 0)
			;
	}
	if (ssl)
		SSL_shutdown(ssl);
	SSL_free(ssl);
}

static void *serve(void *context)
{
	struct server *server = context;
	int fd;

	while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
		if (server->silent && server->kept_count < 64) {
			server->kept[server->kept_count++] = fd;
			continue;
		}
		if (server->reply)
			talk(server, fd);
		close(fd);
	}
	return NULL;
}

/* A socket on a free port of loopback. */
static int listen_somewhere(int *ret_port)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t size = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
	assert_int_equal(listen(fd, 64), 0);
	getsockname(fd, (struct sockaddr *)&any, &size);
	*ret_port = ntohs(any.sin_port);
	return fd;
}

static void start(struct server *server)
{
	server->listener = listen_somewhere(&server->port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server),
			 0);
}

static void stop(struct server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
	for (int i = 0; i < server->kept_count; i++)
		close(server->kept[i]);
}

/* Probes one pair of ports; the caller frees the results. */
static struct probe_results probe(int https_port, int http_port,
				  struct probe_request request)
{
	struct probe_target target = {loopback, https_port, http_port};
	struct probe_results results = {0};
	struct error err = {0};

	if (!request.name)
		request.name = "example.test";
	if (!request.timeout_ms)
		request.timeout_ms = 5000;
	request.targets = (struct probe_targets){&target, 1, 1};
	assert_int_equal(hs_probe(&request, &results, &err), 0);
	assert_int_equal(results.n, 1);
	return results;
}

#define GOOD                                                                   \
	"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\n"          \
	"Content-Length: 0\r\nstrict-transport-security:\tmax-age=2; x \r\n"   \
	"Connection: close\r\n\r\n"

static void test_tls_facts(void **state)
{
	struct server server = {.tls = true, .reply = GOOD};
	struct probe_results results;
	struct probe_result *result;

	(void)state;
	start(&server);
	results = probe(server.port, 0, (struct probe_request){.ca = ca_path});
	result = results.items;
	assert_null(result->problem);
	assert_true(result->connected && result->handshake);
	assert_string_equal(result->protocol, "TLSv1.3");
	assert_non_null(result->cipher);
	assert_memory_equal(result->leaf, leaf_hash, HS_HASH_SIZE);
	assert_int_equal(result->chain_length, 2);
	assert_null(result->trust_problem);
	assert_true(result->trusted && result->name_fits);
	assert_int_equal(result->https.n, 0);
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_distrust_breaks_nothing_off(void **state)
{
	struct server server = {.tls = true, .reply = GOOD};
	struct probe_results results;

	(void)state;
	start(&server);
	results = probe(server.port, 0, (struct probe_request){0});
	assert_true(results.items->handshake);
	assert_false(results.items->trusted);
	assert_non_null(results.items->trust_problem);
	assert_true(results.items->name_fits);
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		bool fits;
	} cases[] = {
		{"example.test", true}, {"127.0.0.1", true},
		{"a.wild.test", true},	{"a.b.wild.test", false},
		{"other.test", false},	{"127.0.0.2", false},
	};
	struct server server = {.tls = true, .reply = GOOD};

	(void)state;
	start(&server);
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct probe_request request = {.name = cases[i].name,
						.ca = ca_path};
		struct probe_results results = probe(server.port, 0, request);

		assert_true(results.items->trusted);
		assert_int_equal(results.items->name_fits, cases[i].fits);
		hs_probe_results_done(&results);
	}
	stop(&server);
}

/* RFC 9525: the common name is for people. */
static void test_common_names_do_not_count(void **state)
{
	struct server server = {.tls = true, .old = true, .reply = GOOD};
	struct probe_results results;

	(void)state;
	start(&server);
	results = probe(
		server.port, 0,
		(struct probe_request){.name = "old.test", .ca = ca_path});
	assert_true(results.items->trusted);
	assert_false(results.items->name_fits);
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_answers(void **state)
{
	struct server https = {.tls = true, .reply = GOOD};
	struct server http = {
		.reply = "HTTP/1.1 103 Early Hints\r\nLocation: /no\r\n\r\n"
			 "HTTP/1.1 308 Permanent Redirect\r\n"
			 "Location: https://example.test/\r\n\r\nbody",
	};
	struct probe_results results;
	struct probe_answer *answer;
	char url[64];

	(void)state;
	start(&https);
	start(&http);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	results = probe(https.port, http.port,
			(struct probe_request){.http = true});
	answer = results.items->https.items;
	assert_null(answer->problem);
	assert_int_equal(answer->status, 200);
	assert_null(answer->location);
	assert_int_equal(answer->hsts.n, 2);
	assert_string_equal(answer->hsts.items[0], "max-age=1");
	assert_string_equal(answer->hsts.items[1], "max-age=2; x");
	snprintf(url, sizeof(url), "https://example.test:%d/", https.port);
	assert_string_equal(answer->url, url);
	answer = results.items->http.items;
	assert_int_equal(answer->status, 308);
	assert_string_equal(answer->location, "https://example.test/");
	assert_int_equal(answer->hsts.n, 0);
	hs_probe_results_done(&results);
	stop(&https);
	stop(&http);
}

static void test_paths_are_asked_in_order(void **state)
{
	char a[] = "/a", b[] = "/b?c=%20", no_slash[] = "no slash";
	char *items[] = {a, b, no_slash};
	const struct strings paths = {items, 3, 3};
	struct server server = {.reply = GOOD};
	struct probe_answer *answers;
	struct probe_results results;

	(void)state;
	start(&server);
	results = probe(0, server.port,
			(struct probe_request){.http = true, .paths = &paths});
	assert_int_equal(results.items->http.n, 3);
	answers = results.items->http.items;
	assert_int_equal(answers[0].status, 200);
	assert_int_equal(answers[1].status, 200);
	assert_non_null(strstr(answers[1].url, "/b?c=%20"));
	assert_int_equal(answers[2].status, 0);
	assert_non_null(answers[2].problem);
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_nobody_there(void **state)
{
	struct probe_results results;
	int port, fd = listen_somewhere(&port);

	(void)state;
	close(fd);
	results = probe(port, port, (struct probe_request){.http = true});
	assert_false(results.items->connected);
	assert_false(results.items->timed_out);
	assert_string_equal(results.items->problem, strerror(ECONNREFUSED));
	assert_non_null(results.items->https.items->problem);
	assert_non_null(results.items->http.items->problem);
	hs_probe_results_done(&results);
}

static void test_plain_http_on_the_tls_port(void **state)
{
	struct server server = {
		.hasty = true,
		.reply = "HTTP/1.1 400 Bad Request\r\n\r\n",
	};
	struct probe_results results;

	(void)state;
	start(&server);
	results = probe(server.port, 0, (struct probe_request){0});
	assert_true(results.items->connected);
	assert_false(results.items->handshake);
	assert_string_equal(results.items->problem,
			    "the port answers, but it does not speak TLS");
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_closing_server(void **state)
{
	struct server server = {0};
	struct probe_results results;

	(void)state;
	start(&server);
	results = probe(server.port, server.port,
			(struct probe_request){.http = true});
	assert_false(results.items->handshake);
	assert_false(results.items->timed_out);
	assert_non_null(results.items->problem);
	assert_non_null(results.items->http.items->problem);
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_silent_servers_at_once(void **state)
{
	struct server server = {.silent = true};
	struct probe_target targets[10];
	struct probe_request request = {
		.name = "example.test",
		.targets = {targets, 10, 10},
		.timeout_ms = 300,
		.http = true,
	};
	struct probe_results results;
	struct error err = {0};
	long long start_ms;

	(void)state;
	start(&server);
	for (int i = 0; i < 10; i++)
		targets[i] = (struct probe_target){loopback, server.port,
						   server.port};
	start_ms = hs_clock_ms();
	assert_int_equal(hs_probe(&request, &results, &err), 0);
	assert_in_range(hs_clock_ms() - start_ms, 250, 2000);
	HS_EACH(result, &results) {
		assert_true(result->connected && result->timed_out);
		assert_int_equal(result->https.items->status, 0);
		assert_non_null(result->https.items->problem);
		assert_non_null(result->http.items->problem);
	}
	hs_probe_results_done(&results);
	stop(&server);
}

static void test_giving_up(void **state)
{
	struct server server = {.silent = true};
	struct probe_results results;
	long long start_ms = hs_clock_ms();
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	start(&server);
	results = probe(server.port, server.port,
			(struct probe_request){.http = true,
					       .deep = true,
					       .cancel_fd = ends[0]});
	assert_true(hs_clock_ms() - start_ms < 2000);
	assert_false(results.items->handshake);
	hs_probe_results_done(&results);
	stop(&server);
	close(ends[0]);
	close(ends[1]);
}

static void test_floods(void **state)
{
	struct server headers = {.reply = "HTTP/1.1 200 OK\r\n",
				 .flood = "Strict-Transport-Security: x\r\n"};
	struct server body = {.reply = "HTTP/1.1 200 OK\r\n\r\n",
			      .flood = "never ending"};
	struct probe_results results;
	long long start_ms = hs_clock_ms();

	(void)state;
	start(&headers);
	results = probe(0, headers.port, (struct probe_request){.http = true});
	assert_int_equal(results.items->http.items->status, 0);
	assert_int_equal(results.items->http.items->hsts.n, 0);
	assert_string_equal(results.items->http.items->problem,
			    "its headers are too large");
	hs_probe_results_done(&results);
	stop(&headers);
	start(&body);
	results = probe(0, body.port, (struct probe_request){.http = true});
	assert_int_equal(results.items->http.items->status, 200);
	hs_probe_results_done(&results);
	stop(&body);
	assert_true(hs_clock_ms() - start_ms < 4000);
}

static void test_leaf(void **state)
{
	struct server server = {.tls = true, .reply = GOOD};
	struct probe_target target = {loopback, 0, 0};
	unsigned char leaf[HS_HASH_SIZE];

	(void)state;
	start(&server);
	target.https_port = server.port;
	assert_int_equal(hs_probe_leaf(&target, "example.test", 2000, leaf), 0);
	assert_memory_equal(leaf, leaf_hash, HS_HASH_SIZE);
	stop(&server);
	assert_int_equal(hs_probe_leaf(&target, "example.test", 2000, leaf),
			 -1);
}

static void test_useless_anchors(void **state)
{
	struct probe_request request = {.name = "a", .ca = "/dev/null"};
	struct probe_results results;
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_probe(&request, &results, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_string_equal(err.where, "--ca");
	assert_int_equal(results.n, 0);
}

static void test_addresses_only(void **state)
{
	char name[] = "localhost";
	struct probe_target target = {name, 443, 80};
	struct probe_request request = {.name = "a",
					.targets = {&target, 1, 1}};
	struct probe_results results;
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_probe(&request, &results, &err), 0);
	assert_false(results.items->connected);
	assert_non_null(results.items->problem);
	hs_probe_results_done(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls_facts),
		cmocka_unit_test(test_distrust_breaks_nothing_off),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_common_names_do_not_count),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_paths_are_asked_in_order),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_plain_http_on_the_tls_port),
		cmocka_unit_test(test_closing_server),
		cmocka_unit_test(test_silent_servers_at_once),
		cmocka_unit_test(test_giving_up),
		cmocka_unit_test(test_floods),
		cmocka_unit_test(test_leaf),
		cmocka_unit_test(test_useless_anchors),
		cmocka_unit_test(test_addresses_only),
	};

	return cmocka_run_group_tests_name("probe", tests, make_certificates,
					   drop_certificates);
}
