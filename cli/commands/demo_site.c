#include "cli/commands/demo_site.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/apply/writer.h"
#include "core/base/run.h"
#include "core/base/str.h"
#include "core/cert/make/create.h"

enum { START_MS = 5000, STOP_MS = 5000, TICK_MS = 5, CERTIFICATE_DAYS = 90 };

static char *inside(const struct demo_site *site, const char *name)
{
	return hs_format("%s/%s", site->directory, name);
}

static int make_directories(struct demo_site *site, struct error *err)
{
	static const char *const names[] = {
		"nginx", "nginx/sites-enabled",
		"www",	 "logs",
		"tmp",	 "incoming",
		"state", "certificates",
	};
	const char *base = getenv("TMPDIR");
	hs_auto_free char *pattern =
		hs_format("%s/https-setup-demo.XXXXXX",
			  base && *base == '/' ? base : "/tmp");

	if (!mkdtemp(pattern))
		return hs_fail_errno(err, HS_CANNOT, "%s", pattern);
	/* Without links, as the server and the plan will name it. */
	site->directory = realpath(pattern, NULL);
	if (!site->directory)
		return hs_fail_errno(err, HS_CANNOT, "%s", pattern);
	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		hs_auto_free char *path = inside(site, names[i]);

		if (mkdir(path, 0755))
			return hs_fail_errno(err, HS_CANNOT, "%s", path);
	}
	return 0;
}

static int write_text(const struct demo_site *site, const char *name,
		      const char *text, struct error *err)
{
	hs_auto_free char *path = inside(site, name);

	return hs_file_write(path, text, strlen(text), 0644, false, err);
}

/* nginx keeps temporary files for each of these; only the modules that are
 * built in know the directive. */
static void add_temporary_paths(const struct demo_site *site, struct str *text)
{
	static const char *const modules[] = {"client_body", "proxy", "fastcgi",
					      "uwsgi", "scgi"};
	const char *const argv[] = {site->nginx, "-V", NULL};
	struct run run = {.argv = argv};
	hs_auto_run_result struct run_result built = {0};
	struct error ignored = {0};

	/* What cannot be asked is taken to have them all. */
	if (hs_run(&run, &built, &ignored))
		hs_str_clear(&built.err);
	for (size_t i = 0; i < HS_LENGTH(modules); i++) {
		hs_auto_free char *missing =
			hs_format("--without-http_%s_module", modules[i]);

		if (!strstr(hs_str_text(&built.err), missing))
			hs_str_printf(text, "\t%s_temp_path \"%s/tmp/%s\";\n",
				      modules[i], site->directory, modules[i]);
	}
}

static char *server_text(const struct demo_site *site)
{
	const char *directory = site->directory;
	struct str text = {0};

	hs_str_puts(&text, "# The main configuration of the demo's nginx.\n");
	/* Nobody else may enter the temporary directory of root. */
	if (!geteuid())
		hs_str_puts(&text, "user root;\n");
	hs_str_printf(&text,
		      "worker_processes 1;\n"
		      "pid \"%s/nginx.pid\";\n"
		      "error_log \"%s/logs/error.log\";\n"
		      "\n"
		      "events {\n"
		      "\tworker_connections 64;\n"
		      "}\n"
		      "\n"
		      "http {\n"
		      "\taccess_log \"%s/logs/access.log\";\n",
		      directory, directory, directory);
	add_temporary_paths(site, &text);
	hs_str_printf(&text,
		      "\tinclude \"%s/nginx/sites-enabled/*.conf\";\n"
		      "}\n",
		      directory);
	return hs_str_take(&text);
}

static char *site_text(const struct demo_site *site)
{
	return hs_format("# A site as it was found: plain HTTP.\n"
			 "server {\n"
			 "\tlisten 127.0.0.1:%d;\n"
			 "\tserver_name %s;\n"
			 "\troot \"%s/www\";\n"
			 "\n"
			 "\tlocation / {\n"
			 "\t\tindex index.html;\n"
			 "\t}\n"
			 "}\n",
			 site->http_port, DEMO_NAME, site->directory);
}

static int write_configuration(struct demo_site *site, struct error *err)
{
	hs_auto_free char *server = server_text(site);
	hs_auto_free char *text = site_text(site);

	site->config = inside(site, "nginx/nginx.conf");
	site->state = inside(site, "state");
	site->certificates = inside(site, "certificates");
	if (write_text(site, "nginx/nginx.conf", server, err) ||
	    write_text(site, "nginx/sites-enabled/www.conf", text, err))
		return -1;
	return write_text(site, "www/index.html",
			  "<!doctype html>\n<title>https-setup demo</title>\n"
			  "<p>It works.</p>\n",
			  err);
}

static int make_certificate(const char *name, const struct bundle *issuer,
			    struct bundle *ret_bundle, struct error *err)
{
	struct strings names = {0};
	struct cert_request request = {
		.names = &names,
		.days = CERTIFICATE_DAYS,
		.is_ca = !issuer,
	};
	int failed;

	hs_strings_add(&names, name);
	failed = hs_cert_create(&request, issuer, ret_bundle, err);
	hs_strings_done(&names);
	return failed;
}

/* A CA of the demo's own, and what an operator would get from one: a PKCS#12
 * file under a passphrase. */
static int write_certificates(struct demo_site *site, struct error *err)
{
	HS_CLEANUP(hs_bundle_done) struct bundle ca = {0}, leaf = {0};
	hs_auto_str struct str pem = {0}, pfx = {0};

	site->ca = inside(site, "incoming/demo-ca.pem");
	site->certificate = inside(site, "incoming/www_example_test.pfx");
	if (make_certificate("https-setup demo CA", NULL, &ca, err) ||
	    make_certificate(DEMO_NAME, &ca, &leaf, err) ||
	    hs_cert_export_pkcs12(&leaf, DEMO_PASSPHRASE, &pfx, err))
		return -1;
	hs_bundle_fullchain(&ca, &pem);
	if (hs_file_write(site->ca, hs_str_text(&pem), pem.len, 0644, false,
			  err))
		return -1;
	return hs_file_write(site->certificate, hs_str_text(&pfx), pfx.len,
			     0600, false, err);
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

/* A socket on a free port; both are held open until both are known. */
static int hold_port(int *ret_port)
{
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) ||
	    getsockname(fd, (struct sockaddr *)&address, &length)) {
		hs_cleanup_close(&fd);
		return -1;
	}
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static int find_ports(struct demo_site *site, struct error *err)
{
	hs_auto_close int http = hold_port(&site->http_port);
	hs_auto_close int https = hold_port(&site->https_port);

	if (http >= 0 && https >= 0)
		return 0;
	return hs_fail_errno(err, HS_CANNOT, "no free port on loopback");
}

/* Becomes nginx, in a session of its own so that keys pressed here do not
 * reach it, and never outliving this program. */
static void become_server(const struct demo_site *site, pid_t parent)
{
	hs_auto_free char *log = inside(site, "logs/start.log");
	char prefix[] = "-p", config[] = "-c", set[] = "-g";
	char foreground[] = "daemon off;";
	char *const argv[] = {
		site->nginx,  prefix, site->directory, config,
		site->config, set,    foreground,      NULL,
	};
	static char *const environment[] = {NULL};
	int null = open("/dev/null", O_RDWR);
	int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	umask(022);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (null < 0 || out < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(out, 2) < 0 || getppid() != parent)
		_exit(127);
	execve(site->nginx, argv, environment);
	_exit(127);
}

static void tick(void)
{
	nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
}

static int answers(int port)
{
	struct sockaddr_in address = loopback(port);
	hs_auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return !connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int start_server(struct demo_site *site, struct error *err)
{
	pid_t parent = getpid();

	fflush(NULL);
	site->server = fork();
	if (site->server < 0) {
		site->server = 0;
		return hs_fail_errno(err, HS_CANNOT, "nginx");
	}
	if (!site->server)
		become_server(site, parent);
	for (int waited = 0; waited < START_MS; waited += TICK_MS) {
		if (answers(site->http_port))
			return 0;
		if (waitpid(site->server, NULL, WNOHANG) == site->server) {
			site->server = 0;
			break;
		}
		tick();
	}
	hs_fail(err, HS_CANNOT, "the demo's nginx does not start");
	hs_error_hint(err, "see whether nginx runs at all: nginx -V");
	return -1;
}

static int find_nginx(struct demo_site *site, struct error *err)
{
	site->nginx = hs_run_find("nginx");
	if (site->nginx)
		return 0;
	hs_fail(err, HS_CANNOT, "the demo needs nginx, which is not installed");
	hs_error_hint(err, "install the package nginx (nginx-light will do); "
			   "it need not run");
	return -1;
}

int cli_demo_site_open(struct demo_site *ret_site, struct error *err)
{
	*ret_site = (struct demo_site){0};
	if (!find_nginx(ret_site, err) && !make_directories(ret_site, err) &&
	    !find_ports(ret_site, err) && !write_configuration(ret_site, err) &&
	    !write_certificates(ret_site, err) && !start_server(ret_site, err))
		return 0;
	cli_demo_site_close(ret_site);
	return -1;
}

static void stop_server(struct demo_site *site)
{
	if (!site->server)
		return;
	kill(site->server, SIGTERM);
	for (int waited = 0; waited < STOP_MS; waited += TICK_MS) {
		if (waitpid(site->server, NULL, WNOHANG) == site->server)
			return;
		tick();
	}
	kill(site->server, SIGKILL);
	waitpid(site->server, NULL, 0);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

void cli_demo_site_close(struct demo_site *site)
{
	char **texts[] = {&site->directory,   &site->nginx, &site->config,
			  &site->certificate, &site->ca,    &site->state,
			  &site->certificates};

	stop_server(site);
	if (site->directory)
		nftw(site->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < HS_LENGTH(texts); i++)
		hs_replace(texts[i], NULL);
	site->server = 0;
}
