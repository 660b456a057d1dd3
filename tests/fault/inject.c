// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * One system call, or one request and its answers, with a failure armed. What
 * an interpreter does between two system calls may allocate memory as well, so
 * it must not be in between: this is a library for it.
 */

/* Files of this thread: which allocation fails, and whether those do that the
 * settings of failslab choose.
 */
static int fail_nth = -1;
static int make_it_fail = -1;

/**
 * struct exchange - a request and its answers
 * @socket: of netlink
 * @request: a whole message
 * @request_length: in bytes
 * @answers: receives all messages up to the one that ends the exchange
 * @room: in @answers, in bytes
 * @answers_length: bytes received
 * @send_error: errno of sending, or 0
 * @receive_error: errno of receiving, or 0
 * @left: allocations that would still have passed; 0 when one failed
 * @onwards: not one allocation fails, but all that failslab is set to
 */
struct exchange {
	int socket;
	const void *request;
	size_t request_length;
	void *answers;
	size_t room;
	size_t answers_length;
	int send_error;
	int receive_error;
	unsigned int left;
	bool onwards;
};

bool inject_open(void)
{
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	make_it_fail =
		open("/proc/thread-self/make-it-fail", O_WRONLY | O_CLOEXEC);
	return fail_nth >= 0 && make_it_fail >= 0;
}

static void put(int file, const char *text)
{
	if (pwrite(file, text, strlen(text), 0) < 0)
		abort();
}

static void arm(unsigned int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	put(fail_nth, text);
}

/* Returns what is left of the number. */
static unsigned int disarm(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		abort();
	put(fail_nth, "0");
	return strtoul(text, NULL, 10);
}

/* Whether the messages end what the request began. */
static bool ends(const struct exchange *exchange, size_t offset)
{
	const struct nlmsghdr *request = exchange->request;
	const char *answers = exchange->answers;
	const struct nlmsghdr *header;

	while (offset + sizeof(*header) <= exchange->answers_length) {
		header = (const void *)(answers + offset);
		if (header->nlmsg_seq == request->nlmsg_seq &&
		    (header->nlmsg_type == NLMSG_ERROR ||
		     header->nlmsg_type == NLMSG_DONE))
			return true;
		offset += NLMSG_ALIGN(header->nlmsg_len);
	}
	return false;
}

static void receive(struct exchange *exchange)
{
	size_t offset;
	ssize_t length;

	do {
		offset = exchange->answers_length;
		length = recv(exchange->socket,
			      (char *)exchange->answers + offset,
			      exchange->room - offset, 0);
		if (length < 0) {
			exchange->receive_error = errno;
			return;
		}
		exchange->answers_length += NLMSG_ALIGN(length);
	} while (!ends(exchange, offset));
}

/**
 * inject_exchange() - ask, with the nth allocation failing
 * @exchange: what and where
 * @nth: counted from 1; not looked at when all onwards fail
 */
void inject_exchange(struct exchange *exchange, unsigned int nth)
{
	if (exchange->onwards)
		put(make_it_fail, "1");
	else
		arm(nth);
	if (send(exchange->socket, exchange->request, exchange->request_length,
		 0) < 0)
		exchange->send_error = errno;
	else
		receive(exchange);
	if (exchange->onwards)
		put(make_it_fail, "0");
	else
		exchange->left = disarm();
}

/**
 * inject_call() - make a system call, with the nth allocation failing
 * @nth: counted from 1; 0 for none
 * @left: receives how many would still have passed; 0 when one failed
 * @number: of the call
 *
 * Return: what the call returned, or a negative errno.
 */
long inject_call(unsigned int nth, unsigned int *left, long number, long first,
		 long second, long third, long fourth, long fifth, long sixth)
{
	long result;

	arm(nth);
	result = syscall(number, first, second, third, fourth, fifth, sixth);
	if (result < 0)
		result = -errno;
	*left = disarm();
	return result;
}
