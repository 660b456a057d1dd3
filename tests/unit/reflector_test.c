// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is asked of an API server next, whatever it answered.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/reflector.h"

static const struct reflector_limits limits = {
	.page = 500,
	.watch_min = 300,
	.watch_max = 600,
	.find = 60000,
};

#define POD_LIST "/api/v1/pods?limit=500"
#define WATCH \
	"?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion="
#define CRD "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
#define CLUSTER "/apis/policy.networking.k8s.io/"
#define CNP CLUSTER "v1alpha2/clusternetworkpolicies"

/* At once, after a wait of a failure, or after that until the next look. */
enum pause {
	NONE,
	SHORT,
	LONG
};

struct exchange {
	const char *path; /* that is asked; NULL ends the story */
	struct reflector_answer answer;
	enum reflector_news news;
	enum pause pause;
};

struct row {
	const char *name;
	enum resource_id resource;
	struct exchange exchanges[12];
};

#define FINE .outcome = OUTCOME_FINE
#define SAYS(code) .outcome = OUTCOME_STATUS, .status = (code)
#define PAGE(version, on) FINE, .resource_version = (version), .token = (on)
#define LISTED_AT(version)                                           \
	{                                                            \
		POD_LIST, { PAGE(version, NULL) }, NEWS_LISTED, NONE \
	}
#define WATCHES(version)                                                \
	{                                                               \
		"/api/v1/pods" WATCH version, { FINE }, NEWS_NONE, NONE \
	}
#define CHECKS(newest)                                                     \
	{                                                                  \
		"/api/v1/pods?limit=1", { PAGE(newest, NULL) }, NEWS_NONE, \
			NONE                                               \
	}
#define FAILS_ON(token)                                                      \
	{                                                                    \
		POD_LIST "&continue=" token, { SAYS(500) }, NEWS_NONE, SHORT \
	}
#define FOUND_NOT(version)                                      \
	{                                                       \
		CLUSTER version, { SAYS(404) }, NEWS_NONE, NONE \
	}
#define FOUND(version)                                                      \
	{                                                                   \
		CLUSTER version, { FINE, .served = true }, NEWS_FOUND, NONE \
	}

static const struct row rows[] = {
	{ "a list, and a watch that goes on and on",
	  RESOURCE_PODS,
	  { LISTED_AT("7"), WATCHES("7"), WATCHES("7"), WATCHES("7") } },
	{ "a list in pages",
	  RESOURCE_NETWORK_POLICIES,
	  { { "/apis/networking.k8s.io/v1/networkpolicies?limit=500",
	      { PAGE("7", "a/b+c=") },
	      NEWS_PAGE,
	      NONE },
	    { "/apis/networking.k8s.io/v1/networkpolicies?limit=500&continue=a%2Fb%2Bc%3D",
	      { PAGE("7", "d") },
	      NEWS_PAGE,
	      NONE },
	    { "/apis/networking.k8s.io/v1/networkpolicies?limit=500&continue=d",
	      { PAGE("7", "") },
	      NEWS_LISTED,
	      NONE },
	    { "/apis/networking.k8s.io/v1/networkpolicies" WATCH "7",
	      { FINE },
	      NEWS_NONE,
	      NONE } } },
	{ "a page that fails is asked for again",
	  RESOURCE_PODS,
	  { { POD_LIST, { .outcome = OUTCOME_BROKEN }, NEWS_NONE, SHORT },
	    { POD_LIST, { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=a", { SAYS(503) }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=a",
	      { .outcome = OUTCOME_NONSENSE },
	      NEWS_NONE,
	      SHORT },
	    { POD_LIST "&continue=a", { SAYS(429) }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=a", { SAYS(401) }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=a", { SAYS(403) }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=a", { PAGE("7", "") }, NEWS_LISTED, NONE },
	    WATCHES("7") } },
	{ "a page that fails again and again: the list begins anew",
	  RESOURCE_PODS,
	  { { POD_LIST, { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    FAILS_ON("a"),
	    LISTED_AT("5"),
	    WATCHES("5") } },
	{ "a page that leads to itself, and to another in the end",
	  RESOURCE_PODS,
	  { { POD_LIST, { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=a", { PAGE("7", "a") }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=a", { PAGE("7", "b") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=b", { PAGE("7", "b") }, NEWS_NONE, SHORT },
	    { POD_LIST "&continue=b", { PAGE("7", "") }, NEWS_LISTED, NONE },
	    WATCHES("7") } },
	{ "a list that the server has forgotten",
	  RESOURCE_PODS,
	  { { POD_LIST, { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=a", { SAYS(410) }, NEWS_NONE, SHORT },
	    { POD_LIST, { PAGE("9", "b") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=b", { SAYS(400) }, NEWS_NONE, SHORT },
	    LISTED_AT("11"),
	    WATCHES("11") } },
	{ "a page that is too large",
	  RESOURCE_PODS,
	  { { POD_LIST, { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    { POD_LIST "&continue=a",
	      { .outcome = OUTCOME_TOO_LARGE },
	      NEWS_NONE,
	      NONE },
	    { "/api/v1/pods?limit=250",
	      { .outcome = OUTCOME_TOO_LARGE },
	      NEWS_NONE,
	      NONE },
	    { "/api/v1/pods?limit=125", { PAGE("7", "a") }, NEWS_PAGE, NONE },
	    { "/api/v1/pods?limit=125&continue=a",
	      { PAGE("7", "") },
	      NEWS_LISTED,
	      NONE },
	    WATCHES("7") } },
	{ "a list without a resource version",
	  RESOURCE_PODS,
	  { { POD_LIST, { FINE }, NEWS_NONE, SHORT },
	    { POD_LIST, { PAGE("", NULL) }, NEWS_NONE, SHORT },
	    LISTED_AT("7") } },
	{ "a watch whose place was forgotten",
	  RESOURCE_PODS,
	  { LISTED_AT("7"),
	    { "/api/v1/pods" WATCH "7", { SAYS(410) }, NEWS_NONE, SHORT },
	    LISTED_AT("9"),
	    WATCHES("9") } },
	{ "what a watch is refused with",
	  RESOURCE_PODS,
	  { LISTED_AT("7"),
	    { "/api/v1/pods" WATCH "7", { SAYS(429) }, NEWS_NONE, SHORT },
	    { "/api/v1/pods" WATCH "7", { SAYS(401) }, NEWS_NONE, SHORT },
	    { "/api/v1/pods" WATCH "7", { SAYS(403) }, NEWS_NONE, SHORT },
	    { "/api/v1/pods" WATCH "7", { SAYS(404) }, NEWS_NONE, SHORT },
	    { "/api/v1/pods" WATCH "7", { SAYS(500) }, NEWS_NONE, SHORT },
	    CHECKS("8"),
	    { "/api/v1/pods" WATCH "7", { SAYS(422) }, NEWS_NONE, SHORT },
	    LISTED_AT("9") } },
	{ "a watch that says nonsense, too much, or goes back",
	  RESOURCE_PODS,
	  { LISTED_AT("7"),
	    { "/api/v1/pods" WATCH "7",
	      { .outcome = OUTCOME_NONSENSE },
	      NEWS_NONE,
	      SHORT },
	    LISTED_AT("7"),
	    { "/api/v1/pods" WATCH "7",
	      { .outcome = OUTCOME_TOO_LARGE },
	      NEWS_NONE,
	      SHORT },
	    LISTED_AT("7"),
	    { "/api/v1/pods" WATCH "7",
	      { .outcome = OUTCOME_BACKWARDS },
	      NEWS_NONE,
	      SHORT },
	    LISTED_AT("5"),
	    WATCHES("5") } },
	{ "a watch that breaks: the storage has gone on",
	  RESOURCE_PODS,
	  { LISTED_AT("99"),
	    { "/api/v1/pods" WATCH "99",
	      { .outcome = OUTCOME_BROKEN },
	      NEWS_NONE,
	      SHORT },
	    { "/api/v1/pods?limit=1",
	      { .outcome = OUTCOME_BROKEN },
	      NEWS_NONE,
	      SHORT },
	    CHECKS("100"),
	    { "/api/v1/pods" WATCH "99",
	      { FINE, .early = true },
	      NEWS_NONE,
	      SHORT },
	    CHECKS("99"),
	    WATCHES("99") } },
	{ "a watch that breaks: the storage is an older one",
	  RESOURCE_PODS,
	  { LISTED_AT("100"),
	    { "/api/v1/pods" WATCH "100",
	      { .outcome = OUTCOME_BROKEN },
	      NEWS_NONE,
	      SHORT },
	    CHECKS("99"),
	    LISTED_AT("99"),
	    WATCHES("99") } },
	{ "a check that is refused",
	  RESOURCE_PODS,
	  { LISTED_AT("100"),
	    { "/api/v1/pods" WATCH "100",
	      { .outcome = OUTCOME_BROKEN },
	      NEWS_NONE,
	      SHORT },
	    { "/api/v1/pods?limit=1", { SAYS(503) }, NEWS_NONE, SHORT },
	    { "/api/v1/pods?limit=1", { SAYS(410) }, NEWS_NONE, SHORT },
	    LISTED_AT("101") } },
	{ "a custom kind that is served",
	  RESOURCE_CLUSTER_NETWORK_POLICIES,
	  { { CLUSTER "v1beta1", { SAYS(503) }, NEWS_NONE, SHORT },
	    FOUND_NOT("v1beta1"),
	    FOUND("v1alpha2"),
	    { CNP "?limit=500", { PAGE("7", "") }, NEWS_LISTED, NONE },
	    { CNP WATCH "7", { FINE }, NEWS_NONE, NONE } } },
	{ "a group version without the kind",
	  RESOURCE_CLUSTER_NETWORK_POLICIES,
	  { { CLUSTER "v1beta1", { FINE }, NEWS_NONE, NONE },
	    FOUND("v1alpha2") } },
	{ "a custom kind that is not defined",
	  RESOURCE_ADMIN_NETWORK_POLICIES,
	  { FOUND_NOT("v1alpha1"),
	    { CRD "adminnetworkpolicies.policy.networking.k8s.io",
	      { SAYS(404) },
	      NEWS_GONE,
	      LONG },
	    FOUND_NOT("v1alpha1"),
	    { CRD "adminnetworkpolicies.policy.networking.k8s.io",
	      { SAYS(404) },
	      NEWS_GONE,
	      LONG },
	    FOUND("v1alpha1") } },
	{ "a custom kind that is defined and not served",
	  RESOURCE_ADMIN_NETWORK_POLICIES,
	  { FOUND("v1alpha1"),
	    { CLUSTER "v1alpha1/adminnetworkpolicies?limit=500",
	      { PAGE("7", "") },
	      NEWS_LISTED,
	      NONE },
	    { CLUSTER "v1alpha1/adminnetworkpolicies" WATCH "7",
	      { SAYS(404) },
	      NEWS_NONE,
	      SHORT },
	    FOUND_NOT("v1alpha1"),
	    { CRD "adminnetworkpolicies.policy.networking.k8s.io",
	      { FINE },
	      NEWS_NONE,
	      SHORT },
	    FOUND_NOT("v1alpha1"),
	    { CRD "adminnetworkpolicies.policy.networking.k8s.io",
	      { SAYS(403) },
	      NEWS_NONE,
	      LONG },
	    FOUND_NOT("v1alpha1"),
	    { CRD "adminnetworkpolicies.policy.networking.k8s.io",
	      { .outcome = OUTCOME_BROKEN },
	      NEWS_NONE,
	      SHORT },
	    FOUND("v1alpha1"),
	    { CLUSTER "v1alpha1/adminnetworkpolicies?limit=500",
	      { PAGE("9", "") },
	      NEWS_LISTED,
	      NONE } } },
	{ "a custom kind that moves to another version",
	  RESOURCE_CLUSTER_NETWORK_POLICIES,
	  { FOUND_NOT("v1beta1"),
	    FOUND("v1alpha2"),
	    { CNP "?limit=500", { SAYS(404) }, NEWS_NONE, SHORT },
	    FOUND("v1beta1"),
	    { CLUSTER "v1beta1/clusternetworkpolicies?limit=500",
	      { PAGE("7", "") },
	      NEWS_LISTED,
	      NONE } } },
	{ "looking for a custom kind is refused",
	  RESOURCE_ADMIN_NETWORK_POLICIES,
	  { { CLUSTER "v1alpha1", { SAYS(403) }, NEWS_NONE, SHORT },
	    { CLUSTER "v1alpha1",
	      { .outcome = OUTCOME_NONSENSE },
	      NEWS_NONE,
	      SHORT },
	    FOUND("v1alpha1") } },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	const struct exchange *exchange;
	struct reflector reflector;
	enum reflector_news news;
	uint64_t wait;
	char *path;

	reflector_begin(&reflector, &resources[row->resource], &limits);
	for (exchange = row->exchanges; exchange->path; exchange++) {
		path = reflector_path(&reflector, 0);
		assert_string_equal(path, exchange->path);
		free(path);
		wait = reflector_answered(&reflector, &exchange->answer, 0,
					  &news);
		assert_int_equal(news, exchange->news);
		if (exchange->pause == NONE)
			assert_int_equal(wait, 0);
		else if (exchange->pause == SHORT)
			assert_int_equal(wait, 1);
		else
			assert_int_equal(wait, 60000);
	}
	reflector_clear(&reflector);
}

/* Whatever the watch tells of is where the next one goes on. */
static void test_seen(void **state)
{
	static const struct reflector_answer listed = { PAGE("98", NULL) };
	struct reflector reflector;
	enum reflector_news news;
	char *path;

	(void)state;
	reflector_begin(&reflector, &resources[RESOURCE_PODS], &limits);
	reflector_answered(&reflector, &listed, 0, &news);
	assert_true(reflector_seen(&reflector, "98"));
	assert_true(reflector_seen(&reflector, "100"));
	assert_false(reflector_seen(&reflector, "99"));
	path = reflector_path(&reflector, UINT32_MAX);
	assert_string_equal(
		path,
		"/api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=600&resourceVersion=100");
	free(path);
	reflector_clear(&reflector);
}

/* Waits grow until a watch works; that a list does is not enough. */
static void test_waits(void **state)
{
	static const struct reflector_answer listed = { PAGE("7", NULL) };
	static const struct reflector_answer gone = { SAYS(410) };
	static const struct reflector_answer later = { SAYS(410),
						       .steady = true };
	struct reflector reflector;
	enum reflector_news news;
	uint64_t most = 500;
	unsigned int i;

	(void)state;
	reflector_begin(&reflector, &resources[RESOURCE_PODS], &limits);
	for (i = 0; i < 10; i++) {
		assert_int_equal(reflector_answered(&reflector, &listed, 0,
						    &news),
				 0);
		assert_int_equal(reflector_answered(&reflector, &gone,
						    UINT32_MAX, &news),
				 most);
		most = most * 2 > 30000 ? 30000 : most * 2;
	}
	reflector_answered(&reflector, &listed, 0, &news);
	assert_int_equal(reflector_answered(&reflector, &later, UINT32_MAX,
					    &news),
			 500);
	reflector_answered(&reflector, &listed, 0, &news);
	reflector_steady(&reflector);
	assert_int_equal(reflector_answered(&reflector, &gone, UINT32_MAX,
					    &news),
			 500);
	reflector_clear(&reflector);
}

/* Whatever comes, in whatever order: there is always something to ask, and a
 * watch only where a list was complete.
 */
static void test_any(void **state)
{
	unsigned int round, i;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct reflector reflector;
		bool complete = false;

		reflector_begin(&reflector,
				&resources[random() % RESOURCE_COUNT], &limits);
		for (i = 0; i < 200; i++) {
			static const long statuses[] = { 301, 400, 401, 403,
							 404, 408, 410, 429,
							 500, 503 };
			static const char *const texts[] = { NULL, "", "5", "9",
							     "x" };
			struct reflector_answer answer = {
				.outcome = random() % 6,
				.status = statuses[random() % COUNT(statuses)],
				.served = random() % 2,
				.resource_version =
					texts[random() % COUNT(texts)],
				.token = texts[random() % COUNT(texts)],
				.steady = random() % 2,
				.early = random() % 2,
			};
			enum reflector_news news;
			char *path = reflector_path(&reflector, random());

			assert_int_equal(*path, '/');
			if (strstr(path, "watch=true"))
				assert_true(complete);
			free(path);
			reflector_answered(&reflector, &answer, random(),
					   &news);
			complete |= news == NEWS_LISTED;
			assert_true(reflector.page >= 1);
		}
		reflector_clear(&reflector);
	}
}

struct older_row {
	const char *one;
	const char *other;
	bool older;
};

static const struct older_row older_rows[] = {
	{ "1", "2", true },
	{ "2", "1", false },
	{ "2", "2", false },
	{ "9", "10", true },
	{ "10", "9", false },
	{ "009", "10", true },
	{ "0", "1", true },
	{ "00", "0", false },
	{ "x", "1", false },
	{ "1", "x", false },
	{ "", "1", false },
	{ "1", "", false },
	{ "-1", "1", false },
	{ "1 ", "2", false },
	{ "99999999999999999999", "100000000000000000000", true },
};

static void test_older(void **state)
{
	const struct older_row *row = *state;

	assert_int_equal(resource_version_older(row->one, row->other),
			 row->older);
	assert_false(resource_version_older(NULL, row->other));
	assert_false(resource_version_older(row->one, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_any),
	};
	int failed;

	failed = table_tests("a story", rows, COUNT(rows), sizeof(*rows),
			     test_row);
	failed += table_tests("older", older_rows, COUNT(older_rows),
			      sizeof(*older_rows), test_older);
	failed += cmocka_run_group_tests_name("a reflector", tests, NULL, NULL);
	return !!failed;
}
