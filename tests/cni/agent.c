// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent DIRECTORY: the agent's side of the CNI plugin, without policy. Says on
 * standard output what changes and what is asked about, and does what standard
 * input says, a line each:
 *
 *	auto			enforce every change at once, as it is
 *	manual			wait for
 *	enforce KEY [IP...]	these addresses, or those of the attachments
 *	refuse WORD		refuse every change, and who waits for the last
 *	find KEY		say which addresses the pod has
 *	whose IP		say which pod has the address
 *	gone KEY IP		say whether the pod has lost the address
 *	forget KEY
 *	echo WORD		say the word
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/attachments.h"
#include "agent/waiters.h"

#define IPS_MAX 64
#define LINE_LENGTH 1024

static struct attachments *attachments;
static bool automatic;
static char *last, *reason;

/* The linker puts this in front of waiters_add(): a pod's file is seen, and so its
 * change told of, before anybody asks.
 */
void __real_waiters_add(struct waiters *waiters, struct visitor *visitor,
			const struct expectation *expectation);
void __wrap_waiters_add(struct waiters *waiters, struct visitor *visitor,
			const struct expectation *expectation);

void __wrap_waiters_add(struct waiters *waiters, struct visitor *visitor,
			const struct expectation *expectation)
{
	printf("asked %s\n", expectation->key);
	__real_waiters_add(waiters, visitor, expectation);
}

static void enforce(const char *key)
{
	struct ip ips[IPS_MAX];

	attachments_enforced(attachments, key, ips,
			     attachments_ips(attachments, key, ips, IPS_MAX),
			     7);
}

static void changed(void *context, const char *key)
{
	(void)context;
	printf("changed %s\n", key);
	free(last);
	last = strdup(key);
	if (reason)
		attachments_refused(attachments, key, reason);
	if (automatic)
		enforce(key);
}

static void do_enforce(const char *key, char *rest)
{
	struct ip ips[IPS_MAX];
	size_t count = 0;
	char *word;

	if (!rest) {
		enforce(key);
		return;
	}
	while ((word = strsep(&rest, " ")))
		if (ip_parse(word, &ips[count]))
			count++;
	attachments_enforced(attachments, key, ips, count, 8);
}

static void do_find(const char *key)
{
	const struct attachment *newest = attachments_find(attachments, key);
	struct ip ips[IPS_MAX];
	size_t count = attachments_ips(attachments, key, ips, IPS_MAX), i;
	char buffer[NETWORK_TEXT_MAX];

	printf("found %s", newest ? newest->container : "nothing");
	for (i = 0; i < count; i++)
		printf(" %s", ip_text(&ips[i], buffer));
	printf("\n");
}

static void do_whose(const char *text)
{
	const struct attachment *owner = NULL;
	struct ip ip;

	if (ip_parse(text, &ip))
		owner = attachments_find_ip(attachments, &ip);
	printf("it is %s\n", owner ? owner->key : "nobody's");
}

static void do_gone(const char *key, const char *text)
{
	struct ip ip;

	printf("gone %d\n", text && ip_parse(text, &ip) &&
				    attachments_gone(attachments, key, &ip));
}

static void do_refuse(const char *text)
{
	reason = strdup(text);
	if (last)
		attachments_refused(attachments, last, reason);
}

static void set_mode(bool enforces)
{
	automatic = enforces;
	free(reason);
	reason = NULL;
}

static void obey(char *line)
{
	char *verb = strsep(&line, " "), *key = line ? strsep(&line, " ") : "";

	if (!strcmp(verb, "auto"))
		set_mode(true);
	else if (!strcmp(verb, "manual"))
		set_mode(false);
	else if (!strcmp(verb, "enforce"))
		do_enforce(key, line);
	else if (!strcmp(verb, "refuse"))
		do_refuse(key);
	else if (!strcmp(verb, "find"))
		do_find(key);
	else if (!strcmp(verb, "whose"))
		do_whose(key);
	else if (!strcmp(verb, "gone"))
		do_gone(key, line);
	else if (!strcmp(verb, "forget"))
		attachments_forget(attachments, key);
	else
		printf("%s\n", key);
}

/* Ends with its input. */
static int on_input(sd_event_source *source, int fd, uint32_t events,
		    void *context)
{
	static char buffer[LINE_LENGTH];
	static size_t length;
	char *end;
	ssize_t part;

	(void)events;
	(void)context;
	part = read(fd, buffer + length, sizeof(buffer) - length);
	if (part <= 0)
		return sd_event_exit(sd_event_source_get_event(source), 0);
	length += part;
	while ((end = memchr(buffer, '\n', length))) {
		*end++ = '\0';
		obey(buffer);
		length -= end - buffer;
		memmove(buffer, end, length);
	}
	return 0;
}

int main(int argc, char **argv)
{
	sd_event *event;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 2 || sd_event_new(&event) < 0)
		return 2;
	attachments = attachments_new(event, argv[1], changed, NULL);
	if (!attachments) {
		sd_event_unref(event);
		return 1;
	}
	sd_event_add_io(event, NULL, STDIN_FILENO, EPOLLIN, on_input, NULL);
	printf("ready\n");
	status = sd_event_loop(event);
	attachments_free(attachments);
	free(reason);
	free(last);
	sd_event_unref(event);
	return status < 0;
}
