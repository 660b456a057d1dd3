// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attachments of a node, held against a list that is searched from end to end.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/attachment_table.h"
#include "policy/memory.h"

#define FILES 8
#define PODS 3
#define ADDRESSES 6
#define STEPS 20000

static uint32_t chance = 1;

static uint32_t below(uint32_t bound)
{
	chance = chance * 1103515245 + 12345;
	return (chance >> 16) % bound;
}

/**
 * struct model - the same by brute force
 * @files: what each file has
 * @gone: which pod has lost which address
 * @forgotten: pods that are no more
 */
struct model {
	struct attachment *files[FILES];
	bool gone[PODS][ADDRESSES];
	bool forgotten[PODS];
};

static struct ip address_of(unsigned int number)
{
	struct ip ip = { .family = AF_INET };

	ip.v4.s_addr = htonl(0x0a000001 + number);
	return ip;
}

static char *key_of(unsigned int pod)
{
	return xasprintf("default/pod%u", pod);
}

static struct attachment *make(unsigned int file, unsigned int pod,
			       uint64_t time)
{
	struct attachment *made = xcalloc(1, sizeof(*made));
	unsigned int first = below(ADDRESSES), count = 1 + below(2), i;

	made->key = key_of(pod);
	made->uid = xstrdup("");
	made->container = xasprintf("c%u", file / 2);
	made->interface = xasprintf("eth%u", file % 2);
	made->netns = xstrdup("/run/netns/x");
	made->network = xstrdup("net");
	made->time = time;
	for (i = 0; i < count; i++)
		*array_add(made->ips, made->ip_count) =
			address_of((first + i) % ADDRESSES);
	return made;
}

static bool model_has(const struct model *model, const char *key,
		      const struct ip *ip)
{
	size_t i;

	for (i = 0; i < FILES; i++)
		if (model->files[i] && !strcmp(model->files[i]->key, key) &&
		    attachment_has(model->files[i], ip))
			return true;
	return false;
}

static unsigned int pod_of(const struct attachment *attachment)
{
	return strtoul(attachment->key + strlen("default/pod"), NULL, 10);
}

/* What the pod had by this attachment and has no more. */
static void model_lose(struct model *model, const struct attachment *old)
{
	unsigned int pod = pod_of(old), i;

	for (i = 0; i < ADDRESSES; i++) {
		struct ip ip = address_of(i);

		if (attachment_has(old, &ip) && !model->forgotten[pod] &&
		    !model_has(model, old->key, &ip))
			model->gone[pod][i] = true;
	}
}

static void model_put(struct model *model, unsigned int file,
		      struct attachment *attachment)
{
	struct attachment *old = model->files[file];
	unsigned int pod = pod_of(attachment), i;
	bool other = old && pod_of(old) != pod;

	model->files[file] = NULL;
	if (other)
		model_lose(model, old);
	if (!old || other)
		model->forgotten[pod] = false;
	model->files[file] = attachment;
	if (old && !other)
		model_lose(model, old);
	for (i = 0; i < ADDRESSES; i++) {
		struct ip ip = address_of(i);

		if (attachment_has(attachment, &ip))
			model->gone[pod][i] = false;
	}
	attachment_free(old);
}

static const struct attachment *model_find(const struct model *model,
					   const char *key, const struct ip *ip)
{
	const struct attachment *newest = NULL;
	size_t i;

	for (i = 0; i < FILES; i++) {
		const struct attachment *each = model->files[i];

		if (each && (!key || !strcmp(each->key, key)) &&
		    (!ip || attachment_has(each, ip)) &&
		    (!newest || attachment_newer(each, newest)))
			newest = each;
	}
	return newest;
}

static void check_same(const struct attachment *found,
		       const struct attachment *wanted)
{
	assert_int_equal(!found, !wanted);
	if (!found)
		return;
	assert_string_equal(found->key, wanted->key);
	assert_string_equal(found->container, wanted->container);
	assert_string_equal(found->interface, wanted->interface);
	assert_int_equal(found->time, wanted->time);
}

static size_t model_ips(const struct model *model, const char *key)
{
	const struct attachment *newest = model_find(model, key, NULL);
	size_t count = 0, i;

	for (i = 0; newest && i < FILES; i++)
		if (model->files[i] && !strcmp(model->files[i]->key, key) &&
		    !strcmp(model->files[i]->container, newest->container))
			count += model->files[i]->ip_count;
	return count;
}

static void check(const struct attachment_table *table,
		  const struct model *model)
{
	unsigned int pod, i;
	struct ip ips[2];

	for (pod = 0; pod < PODS; pod++) {
		char *key = key_of(pod);

		check_same(attachment_table_find(table, key),
			   model_find(model, key, NULL));
		assert_int_equal(attachment_table_ips(table, key, ips, 2),
				 model_ips(model, key));
		for (i = 0; i < ADDRESSES; i++) {
			struct ip ip = address_of(i);

			assert_int_equal(attachment_table_gone(table, key, &ip),
					 model->gone[pod][i]);
		}
		free(key);
	}
	for (i = 0; i < ADDRESSES; i++) {
		struct ip ip = address_of(i);

		check_same(attachment_table_find_ip(table, &ip),
			   model_find(model, NULL, &ip));
	}
}

static void do_put(struct attachment_table *table, struct model *model,
		   unsigned int file, uint64_t time)
{
	uint32_t again = chance;
	unsigned int pod = below(PODS);
	struct attachment *attachment = make(file, pod, time), *copy;
	char *name = xasprintf("%u", file), *before;

	chance = again;
	pod = below(PODS);
	copy = make(file, pod, time);
	assert_true(attachment_table_put(table, name, attachment, &before));
	free(before);
	model_put(model, file, copy);
	free(name);
}

static void do_remove(struct attachment_table *table, struct model *model,
		      unsigned int file)
{
	struct attachment *old = model->files[file];
	char *name = xasprintf("%u", file);
	char *key = attachment_table_remove(table, name);

	assert_int_equal(!key, !old);
	model->files[file] = NULL;
	if (old) {
		assert_string_equal(key, old->key);
		model_lose(model, old);
	}
	attachment_free(old);
	free(key);
	free(name);
}

static void do_forget(struct attachment_table *table, struct model *model,
		      unsigned int pod)
{
	char *key = key_of(pod);

	attachment_table_forget(table, key);
	memset(model->gone[pod], 0, sizeof(model->gone[pod]));
	model->forgotten[pod] = model_find(model, key, NULL);
	free(key);
}

static void do_remember(struct attachment_table *table, struct model *model,
			unsigned int pod)
{
	char *key = key_of(pod);

	attachment_table_remember(table, key);
	model->forgotten[pod] = false;
	free(key);
}

static void test_random(void **state)
{
	struct attachment_table *table = attachment_table_new();
	struct model model = {};
	unsigned int step, i;

	(void)state;
	for (step = 0; step < STEPS; step++) {
		switch (below(6)) {
		case 0:
		case 1:
			do_put(table, &model, below(FILES), step);
			break;
		case 2:
		case 3:
			do_remove(table, &model, below(FILES));
			break;
		case 4:
			do_forget(table, &model, below(PODS));
			break;
		default:
			do_remember(table, &model, below(PODS));
		}
		check(table, &model);
	}
	for (i = 0; i < FILES; i++)
		do_remove(table, &model, i);
	for (i = 0; i < PODS; i++)
		do_forget(table, &model, i);
	assert_int_equal(attachment_table_count(table), 0);
	attachment_table_free(table);
}

/* The same once more is no change, and a table is freed with all that it has. */
static void test_same(void **state)
{
	struct attachment_table *table = attachment_table_new();
	uint32_t again = chance;
	char *before;

	(void)state;
	assert_true(attachment_table_put(table, "a", make(0, 0, 1), &before));
	chance = again;
	assert_false(attachment_table_put(table, "a", make(0, 0, 1), &before));
	assert_null(before);
	assert_true(attachment_table_put(table, "a", make(0, 1, 1), &before));
	assert_string_equal(before, "default/pod0");
	free(before);
	attachment_table_free(table);
}

/* A pod that gets one address after the other takes no more and more memory. */
static void test_bound(void **state)
{
	struct attachment_table *table = attachment_table_new();
	struct attachment *attachment;
	unsigned int i, gone = 0;
	char *before;

	(void)state;
	for (i = 0; i < 1000; i++) {
		attachment = make(0, 0, i);
		attachment->ip_count = 1;
		attachment->ips[0] = address_of(i);
		attachment_table_put(table, "a", attachment, &before);
		free(attachment_table_remove(table, "a"));
	}
	for (i = 0; i < 1000; i++) {
		struct ip ip = address_of(i);

		gone += attachment_table_gone(table, "default/pod0", &ip);
		if (i >= 990)
			assert_true(attachment_table_gone(table, "default/pod0",
							  &ip));
	}
	assert_in_range(gone, 10, 100);
	attachment_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_bound),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
