// SPDX-License-Identifier: GPL-2.0-only
#include "policy/advice.h"

#include <stdlib.h>
#include <string.h>
#include "policy/cluster_dialect.h"
#include "policy/decoder.h"
#include "policy/memory.h"
#include "policy/name_service.h"
#include "policy/shadow.h"
#include "policy/vacancy.h"

struct policy_side policy_side(const struct network_policy *policy,
			       bool ingress)
{
	if (ingress)
		return (struct policy_side){
			.name = "ingress",
			.peers = "from",
			.isolates = policy->ingress,
			.rules = policy->ingress_rules,
			.rule_count = policy->ingress_rule_count,
		};
	return (struct policy_side){
		.name = "egress",
		.peers = "to",
		.isolates = policy->egress,
		.rules = policy->egress_rules,
		.rule_count = policy->egress_rule_count,
	};
}

struct cluster_side cluster_side(const struct cluster_policy *policy,
				 bool ingress)
{
	if (ingress)
		return (struct cluster_side){
			.name = "ingress",
			.peers = "from",
			.rules = policy->ingress_rules,
			.rule_count = policy->ingress_rule_count,
		};
	return (struct cluster_side){
		.name = "egress",
		.peers = "to",
		.rules = policy->egress_rules,
		.rule_count = policy->egress_rule_count,
	};
}

/* Go down the path; a value holds on to those above it, hence the recursion. */
static void warn_below(struct decoder *decoder, const struct value *value,
		       const char *path, const char *text)
{
	struct value next;
	char *key = NULL;
	size_t length;

	path += *path == '.';
	if (!*path) {
		decode_warning(decoder, value, "%s", text);
		return;
	}
	if (*path == '[') {
		next = value_element(value, strtoul(path + 1, NULL, 10));
		length = strcspn(path, "]") + 1;
	} else {
		length = strcspn(path, ".[");
		key = xasprintf("%.*s", (int)length, path);
		next = value_member(value, key);
	}
	warn_below(decoder, &next, path + length, text);
	free(key);
}

void advice_warn(const struct advice *advice, const struct advised *advised,
		 const char *path, const char *format, ...)
{
	const struct document *document = advised->document;
	char *object = advised->policy ? xasprintf("NetworkPolicy %s",
						   advised->policy->key) :
					 xstrdup(advised->cluster_policy->key);
	const struct value root = { .json = document->root };
	struct decoder decoder = {
		.lines = &advice->documents->lines,
		.problems = advice->problems,
		.place = { .file = document->file,
			   .document = document->number },
		.object = object,
	};
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	warn_below(&decoder, &root, path, text);
	free(text);
	free(object);
}

/* What the API server makes of a policy that does not name its types depends
 * on its rules, and is not what most authors think.
 */
static void advise_types(const struct advice *advice,
			 const struct advised *advised)
{
	const struct network_policy *policy = advised->policy;
	json_t *spec = json_object_get(advised->document->root, "spec");

	if (json_array_size(json_object_get(spec, "policyTypes")))
		return;
	if (policy->egress_rule_count && !policy->ingress_rule_count)
		advice_warn(
			advice, advised, "spec.policyTypes",
			"is left out, which adds Ingress: the policy has egress rules only, and denies everything that connects to its pods as well; write [Egress], or [Ingress, Egress] if that is meant");
	else if (!policy->egress_rule_count && json_object_get(spec, "egress"))
		advice_warn(
			advice, advised, "spec.egress",
			"is empty and policyTypes is left out, which means Ingress alone: the policy leaves its pods free to connect to everything; add policyTypes with Egress to deny that, or remove this field");
}

/* There may be a second object of the same name, which was refused. */
static bool became(const struct advice *advice, const struct document *document,
		   const struct origin *origin)
{
	return origin->document == document->number &&
	       origin->line ==
		       lines_of(&advice->documents->lines, document->root) &&
	       !strcmp(origin->file, document->file);
}

/* The policy that a document became, if it did. */
static const struct network_policy *policy_of(const struct advice *advice,
					      const struct document *document)
{
	json_t *metadata = json_object_get(document->root, "metadata");
	const char *name, *namespace;
	struct network_policy *policy;
	char *key;

	name = json_string_value(json_object_get(metadata, "name"));
	namespace = json_string_value(json_object_get(metadata, "namespace"));
	if (!name || !document->kind ||
	    strcmp(document->kind, "NetworkPolicy") != 0)
		return NULL;
	key = xasprintf("%s/%s", namespace ? namespace : "default", name);
	policy = cluster_find_policy(advice->cluster, key);
	free(key);
	return policy && became(advice, document, &policy->origin) ? policy :
								     NULL;
}

/* The policy of the whole cluster that a document became, if it did. */
static const struct cluster_policy *
cluster_policy_of(const struct advice *advice, const struct document *document)
{
	json_t *metadata = json_object_get(document->root, "metadata");
	const struct cluster_policy *policy;
	const char *name;
	char *key;

	name = json_string_value(json_object_get(metadata, "name"));
	if (!name || !document->kind || !document->api_version ||
	    !cluster_dialect_find(document->kind, document->api_version))
		return NULL;
	key = xasprintf("%s %s", document->kind, name);
	policy = cluster_find_cluster_policy(advice->cluster, key);
	free(key);
	return policy && became(advice, document, &policy->origin) ? policy :
								     NULL;
}

static void list_policies(struct advice *advice)
{
	size_t i;

	for (i = 0; i < advice->documents->count; i++) {
		struct advised advised = {
			.document = &advice->documents->list[i],
		};

		advised.policy = policy_of(advice, advised.document);
		advised.cluster_policy =
			cluster_policy_of(advice, advised.document);
		if (advised.policy)
			*array_add(advice->list, advice->count) = advised;
		else if (advised.cluster_policy)
			*array_add(advice->cluster_list,
				   advice->cluster_count) = advised;
	}
}

void advise(struct documents *documents, const struct cluster *cluster,
	    bool whole, struct problems *problems)
{
	struct advice advice = {
		.documents = documents,
		.cluster = cluster,
		.problems = problems,
	};
	size_t i;

	list_policies(&advice);
	for (i = 0; i < advice.count; i++)
		advise_types(&advice, &advice.list[i]);
	advise_shadows(&advice);
	if (whole) {
		advise_vacancies(&advice);
		advise_name_service(&advice);
	}
	free(advice.list);
	free(advice.cluster_list);
}
