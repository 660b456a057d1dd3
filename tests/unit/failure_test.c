// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a response says of a failure, and what people are told of it.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/failure.h"

#define STATUS(text) .body = (text), .length = sizeof(text) - 1

struct response_row {
	const char *name;
	struct response response;
	bool fails;
	enum reflector_outcome outcome;
	unsigned int retry_after;
	const char *words;
};

static const struct response_row response_rows[] = {
	{ "a success",
	  { .status = 200, STATUS("{}") },
	  false,
	  OUTCOME_FINE,
	  0,
	  NULL },
	{ "another",
	  { .status = 299, STATUS("") },
	  false,
	  OUTCOME_FINE,
	  0,
	  NULL },
	{ "no response",
	  { .failure = "no route", .body = "" },
	  true,
	  OUTCOME_BROKEN,
	  0,
	  "no route" },
	{ "a success that breaks off",
	  { .status = 200, .failure = "cut off", .body = "" },
	  true,
	  OUTCOME_BROKEN,
	  0,
	  "cut off" },
	{ "a success that is too large",
	  { .status = 200, .too_large = true, .failure = "much", .body = "" },
	  true,
	  OUTCOME_TOO_LARGE,
	  0,
	  "much" },
	{ "a refusal that is too large",
	  { .status = 403, .too_large = true, .failure = "much", .body = "" },
	  true,
	  OUTCOME_STATUS,
	  0,
	  "403: without a word" },
	{ "a refusal with words",
	  { .status = 403,
	    STATUS("{\"kind\":\"Status\",\"message\":\"pods are secret\"}") },
	  true,
	  OUTCOME_STATUS,
	  0,
	  "403: pods are secret" },
	{ "a redirection",
	  { .status = 302, STATUS("") },
	  true,
	  OUTCOME_STATUS,
	  0,
	  "302: without a word" },
	{ "a time to wait in the header",
	  { .status = 429,
	    .retry_after = 7,
	    STATUS("{\"kind\":\"Status\",\"message\":\"slowly\","
		   "\"details\":{\"retryAfterSeconds\":3}}") },
	  true,
	  OUTCOME_STATUS,
	  7,
	  "429: slowly" },
	{ "a time to wait in the body",
	  { .status = 429,
	    STATUS("{\"kind\":\"Status\",\"message\":\"slowly\","
		   "\"details\":{\"retryAfterSeconds\":3}}") },
	  true,
	  OUTCOME_STATUS,
	  3,
	  "429: slowly" },
};

static void test_response(void **state)
{
	const struct response_row *row = *state;
	struct reflector_answer answer;
	char *words;

	memset(&answer, 0xff, sizeof(answer));
	assert_int_equal(failure_read(&row->response, &answer, &words),
			 row->fails);
	assert_int_equal(answer.outcome, row->outcome);
	assert_int_equal(answer.status, row->response.status);
	assert_int_equal(answer.retry_after, row->retry_after);
	assert_null(answer.resource_version);
	assert_null(answer.token);
	assert_false(answer.served || answer.steady || answer.early);
	if (row->words)
		assert_string_equal(words, row->words);
	else
		assert_null(words);
	free(words);
}

#define GOES_ON "; what is known of them stays in force, and it is tried again"
#define UNKNOWN                                                               \
	"clusternetworkpolicies are not served: they are defined, but in no " \
	"version that nlctl knows, or the API server is not ready to; what "  \
	"is known of them stays in force, an agent that knows of none waits " \
	"for them, and it is tried again"

struct text_row {
	const char *name;
	enum resource_id resource;
	enum reflector_step step;
	enum reflector_outcome outcome;
	long status;
	const char *words;
	const char *text; /* NULL when nobody is told */
};

static const struct text_row text_rows[] = {
	{ "all is well", RESOURCE_PODS, REFLECTOR_LIST, OUTCOME_FINE, 200, NULL,
	  NULL },
	{ "a watch ends", RESOURCE_PODS, REFLECTOR_WATCH, OUTCOME_FINE, 200,
	  NULL, NULL },
	{ "a version that is not served", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  REFLECTOR_FIND, OUTCOME_STATUS, 404, "404: no", NULL },
	{ "a kind that is not defined", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  REFLECTOR_DEFINITION, OUTCOME_STATUS, 404, "404: no", NULL },
	{ "a kind that is defined", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  REFLECTOR_DEFINITION, OUTCOME_FINE, 200, NULL, UNKNOWN },
	{ "a list broke", RESOURCE_PODS, REFLECTOR_LIST, OUTCOME_BROKEN, 0,
	  "no route", "pods cannot be listed: no route" GOES_ON },
	{ "a list is nonsense", RESOURCE_PODS, REFLECTOR_LIST, OUTCOME_NONSENSE,
	  200, NULL,
	  "pods cannot be listed: the API server said something else than expected" GOES_ON },
	{ "a check is as good as a list", RESOURCE_NODES, REFLECTOR_CHECK,
	  OUTCOME_STATUS, 500, "500: alas",
	  "nodes cannot be listed: 500: alas" GOES_ON },
	{ "a watch is not allowed", RESOURCE_NODES, REFLECTOR_WATCH,
	  OUTCOME_STATUS, 403, "403: no",
	  "nodes cannot be watched: 403: no; grant list and watch of nodes (apiGroups: \"\")" GOES_ON },
	{ "of a group", RESOURCE_NETWORK_POLICIES, REFLECTOR_LIST,
	  OUTCOME_STATUS, 403, "403: no",
	  "networkpolicies cannot be listed: 403: no; grant list and watch of networkpolicies (apiGroups: networking.k8s.io)" GOES_ON },
	{ "not even a look", RESOURCE_CLUSTER_NETWORK_POLICIES, REFLECTOR_FIND,
	  OUTCOME_STATUS, 403, "403: no",
	  "clusternetworkpolicies cannot be looked for: 403: no; grant get of the path /apis/policy.networking.k8s.io/*" GOES_ON },
	{ "nor at the definition", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  REFLECTOR_DEFINITION, OUTCOME_STATUS, 403, "403: no",
	  "clusternetworkpolicies cannot be looked for in the storage of the API server: 403: no; grant get of customresourcedefinitions (apiGroups: apiextensions.k8s.io) named clusternetworkpolicies.policy.networking.k8s.io" GOES_ON },
	{ "nobody known", RESOURCE_PODS, REFLECTOR_LIST, OUTCOME_STATUS, 401,
	  "401: who?",
	  "pods cannot be listed: 401: who?; the API server does not take the credentials: renew the token or the client certificate" GOES_ON },
	{ "another server", RESOURCE_PODS, REFLECTOR_LIST, OUTCOME_STATUS, 404,
	  "404: no",
	  "pods cannot be listed: 404: no; is this an API server?" GOES_ON },
	{ "a custom kind that is gone", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  REFLECTOR_WATCH, OUTCOME_STATUS, 404, "404: no",
	  "clusternetworkpolicies cannot be watched: 404: no" GOES_ON },
};

static void test_text(void **state)
{
	static const struct reflector_limits limits = { .page = 1 };
	const struct text_row *row = *state;
	const struct reflector_answer answer = { .outcome = row->outcome,
						 .status = row->status };
	struct reflector reflector;
	char *text;

	reflector_begin(&reflector, &resources[row->resource], &limits);
	reflector.step = row->step;
	assert_int_equal(failure_is(&reflector, &answer), !!row->text);
	if (row->text) {
		text = failure_text(&reflector, &answer, row->words);
		assert_string_equal(text, row->text);
		free(text);
	}
	reflector_clear(&reflector);
}

int main(void)
{
	int failed;

	failed = table_tests("a response", response_rows, COUNT(response_rows),
			     sizeof(*response_rows), test_response);
	failed += table_tests("a failure", text_rows, COUNT(text_rows),
			      sizeof(*text_rows), test_text);
	return !!failed;
}
