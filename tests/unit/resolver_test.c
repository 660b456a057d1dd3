// SPDX-License-Identifier: GPL-2.0-only
/*
 * A name server that does not answer: requests end by their time, and nothing else
 * waits for it meanwhile.
 */
#include "support.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "agent/api.h"
#include "agent/credentials.h"
#include "policy/memory.h"

/* Seconds for which a name is looked up if nobody says that it is enough. */
#define PATIENCE 20

/**
 * resolver - the name server
 * @asked: it was
 * @released: it may answer
 * @running: lookups that have not ended
 * @tired: one ended by itself
 */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool asked;
	bool released;
	unsigned int running;
	bool tired;
} resolver = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

/* In front of the one in the C library, also for libcurl. */
int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **result)
{
	struct timespec end;

	(void)name;
	(void)service;
	(void)hints;
	*result = NULL;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE;
	pthread_mutex_lock(&resolver.mutex);
	resolver.asked = true;
	resolver.running++;
	while (!resolver.released && !resolver.tired)
		resolver.tired = pthread_cond_timedwait(&resolver.changed,
							&resolver.mutex,
							&end) == ETIMEDOUT;
	resolver.running--;
	pthread_cond_broadcast(&resolver.changed);
	pthread_mutex_unlock(&resolver.mutex);
	return EAI_AGAIN;
}

static bool is_tired(void)
{
	bool tired;

	pthread_mutex_lock(&resolver.mutex);
	tired = resolver.tired;
	pthread_mutex_unlock(&resolver.mutex);
	return tired;
}

static void release(void)
{
	pthread_mutex_lock(&resolver.mutex);
	resolver.released = true;
	pthread_cond_broadcast(&resolver.changed);
	while (resolver.running)
		pthread_cond_wait(&resolver.changed, &resolver.mutex);
	pthread_mutex_unlock(&resolver.mutex);
}

/**
 * struct scene - a request whose name is being looked up
 * @event: the loop
 * @api: whom it is to
 * @request: the request
 * @failure: how it ended; NULL while it has not
 */
struct scene {
	sd_event *event;
	struct api *api;
	struct request *request;
	char *failure;
};

static void on_done(void *context, const struct response *response)
{
	struct scene *scene = context;

	assert_int_equal(response->status, 0);
	scene->failure = xstrdup(response->failure);
}

static bool is_asked(void)
{
	bool asked;

	pthread_mutex_lock(&resolver.mutex);
	asked = resolver.asked;
	pthread_mutex_unlock(&resolver.mutex);
	return asked;
}

static void begin(struct scene *scene, uint32_t connect)
{
	static struct credentials credentials = {
		.server = (char *)"https://api.example:6443",
	};
	const struct api_limits limits = { .connect = connect,
					   .outage = 3600000 };
	const struct question question = {
		.method = "GET",
		.path = "/api/v1/pods",
		.time_limit = 3600000,
		.done = on_done,
		.context = scene,
	};

	resolver.asked = false;
	resolver.released = false;
	resolver.tired = false;
	*scene = (struct scene){};
	assert_true(sd_event_new(&scene->event) >= 0);
	scene->api = api_new(scene->event, &credentials);
	api_limit(scene->api, &limits);
	scene->request = api_ask(scene->api, &question);
	while (!is_asked())
		assert_true(sd_event_run(scene->event, 10000) >= 0);
}

static void end(struct scene *scene)
{
	api_free(scene->api);
	assert_false(is_tired());
	release();
	sd_event_unref(scene->event);
	free(scene->failure);
}

/* It ends by its time. */
static void test_late(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 100);
	while (!scene.failure)
		assert_true(sd_event_run(scene.event, 10000) >= 0);
	assert_false(is_tired());
	assert_non_null(strstr(scene.failure, "timed out"));
	end(&scene);
}

/* It is given up. */
static void test_cancelled(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3600000);
	api_cancel(scene.request);
	assert_false(is_tired());
	assert_null(scene.failure);
	end(&scene);
}

/* The agent ends. */
static void test_left(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3600000);
	assert_null(scene.failure);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_left),
	};

	return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
