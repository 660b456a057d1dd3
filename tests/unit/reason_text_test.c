// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each reason in its three wordings.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "reason_text.h"

#define ACCEPT PODWALL_VERDICT_ACCEPT
#define DENY PODWALL_VERDICT_DENY
#define GUARDED \
	"the address of the server is guarded and belongs to no registered pod"
#define UNDECIDED \
	"does not judge this connection (with the pod's own node, or with itself by way of a Service)"
#define UNKNOWN "for a reason that this version of nlctl does not know"

struct row {
	const char *title;
	struct reason_details details;
	const char *sentence;
	const char *clause;
	const char *brief;
};

static const struct row rows[] = {
	{ "no policy",
	  { .reason = PODWALL_REASON_NO_POLICY,
	    .verdict = ACCEPT,
	    .pod = "x/a" },
	  "no policy concerns x/a",
	  "no policy concerns it",
	  "no policy" },
	{ "no pod",
	  { .reason = PODWALL_REASON_NO_POLICY, .verdict = ACCEPT },
	  "the server is no pod of this node",
	  "the server is no pod of this node",
	  "no policy" },
	{ "a pod that reaches itself",
	  { .reason = PODWALL_REASON_NO_POLICY,
	    .verdict = ACCEPT,
	    .pod = "x/a",
	    .is_itself = true },
	  "no policy concerns x/a",
	  "a pod always reaches itself",
	  "no policy" },
	{ "no pod, at both ends",
	  { .reason = PODWALL_REASON_NO_POLICY,
	    .verdict = ACCEPT,
	    .is_itself = true },
	  "the server is no pod of this node",
	  "the server is no pod of this node",
	  "no policy" },
	{ "a rule that accepts",
	  { .reason = PODWALL_REASON_RULE,
	    .verdict = ACCEPT,
	    .tier = PODWALL_TIER_ADMIN,
	    .pod = "x/a",
	    .origin = "R 1" },
	  "accepted by R 1 (admin tier)",
	  "R 1",
	  "accepted by R 1" },
	{ "a rule that denies",
	  { .reason = PODWALL_REASON_RULE,
	    .verdict = DENY,
	    .tier = PODWALL_TIER_BASELINE,
	    .pod = "x/a",
	    .origin = "R 1" },
	  "denied by R 1 (baseline tier)",
	  "R 1",
	  "denied by R 1" },
	{ "a rule without origin",
	  { .reason = PODWALL_REASON_RULE,
	    .verdict = DENY,
	    .tier = PODWALL_TIER_POLICY,
	    .pod = "x/a" },
	  "denied by a rule without origin (policy tier)",
	  "a rule without origin",
	  "denied" },
	{ "a rule of a tier that nobody knows",
	  { .reason = PODWALL_REASON_RULE,
	    .verdict = DENY,
	    .tier = 77,
	    .pod = "x/a",
	    .origin = "R 1" },
	  "denied by R 1 (unknown tier)",
	  "R 1",
	  "denied by R 1" },
	{ "a name like a blank",
	  { .reason = PODWALL_REASON_RULE,
	    .verdict = DENY,
	    .tier = PODWALL_TIER_POLICY,
	    .pod = "x/a",
	    .origin = "{pod} {x" },
	  "denied by {pod} {x (policy tier)",
	  "{pod} {x",
	  "denied by {pod} {x" },
	{ "isolation",
	  { .reason = PODWALL_REASON_ISOLATED,
	    .verdict = DENY,
	    .pod = "x/a",
	    .origin = "P 1" },
	  "x/a is isolated, and no rule covers the connection: P 1",
	  "isolated by P 1",
	  "isolated by P 1" },
	{ "isolation of a pod that nobody knows",
	  { .reason = PODWALL_REASON_ISOLATED, .verdict = DENY },
	  "the pod is isolated, and no rule covers the connection: a rule without origin",
	  "isolated by a rule without origin",
	  "isolated" },
	{ "no rule",
	  { .reason = PODWALL_REASON_DEFAULT, .verdict = ACCEPT, .pod = "x/a" },
	  "no rule decides: the policy tier does not isolate x/a, or " UNDECIDED,
	  "no rule decides, and nothing isolates it",
	  "no rule decides" },
	{ "no rule, to the node",
	  { .reason = PODWALL_REASON_DEFAULT,
	    .verdict = ACCEPT,
	    .pod = "x/a",
	    .skip = WALK_SKIP_NODE },
	  "no rule decides: the policy tier does not isolate x/a, or " UNDECIDED,
	  "no rule decides, and it is its own node",
	  "no rule decides" },
	{ "no rule, to itself",
	  { .reason = PODWALL_REASON_DEFAULT,
	    .verdict = ACCEPT,
	    .pod = "x/a",
	    .skip = WALK_SKIP_ITSELF },
	  "no rule decides: the policy tier does not isolate x/a, or " UNDECIDED,
	  "no rule decides, and it is itself",
	  "no rule decides" },
	{ "a guarded address",
	  { .reason = PODWALL_REASON_UNREGISTERED,
	    .verdict = DENY,
	    .origin = "block 10.0.0.0/8" },
	  GUARDED,
	  GUARDED,
	  "no registered pod has this guarded address in block 10.0.0.0/8" },
	{ "a guarded address, of a block that nobody knows",
	  { .reason = PODWALL_REASON_UNREGISTERED, .verdict = DENY },
	  GUARDED,
	  GUARDED,
	  "no registered pod has this guarded address" },
	{ "the node",
	  { .reason = PODWALL_REASON_NODE,
	    .verdict = ACCEPT,
	    .pod = "x/a",
	    .origin = "P 1" },
	  "P 1 would deny, but the node reaches its own pods",
	  "the node reaches its own pods; P 1 would deny",
	  "the node reaches its own pods; P 1 would deny" },
	{ "the node, in spite of a rule without origin",
	  { .reason = PODWALL_REASON_NODE, .verdict = ACCEPT, .pod = "x/a" },
	  "a rule without origin would deny, but the node reaches its own pods",
	  "the node reaches its own pods; a rule without origin would deny",
	  "the node reaches its own pods" },
	{ "a reason that nobody gave", {}, UNKNOWN, UNKNOWN, "unknown" },
	{ "a reason that nobody knows",
	  { .reason = 40, .verdict = DENY, .origin = "P 1" },
	  UNKNOWN,
	  UNKNOWN,
	  "unknown by P 1" },
};

static void expect_text(char *text, const char *wanted)
{
	assert_string_equal(text, wanted);
	free(text);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct reason_details details = row->details;

	details.end = "server";
	details.place = "this node";
	expect_text(reason_sentence(&details), row->sentence);
	expect_text(reason_clause(&details), row->clause);
	expect_text(reason_brief(&row->details), row->brief);
	if (!strstr(row->clause, "this node"))
		return;
	details.place = "the manifests";
	expect_text(reason_clause(&details),
		    "the server is no pod of the manifests");
}

int main(void)
{
	return !!table_tests("reason text", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
