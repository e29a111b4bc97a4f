/*
 * nginx on this host: what detect.c learns from the program (build.c) and from
 * the processes (master.c), what trial.c and start.c have from mount.c, and how
 * they and reload.c tell nginx's own words.
 */
#ifndef CORE_SERVER_NGINX_HOST_H
#define CORE_SERVER_NGINX_HOST_H

#include "core/server/nginx/nginx.h"

/* What `nginx -V` says of a program. */
struct nginx_build {
	char *version;	  /* "1.22.1" */
	int number;	  /* 1022001 */
	char *prefix;	  /* with a slash at its end */
	char *config;	  /* its default configuration, absolute */
	char *pid_file;	  /* its default PID file, absolute */
	char *error_log;  /* absolute, "stderr" or NULL */
	char *access_log; /* absolute */
	bool ssl, http2, sni;
};

/* Runs `nginx -V`; HS_CANNOT when it is no nginx. */
int hs_nginx_ask_build(const char *binary, struct nginx_build *ret_build,
		       struct error *err) HS_MUST_CHECK;
/* The same from what it printed. */
int hs_nginx_parse_build(const char *text, struct nginx_build *ret_build);
void hs_nginx_build_done(struct nginx_build *build);
/* 1022001 for "1.22.1"; 0 when it is none. */
int hs_nginx_version(const char *text);

/* A running nginx that reads its configuration from our files. */
struct nginx_master {
	pid_t pid;
	char *program; /* of the process, or NULL when it cannot be seen */
	char *config;  /* its -c, as given; NULL: the default of its build */
	char *prefix;  /* its -p, absolute, or NULL */
	char *globals; /* its -g, or NULL */
	bool single;   /* no master of workers: master_process off */
	bool foreign;  /* another user's: only its PID may be used, and only
			  when its configuration was asked for */
};
struct nginx_masters HS_ARRAY(struct nginx_master);

void hs_nginx_find_masters(struct nginx_masters *ret_masters);
/* The configuration it reads, absolute, given what its program is; to be
 * freed. */
char *hs_nginx_master_config(const struct nginx_master *master,
			     const struct nginx_build *build);
/* Whether a process is a running nginx: a master, or a single process. */
bool hs_nginx_is_master(pid_t pid, bool *ret_single);
/* Takes a command line apart: NUL between the arguments, or nginx's title,
 * where blanks are. -1: no nginx master. */
int hs_nginx_parse_master(const char *line, size_t length,
			  struct nginx_master *ret_master);
void hs_nginx_masters_done(struct nginx_masters *masters);

/* `path` as nginx completes it: absolute ones stay, others follow `prefix`
 * (which ends with a slash). To be freed. */
char *hs_nginx_full_path(const char *path, const char *prefix);

/* nginx's own words on a failure as an error of ours, with its file and line
 * and the id server.config-broken. */
void hs_nginx_blame(const char *output, enum hs_code code, struct error *err);

/* What a child of ours does between fork and exec to see staged files in the
 * place of the live ones. NULL when that cannot be prepared. */
struct nginx_mounts;
struct nginx_mounts *hs_nginx_mounts(const struct staged_files *files);
/* For struct run.prepare: 0 or an errno; calls the system alone. */
int hs_nginx_mount(void *mounts);
/* The same in two steps, for a trial start: this process gets a network of its
 * own, where its children have process numbers of their own; then it sees the
 * files, and cannot write where the live ones are. 0, or -1 and errno. */
int hs_nginx_part(struct nginx_mounts *mounts);
int hs_nginx_mount_trial(const struct nginx_mounts *mounts);
/* Before that: what it writes to that path is lost, or its file there is a new
 * one, which nobody else sees. */
void hs_nginx_mounts_drop(struct nginx_mounts *mounts, const char *path);
void hs_nginx_mounts_renew(struct nginx_mounts *mounts, const char *path);
void hs_nginx_mounts_free(struct nginx_mounts *mounts);

/* What a trial start has to know of the configuration. */
struct nginx_start {
	char *pid_file;	 /* where it says that it listens; NULL: nowhere */
	char *log;	 /* where it says what goes wrong; NULL: elsewhere */
	char *globals;	 /* its -g, or NULL */
	bool foreground; /* it does not become a daemon */
};

/* Finds it, and has places made for all that it writes. The texts are to be
 * freed. */
void hs_nginx_look_at_start(const struct server_facts *server,
			    struct nginx_mounts *mounts,
			    struct nginx_start *ret_start);

#endif
