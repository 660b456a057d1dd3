// SPDX-License-Identifier: GPL-2.0-only
/*
 * What podwall-cni is given: environment, configuration and result.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "cni/configuration.h"
#include "cni/invocation.h"
#include "cni/member.h"
#include "cni/result.h"
#include "policy/memory.h"

/* --- configuration */

struct configuration_row {
	const char *name;
	const char *text;
	unsigned int code; /* 0 when nothing is wrong */
};

#define HEAD "{\"cniVersion\": \"1.0.0\", \"name\": \"n\""

static const struct configuration_row configuration_rows[] = {
	{ "the least", HEAD "}", 0 },
	{ "unknown keys", HEAD ", \"x\": {\"y\": [1, null]}}", 0 },
	{ "a huge number", HEAD ", \"x\": 99999999999999999999}", 0 },
	{ "empty", "", 6 },
	{ "space", " \n", 6 },
	{ "half", HEAD, 6 },
	{ "two objects", "{}{}", 6 },
	{ "a list", "[]", 6 },
	{ "a word", "true", 6 },
	{ "a key twice", HEAD ", \"name\": \"m\"}", 6 },
	{ "not UTF-8", HEAD ", \"x\": \"\xff\"}", 6 },
	{ "a number beyond all", HEAD ", \"x\": 1e999}", 6 },
	{ "no version", "{\"name\": \"n\"}", 1 },
	{ "an old version", "{\"cniVersion\": \"0.3.0\", \"name\": \"n\"}", 1 },
	{ "a later version", "{\"cniVersion\": \"2.0.0\", \"name\": \"n\"}",
	  1 },
	{ "a number as version", "{\"cniVersion\": 1, \"name\": \"n\"}", 7 },
	{ "no name", "{\"cniVersion\": \"1.0.0\"}", 7 },
	{ "an empty name", "{\"cniVersion\": \"1.0.0\", \"name\": \"\"}", 7 },
	{ "closed", HEAD ", \"startUp\": \"closed\"}", 0 },
	{ "open", HEAD ", \"startUp\": \"open\"}", 0 },
	{ "ajar", HEAD ", \"startUp\": \"ajar\"}", 7 },
	{ "open as a flag", HEAD ", \"startUp\": true}", 7 },
	{ "a timeout", HEAD ", \"timeout\": 1.5}", 0 },
	{ "no timeout", HEAD ", \"timeout\": 0}", 7 },
	{ "a timeout of the past", HEAD ", \"timeout\": -1}", 7 },
	{ "a timeout of a day", HEAD ", \"timeout\": 86400}", 7 },
	{ "a timeout in words", HEAD ", \"timeout\": \"1\"}", 7 },
	{ "a directory", HEAD ", \"directory\": \"/run/x\"}", 0 },
	{ "a relative directory", HEAD ", \"directory\": \"x\"}", 7 },
	{ "a directory of numbers", HEAD ", \"directory\": 1}", 7 },
	{ "no previous result", HEAD ", \"prevResult\": null}", 0 },
	{ "a text as previous result", HEAD ", \"prevResult\": \"\"}", 7 },
};

static void test_configuration(void **state)
{
	const struct configuration_row *row = *state;
	struct configuration configuration;
	struct failure *failure;

	failure = configuration_parse(xstrdup(row->text), strlen(row->text),
				      &configuration);
	assert_int_equal(failure ? (unsigned int)failure->code : 0, row->code);
	assert_non_null(configuration.version);
	failure_free(failure);
	configuration_clear(&configuration);
}

/* --- environment */

struct invocation_row {
	const char *name;
	const char *arguments;
	const char *pod; /* NULL when something is wrong */
};

static const struct invocation_row invocation_rows[] = {
	{ "none", "", "-/-" },
	{ "the pod", "K8S_POD_NAMESPACE=n;K8S_POD_NAME=p", "n/p" },
	{ "the pod and more",
	  "IgnoreUnknown=1;X=1;K8S_POD_NAMESPACE=n;K8S_POD_NAME=p;Y=", "n/p" },
	{ "what is unknown is in front",
	  "X=1;K8S_POD_NAMESPACE=n;K8S_POD_NAME=p;IgnoreUnknown=true", "n/p" },
	{ "an equals sign in a value", "IgnoreUnknown=1;X==;K8S_POD_NAME=p",
	  "-/p" },
	{ "empty ones", ";;K8S_POD_NAME=;", "-/-" },
	{ "the last wins", "K8S_POD_NAME=a;K8S_POD_NAME=b", "-/b" },
	{ "unknown", "X=1", NULL },
	{ "unknown, and not ignored", "IgnoreUnknown=0;X=1", NULL },
	{ "no flag", "IgnoreUnknown=maybe", NULL },
	{ "no value", "X", NULL },
	{ "no namespace", "K8S_POD_NAMESPACE=../..", NULL },
	{ "no name", "K8S_POD_NAME=A B", NULL },
	{ "no uid", "K8S_POD_UID=a b", NULL },
};

static const struct invocation_row *row_now;

static char *read_variable(const char *name)
{
	static const char *const variables[][2] = {
		{ "CNI_COMMAND", "ADD" },
		{ "CNI_CONTAINERID", "c" },
		{ "CNI_IFNAME", "eth0" },
		{ "CNI_NETNS", "/run/netns/x" },
	};
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		if (!strcmp(variables[i][0], name))
			return (char *)variables[i][1];
	return strcmp(name, "CNI_ARGS") ? NULL : (char *)row_now->arguments;
}

static void test_invocation(void **state)
{
	struct invocation invocation;
	struct failure *failure;
	char *pod;

	row_now = *state;
	failure = invocation_read(read_variable, &invocation);
	if (row_now->pod) {
		assert_null(failure);
		pod = xasprintf("%s/%s", invocation.pod_namespace ?: "-",
				invocation.pod_name ?: "-");
		assert_string_equal(pod, row_now->pod);
		free(pod);
	} else {
		assert_int_equal(failure->code, FAILURE_ENVIRONMENT);
	}
	failure_free(failure);
	invocation_clear(&invocation);
}

/* --- members */

struct member_row {
	const char *name;
	const char *text;
	const char *value; /* NULL when there is none */
};

static const struct member_row member_rows[] = {
	{ "nothing", "{}", NULL },
	{ "another", "{\"a\": 1}", NULL },
	{ "a number", "{\"k\":1.50}", "1.50" },
	{ "a number in front", "{ \"k\" : 1e5 , \"a\": 2}", "1e5" },
	{ "a word", "{\"k\":null}", "null" },
	{ "a text", "{\"k\": \"a\\\"}\"}", "\"a\\\"}\"" },
	{ "a list", "{\"a\": [\"]\"], \"k\": [1, [2], \"]\"] }",
	  "[1, [2], \"]\"]" },
	{ "an object", "\n{\"k\":\t{\"k\": {}}\n}", "{\"k\": {}}" },
	{ "one that is deeper", "{\"a\": {\"k\": 1}}", NULL },
	{ "one that is a value", "{\"a\": \"k\", \"b\": 2}", NULL },
	{ "escapes", "{\"\\u006b\": 3}", "3" },
	{ "a list of members", "[{\"k\": 1}]", NULL },
};

static void test_member(void **state)
{
	const struct member_row *row = *state;
	size_t size = 0;
	const char *value =
		member_find(row->text, strlen(row->text), "k", &size);

	assert_int_equal(!value, !row->value);
	if (!value)
		return;
	assert_int_equal(size, strlen(row->value));
	assert_memory_equal(value, row->value, size);
}

/* --- results */

struct result_row {
	const char *name;
	const char *text;
	const char *ips; /* NULL when something is wrong */
	const char *host;
};

#define INTERFACES                                                   \
	"\"interfaces\": [{\"name\": \"v1\"}, {\"name\": \"eth0\", " \
	"\"sandbox\": \"/x\"}]"

static const struct result_row result_rows[] = {
	{ "nothing", "{}", "", NULL },
	{ "nulls", "{\"ips\": null, \"interfaces\": null}", "", NULL },
	{ "an address", "{\"ips\": [{\"address\": \"10.0.0.1/24\"}]}",
	  "10.0.0.1 ", NULL },
	{ "of a version before 1.0.0",
	  "{\"ips\": [{\"version\": \"4\", \"address\": \"10.0.0.1/24\", \"interface\": 1}], " INTERFACES
	  "}",
	  "10.0.0.1 ", "v1" },
	{ "both families",
	  "{\"ips\": [{\"address\": \"10.0.0.1/24\"}, {\"address\": \"fd00::1/64\"}]}",
	  "10.0.0.1 fd00::1 ", NULL },
	{ "one twice",
	  "{\"ips\": [{\"address\": \"10.0.0.1/24\"}, {\"address\": \"10.0.0.1/32\"}]}",
	  "10.0.0.1 ", NULL },
	{ "one of the node",
	  "{\"ips\": [{\"address\": \"10.0.0.1/24\", \"interface\": 0}, {\"address\": \"10.0.0.2/24\", \"interface\": 1}], " INTERFACES
	  "}",
	  "10.0.0.2 ", "v1" },
	{ "two interfaces of the node",
	  "{\"interfaces\": [{\"name\": \"v1\"}, {\"name\": \"v2\"}]}", "",
	  NULL },
	{ "an interface of the node without a proper name",
	  "{\"interfaces\": [{\"name\": \"a/b\"}]}", "", NULL },
	{ "no address", "{\"ips\": [{}]}", NULL, NULL },
	{ "no prefix length", "{\"ips\": [{\"address\": \"10.0.0.1\"}]}", NULL,
	  NULL },
	{ "ips is an object", "{\"ips\": {}}", NULL, NULL },
	{ "an interface that is not there",
	  "{\"ips\": [{\"address\": \"10.0.0.1/24\", \"interface\": 2}], " INTERFACES
	  "}",
	  NULL, NULL },
	{ "an interface before the first",
	  "{\"ips\": [{\"address\": \"10.0.0.1/24\", \"interface\": -1}], " INTERFACES
	  "}",
	  NULL, NULL },
	{ "an interface without a name", "{\"interfaces\": [{}]}", NULL, NULL },
};

static void test_result(void **state)
{
	const struct result_row *row = *state;
	struct attachment *attachment = xcalloc(1, sizeof(*attachment));
	json_t *tree = json_loads(row->text, JSON_DECODE_INT_AS_REAL, NULL);
	char ips[256] = "", buffer[NETWORK_TEXT_MAX];
	struct failure *failure;
	size_t i;

	assert_non_null(tree);
	failure = result_read(tree, attachment);
	assert_int_equal(!failure, !!row->ips);
	if (!failure) {
		for (i = 0; i < attachment->ip_count; i++) {
			strcat(ips, ip_text(&attachment->ips[i], buffer));
			strcat(ips, " ");
		}
		assert_string_equal(ips, row->ips);
		assert_string_equal(attachment->host_interface ?: "-",
				    row->host ?: "-");
	}
	failure_free(failure);
	json_decref(tree);
	attachment_free(attachment);
}

int main(void)
{
	int failed;

	failed = table_tests("configuration", configuration_rows,
			     COUNT(configuration_rows),
			     sizeof(*configuration_rows), test_configuration);
	failed += table_tests("CNI_ARGS", invocation_rows,
			      COUNT(invocation_rows), sizeof(*invocation_rows),
			      test_invocation);
	failed += table_tests("member", member_rows, COUNT(member_rows),
			      sizeof(*member_rows), test_member);
	failed += table_tests("result", result_rows, COUNT(result_rows),
			      sizeof(*result_rows), test_result);
	return !!failed;
}
