// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/notification.h"
#include "policy/memory.h"

/* The service manager: a socket without a name in any file system. */
static struct {
	sd_event *event;
	int socket;
} manager;

static int begin(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(sa_family_t);
	char *name;

	(void)state;
	manager.socket =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(manager.socket >= 0);
	/* The kernel chooses a name. */
	assert_int_equal(bind(manager.socket, (struct sockaddr *)&address,
			      length),
			 0);
	length = sizeof(address);
	assert_int_equal(getsockname(manager.socket,
				     (struct sockaddr *)&address, &length),
			 0);
	name = xasprintf("@%.*s", (int)(length - sizeof(sa_family_t) - 1),
			 address.sun_path + 1);
	setenv("NOTIFY_SOCKET", name, 1);
	free(name);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return sd_event_new(&manager.event) < 0;
}

static int end(void **state)
{
	(void)state;
	sd_event_unref(manager.event);
	close(manager.socket);
	return 0;
}

/* The next message; NULL when there is none. */
static const char *message(void)
{
	static char text[1000];
	ssize_t length = recv(manager.socket, text, sizeof(text) - 1, 0);

	if (length < 0)
		return NULL;
	text[length] = '\0';
	return text;
}

static void expect_message(const char *wanted)
{
	const char *text = message();

	assert_non_null(text);
	assert_string_equal(text, wanted);
}

/* Run the loop until there is one. */
static const char *next_message(void)
{
	unsigned int patience = 1000;
	const char *text;

	while (!(text = message())) {
		assert_true(patience-- > 0);
		assert_true(sd_event_run(manager.event, 10000) >= 0);
	}
	return text;
}

static void test_ready(void **state)
{
	struct notification *notification = notification_new(manager.event);

	(void)state;
	notification_ready(notification);
	notification_ready(notification);
	expect_message("READY=1");
	assert_null(message());
	notification_stopping(notification);
	expect_message("STOPPING=1");
	assert_null(message());
	notification_free(notification);
}

/* The first at once, and of those that follow the last. */
static void test_status(void **state)
{
	struct notification *notification = notification_new(manager.event);
	unsigned int generation;

	(void)state;
	for (generation = 7; generation < 20; generation++)
		notification_status(notification, "%u pods, generation %u", 3,
				    generation);
	expect_message("STATUS=3 pods, generation 7");
	assert_null(message());
	assert_string_equal(next_message(), "STATUS=3 pods, generation 19");
	/* The same is not worth a message. */
	notification_status(notification, "3 pods, generation 19");
	assert_null(message());
	notification_free(notification);
}

/* What waits is said before the end. */
static void test_last(void **state)
{
	struct notification *notification = notification_new(manager.event);

	(void)state;
	notification_status(notification, "works");
	notification_status(notification, "ends");
	notification_stopping(notification);
	expect_message("STATUS=works");
	expect_message("STATUS=ends");
	expect_message("STOPPING=1");
	assert_null(message());
	notification_free(notification);
}

static void test_one_line(void **state)
{
	struct notification *notification = notification_new(manager.event);

	(void)state;
	notification_status(notification, "waits for %s", "a\nREADY=1");
	expect_message("STATUS=waits for a\\x0aREADY=1");
	notification_free(notification);
}

static void test_watchdog(void **state)
{
	struct notification *notification;
	unsigned int round;

	(void)state;
	setenv("WATCHDOG_USEC", "100000", 1);
	notification = notification_new(manager.event);
	for (round = 0; round < 3; round++)
		assert_string_equal(next_message(), "WATCHDOG=1");
	notification_free(notification);
}

/* Not started by a service manager. */
static void test_alone(void **state)
{
	struct notification *notification;

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notification = notification_new(manager.event);
	notification_ready(notification);
	notification_status(notification, "works");
	notification_stopping(notification);
	notification_free(notification);
	notification_free(NULL);
	assert_null(message());
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ready),    TEST(test_status),	  TEST(test_last),
		TEST(test_one_line), TEST(test_watchdog), TEST(test_alone),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
