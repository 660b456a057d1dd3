// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service of the agent, on a loop of its own.
 *
 * program ADDRESS:PORT prints the port on which it listens, then does what lines
 * of its standard input say, and confirms each with a line:
 *
 *	fail NAME TEXT	/readyz has a check that fails
 *	pass NAME	/readyz has a check that passes
 *	clear		/readyz has no check
 *	metrics BYTES	/metrics is so long; -1: it cannot be read
 *	descriptors	the line is the number of open file descriptors
 *	chain 0|1	each answer of /metrics asks for it again, or no more
 *
 * It ends with its input.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/service.h"
#include "policy/memory.h"

/* Connections of the program to itself. */
#define CHAIN_MAX 32

static struct {
	char *names[10];
	char *failures[10];
	size_t count;
	long length;
	unsigned int port;
	bool chain;
	int asking[CHAIN_MAX];
	size_t asked;
	char input[1000];
	size_t input_length;
} program = { .length = 20 };

static void check(void *context, struct checks *checks)
{
	size_t i;

	(void)context;
	for (i = 0; i < program.count; i++)
		if (program.failures[i])
			checks_fail(checks, program.names[i], "%s",
				    program.failures[i]);
		else
			checks_pass(checks, program.names[i]);
}

/* Another connection, with a request in it; the oldest makes room. */
static void ask_again(void)
{
	static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(program.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int *asking = &program.asking[program.asked++ % CHAIN_MAX];

	if (*asking)
		close(*asking);
	*asking = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*asking < 0 ||
	    connect(*asking, (const struct sockaddr *)&address,
		    sizeof(address)) ||
	    send(*asking, request, strlen(request), MSG_NOSIGNAL) < 0)
		exit(EXIT_FAILURE);
}

static void hang_up(void)
{
	size_t i;

	for (i = 0; i < CHAIN_MAX; i++)
		if (program.asking[i])
			close(program.asking[i]);
	memset(program.asking, 0, sizeof(program.asking));
}

static char *metrics(void *context, bool pods)
{
	char *text;

	(void)context;
	if (program.chain)
		ask_again();
	if (program.length < 0)
		return NULL;
	text = xcalloc(program.length + 2, 1);
	memset(text, pods ? 'p' : 'm', program.length);
	text[program.length] = '\n';
	return text;
}

static void clear(void)
{
	while (program.count) {
		program.count--;
		free(program.names[program.count]);
		free(program.failures[program.count]);
	}
}

static int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	/* Its own, and two that are none. */
	return count - 3;
}

static void act(char *line)
{
	char *word = strsep(&line, " ");
	char *name = line ? strsep(&line, " ") : NULL;
	int result = 0;

	if (!strcmp(word, "clear")) {
		clear();
	} else if (!strcmp(word, "metrics") && name) {
		program.length = atol(name);
	} else if (!strcmp(word, "chain") && name) {
		program.chain = atol(name);
		hang_up();
	} else if (!strcmp(word, "descriptors")) {
		result = descriptors();
	} else if (name && program.count < 10) {
		program.names[program.count] = xstrdup(name);
		program.failures[program.count] =
			!strcmp(word, "fail") ? xstrdup(line) : NULL;
		program.count++;
	} else {
		exit(EXIT_FAILURE);
	}
	printf("%d\n", result);
	fflush(stdout);
}

static int on_input(sd_event_source *source, int descriptor, uint32_t events,
		    void *context)
{
	ssize_t length = read(descriptor, program.input + program.input_length,
			      sizeof(program.input) - program.input_length);
	char *end;

	(void)events;
	(void)context;
	if (length <= 0)
		return sd_event_exit(sd_event_source_get_event(source), 0);
	program.input_length += length;
	while ((end = memchr(program.input, '\n', program.input_length))) {
		*end++ = '\0';
		act(program.input);
		program.input_length -= end - program.input;
		memmove(program.input, end, program.input_length);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct service_source source = { check, metrics, NULL };
	struct service *service;
	sd_event *event;
	int status = EXIT_FAILURE;

	signal(SIGPIPE, SIG_IGN);
	if (argc != 2 || sd_event_new(&event) < 0)
		return EXIT_FAILURE;
	service = service_new(event, argv[1], &source);
	if (service && sd_event_add_io(event, NULL, STDIN_FILENO, EPOLLIN,
				       on_input, NULL) >= 0) {
		program.port = service_port(service);
		printf("%u\n", program.port);
		fflush(stdout);
		status = sd_event_loop(event) ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	service_free(service);
	clear();
	sd_event_unref(event);
	return status;
}
