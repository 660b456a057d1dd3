// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is told what of those who wait for a pod, or for its end.
 */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/attachment_table.h"
#include "agent/waiters.h"
#include "policy/memory.h"

/* Stands in for the door: what each visitor was answered, and may wait. */
struct visitor {
	char *state;
	char *text;
	json_int_t generation;
	uint64_t limit;
};

void visitor_limit(struct visitor *visitor, uint64_t milliseconds)
{
	visitor->limit = milliseconds;
}

void visitor_answer(struct visitor *visitor, json_t *answer)
{
	const char *text = json_string_value(json_object_get(answer, "text"));

	/* Nobody is answered twice. */
	assert_null(visitor->state);
	visitor->state =
		xstrdup(json_string_value(json_object_get(answer, "state")));
	visitor->text = text ? xstrdup(text) : NULL;
	visitor->generation =
		json_integer_value(json_object_get(answer, "generation"));
	json_decref(answer);
}

enum act {
	ENFORCED,
	WITHDRAWN,
	REFUSED,
	DISMISS,
	LEFT,
};

struct waiter_row {
	const char *name;
	const char *ips; /* that are waited for */
	bool leaving;
	const char *owned; /* another container of the pod has it; or NULL */
	enum act act;
	const char *key; /* of whom it is said */
	const char *has; /* addresses of that pod */
	const char *state; /* what is answered; NULL for nothing */
};

static const struct waiter_row rows[] = {
	{ "enforced", "10.0.0.1", false, NULL, ENFORCED, "a/x", "10.0.0.1",
	  "done" },
	{ "one address is missing", "10.0.0.1 fd00::1", false, NULL, ENFORCED,
	  "a/x", "10.0.0.1", NULL },
	{ "both", "10.0.0.1 fd00::1", false, NULL, ENFORCED, "a/x",
	  "fd00::1 10.0.0.1", "done" },
	{ "another pod", "10.0.0.1", false, NULL, ENFORCED, "a/y", "10.0.0.1",
	  NULL },
	{ "no address asked for", "", false, NULL, ENFORCED, "a/x", "",
	  "done" },
	{ "gone", "10.0.0.1", true, NULL, ENFORCED, "a/x", "", "done" },
	{ "not gone", "10.0.0.1", true, NULL, ENFORCED, "a/x", "10.0.0.1",
	  NULL },
	{ "another container has it", "10.0.0.1", true, "a/x", ENFORCED, "a/x",
	  "10.0.0.1", "done" },
	{ "another pod has it", "10.0.0.1", true, "a/y", ENFORCED, "a/x",
	  "10.0.0.1", NULL },
	{ "withdrawn", "10.0.0.1", true, NULL, WITHDRAWN, "a/x", "", "done" },
	{ "not withdrawn", "10.0.0.1", true, NULL, WITHDRAWN, "a/x", "10.0.0.1",
	  NULL },
	{ "withdrawn is not enforced", "10.0.0.1", false, NULL, WITHDRAWN,
	  "a/x", "10.0.0.1", NULL },
	{ "refused", "10.0.0.1", false, NULL, REFUSED, "a/x", "", "refused" },
	{ "another pod is refused", "10.0.0.1", false, NULL, REFUSED, "a/y", "",
	  NULL },
	{ "refused, but leaving", "10.0.0.1", true, NULL, REFUSED, "a/x", "",
	  NULL },
	{ "the file is taken away", "10.0.0.1", false, NULL, DISMISS, "a/x", "",
	  "refused" },
	{ "the file is taken away, as it has to be", "10.0.0.1", true, NULL,
	  DISMISS, "a/x", "", NULL },
	{ "left", "10.0.0.1", false, NULL, LEFT, "a/x", "", NULL },
};

static struct ip *parse(const char *text, size_t *count)
{
	char *copy = xstrdup(text), *rest = copy, *word;
	struct ip *ips = NULL;

	*count = 0;
	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_true(ip_parse(word, array_add(ips, *count)));
	free(copy);
	return ips;
}

static void give(struct attachment_table *table, const char *key,
		 const char *ip)
{
	struct attachment *attachment = xcalloc(1, sizeof(*attachment));
	char *before;

	attachment->key = xstrdup(key);
	attachment->uid = xstrdup("");
	attachment->container = xstrdup("other");
	attachment->interface = xstrdup("eth0");
	attachment->netns = xstrdup("/run/netns/x");
	attachment->network = xstrdup("net");
	attachment->ips = parse(ip, &attachment->ip_count);
	attachment_table_put(table, "other@eth0.json", attachment, &before);
	free(before);
}

static void act(struct waiters *waiters, const struct waiter_row *row,
		struct visitor *visitor)
{
	size_t count;
	struct ip *ips = parse(row->has, &count);

	switch (row->act) {
	case ENFORCED:
		waiters_enforced(waiters, row->key, ips, count, 7);
		break;
	case WITHDRAWN:
		waiters_withdrawn(waiters, row->key, ips, count, 7);
		break;
	case REFUSED:
		waiters_refused(waiters, row->key, "no room");
		break;
	case DISMISS:
		waiters_dismiss(waiters, "other.json");
		assert_null(visitor->state);
		waiters_dismiss(waiters, "x.json");
		break;
	case LEFT:
		waiters_left(waiters, visitor);
		/* Nobody has to be told any more. */
		waiters_enforced(waiters, row->key, ips, count, 7);
		waiters_refused(waiters, row->key, "no room");
		break;
	}
	free(ips);
}

static void test_waiter(void **state)
{
	const struct waiter_row *row = *state;
	struct attachment_table *table = attachment_table_new();
	struct waiters *waiters = waiters_new(table);
	struct visitor visitor = {}, bystander = {};
	struct expectation expectation = {
		.key = "a/bystander",
		.file = "bystander.json",
		.limit = 5000,
	};
	struct ip *ips;

	waiters_add(waiters, &bystander, &expectation);
	assert_int_equal(bystander.limit, 5000);
	ips = parse(row->ips, &expectation.ip_count);
	expectation.ips = ips;
	expectation.key = "a/x";
	expectation.file = "x.json";
	expectation.leaving = row->leaving;
	expectation.limit = 0;
	waiters_add(waiters, &visitor, &expectation);
	assert_true(visitor.limit > 5000);
	free(ips);
	if (row->owned)
		give(table, row->owned, row->ips);

	act(waiters, row, &visitor);
	assert_null(bystander.state);
	if (!row->state) {
		assert_null(visitor.state);
	} else {
		assert_non_null(visitor.state);
		assert_string_equal(visitor.state, row->state);
		assert_int_equal(visitor.generation,
				 strcmp(row->state, "done") ? 0 : 7);
		assert_true(!visitor.text == !strcmp(row->state, "done"));
	}
	/* Who was answered waits no more. */
	waiters_clear(waiters);
	waiters_refused(waiters, "a/x", "no room");
	free(visitor.state);
	free(visitor.text);
	waiters_free(waiters);
	attachment_table_free(table);
}

int main(void)
{
	return table_tests("waiters", rows, COUNT(rows), sizeof(*rows),
			   test_waiter);
}
