// SPDX-License-Identifier: GPL-2.0-only
#include "policy/objects.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

static unsigned int ip_bits(const struct ip *ip)
{
	return ip->family == AF_INET ? 32 : 128;
}

static const uint8_t *ip_bytes(const struct ip *ip)
{
	if (ip->family == AF_INET)
		return (const uint8_t *)&ip->v4;
	return ip->v6.s6_addr;
}

int ip_compare(const struct ip *a, const struct ip *b)
{
	if (a->family != b->family)
		return a->family == AF_INET ? -1 : 1;
	return memcmp(ip_bytes(a), ip_bytes(b), ip_bits(a) / 8);
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
	return !ip_compare(a, b);
}

int network_compare(const struct network *a, const struct network *b)
{
	int order = ip_compare(&a->base, &b->base);

	return order ? order : a->prefix_length - b->prefix_length;
}

bool network_contains(const struct network *network, const struct ip *ip)
{
	const uint8_t *base = ip_bytes(&network->base);
	const uint8_t *bytes = ip_bytes(ip);
	unsigned int whole = network->prefix_length / 8;
	unsigned int rest = network->prefix_length % 8;

	if (network->base.family != ip->family)
		return false;
	if (memcmp(base, bytes, whole))
		return false;
	return !rest || !((base[whole] ^ bytes[whole]) >> (8 - rest));
}

bool block_contains(const struct block *block, const struct ip *ip)
{
	size_t i;

	if (!network_contains(&block->network, ip))
		return false;
	for (i = 0; i < block->except_count; i++)
		if (network_contains(&block->except[i], ip))
			return false;
	return true;
}

bool ip_parse(const char *text, struct ip *ip)
{
	struct ip parsed = {};

	if (inet_pton(AF_INET, text, &parsed.v4) == 1)
		parsed.family = AF_INET;
	else if (inet_pton(AF_INET6, text, &parsed.v6) == 1)
		parsed.family = AF_INET6;
	else
		return false;
	*ip = parsed;
	return true;
}

bool network_parse(const char *text, struct network *network)
{
	const char *slash = strchr(text, '/');
	struct network parsed = {};
	char base[INET6_ADDRSTRLEN];
	const char *digit;

	if (!slash || (size_t)(slash - text) >= sizeof(base))
		return false;
	memcpy(base, text, slash - text);
	base[slash - text] = '\0';
	if (!ip_parse(base, &parsed.base))
		return false;

	digit = slash + 1;
	if (!*digit || strlen(digit) > 3 || (digit[0] == '0' && digit[1]))
		return false;
	if (strspn(digit, "0123456789") != strlen(digit))
		return false;
	if (strtoul(digit, NULL, 10) > ip_bits(&parsed.base))
		return false;
	parsed.prefix_length = strtoul(digit, NULL, 10);
	*network = parsed;
	return true;
}

bool network_mask(struct network *network)
{
	uint8_t *bytes = (uint8_t *)ip_bytes(&network->base);
	unsigned int length = network->prefix_length;
	bool any = false;
	unsigned int i;

	for (i = length / 8; i < ip_bits(&network->base) / 8; i++) {
		uint8_t keep = i == length / 8 ? ~(0xff >> length % 8) : 0;

		any = any || (bytes[i] & ~keep);
		bytes[i] &= keep;
	}
	return any;
}

const char *ip_text(const struct ip *ip, char *buffer)
{
	return inet_ntop(ip->family, ip_bytes(ip), buffer, INET6_ADDRSTRLEN);
}

const char *network_text(const struct network *network, char *buffer)
{
	size_t length;

	ip_text(&network->base, buffer);
	length = strlen(buffer);
	snprintf(buffer + length, NETWORK_TEXT_MAX - length, "/%u",
		 network->prefix_length);
	return buffer;
}

void peer_set_clear(struct peer_set *peer_set)
{
	size_t i;

	for (i = 0; i < peer_set->block_count; i++)
		free(peer_set->blocks[i].except);
	free(peer_set->blocks);
	free(peer_set->identities);
	free(peer_set->name);
	*peer_set = (struct peer_set){};
}

void rule_set_clear(struct rule_set *rule_set)
{
	size_t i;

	for (i = 0; i < rule_set->rule_count; i++) {
		free(rule_set->rules[i].peer_sets);
		free(rule_set->rules[i].port_ranges);
		free(rule_set->rules[i].origin);
	}
	free(rule_set->rules);
	free(rule_set->isolation_origin);
	*rule_set = (struct rule_set){};
}

void pod_clear(struct pod *pod)
{
	free(pod->key);
	free(pod->uid);
	free(pod->ips);
	free(pod->interface);
	free(pod->traffic);
	*pod = (struct pod){};
}

void settings_clear(struct settings *settings)
{
	free(settings->guarded);
	*settings = (struct settings){};
}

void settings_guard(struct settings *settings, const struct network *block)
{
	size_t i;

	for (i = 0; i < settings->guarded_count; i++) {
		const struct network *guarded = &settings->guarded[i];

		if (guarded->prefix_length <= block->prefix_length &&
		    network_contains(guarded, &block->base))
			return;
	}
	*array_add(settings->guarded, settings->guarded_count) = *block;
}

void objects_clear(struct objects *objects)
{
	size_t i;

	for (i = 0; i < objects->peer_set_count; i++)
		peer_set_clear(&objects->peer_sets[i]);
	for (i = 0; i < objects->rule_set_count; i++)
		rule_set_clear(&objects->rule_sets[i]);
	for (i = 0; i < objects->pod_count; i++)
		pod_clear(&objects->pods[i]);
	free(objects->addresses);
	free(objects->peer_sets);
	free(objects->rule_sets);
	free(objects->pods);
	*objects = (struct objects){};
}

static int three_way(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare_ips(const void *a, const void *b)
{
	return ip_compare(a, b);
}

static int compare_numbers(const void *a, const void *b)
{
	return three_way(*(const uint32_t *)a, *(const uint32_t *)b);
}

static int compare_networks(const void *a, const void *b)
{
	return network_compare(a, b);
}

static int compare_blocks(const void *a, const void *b)
{
	const struct block *left = a, *right = b;
	int order = network_compare(&left->network, &right->network);
	size_t i;

	if (order)
		return order;
	for (i = 0; i < left->except_count && i < right->except_count; i++) {
		order = network_compare(&left->except[i], &right->except[i]);
		if (order)
			return order;
	}
	return three_way(left->except_count, right->except_count);
}

static int compare_port_ranges(const void *a, const void *b)
{
	const struct port_range *left = a, *right = b;

	if (left->protocol != right->protocol)
		return three_way(left->protocol, right->protocol);
	if (left->first != right->first)
		return three_way(left->first, right->first);
	return three_way(left->last, right->last);
}

static int compare_addresses(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return ip_compare(&left->ip, &right->ip);
}

static int compare_peer_sets(const void *a, const void *b)
{
	const struct peer_set *left = a, *right = b;

	return three_way(left->id, right->id);
}

static int compare_rule_sets(const void *a, const void *b)
{
	const struct rule_set *left = a, *right = b;

	return three_way(left->id, right->id);
}

static int compare_pods(const void *a, const void *b)
{
	const struct pod *left = a, *right = b;

	return strcmp(left->key, right->key);
}

/* qsort() must not be called with NULL, not even for nothing. */
static void sort(void *array, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	if (count > 1)
		qsort(array, count, size, compare);
}

static size_t sort_numbers(uint32_t *numbers, size_t count)
{
	size_t kept = 0;
	size_t i;

	sort(numbers, count, sizeof(*numbers), compare_numbers);
	for (i = 0; i < count; i++)
		if (!kept || numbers[kept - 1] != numbers[i])
			numbers[kept++] = numbers[i];
	return kept;
}

void peer_set_sort(struct peer_set *peer_set)
{
	size_t i;

	peer_set->identity_count =
		sort_numbers(peer_set->identities, peer_set->identity_count);
	for (i = 0; i < peer_set->block_count; i++)
		sort(peer_set->blocks[i].except,
		     peer_set->blocks[i].except_count, sizeof(struct network),
		     compare_networks);
	sort(peer_set->blocks, peer_set->block_count, sizeof(struct block),
	     compare_blocks);
}

static void sort_rule_set(struct rule_set *rule_set)
{
	size_t i;

	for (i = 0; i < rule_set->rule_count; i++) {
		struct rule *rule = &rule_set->rules[i];

		rule->peer_set_count =
			sort_numbers(rule->peer_sets, rule->peer_set_count);
		sort(rule->port_ranges, rule->port_range_count,
		     sizeof(*rule->port_ranges), compare_port_ranges);
	}
}

void objects_sort(struct objects *objects)
{
	size_t i;

	for (i = 0; i < objects->peer_set_count; i++)
		peer_set_sort(&objects->peer_sets[i]);
	for (i = 0; i < objects->rule_set_count; i++)
		sort_rule_set(&objects->rule_sets[i]);
	for (i = 0; i < objects->pod_count; i++)
		sort(objects->pods[i].ips, objects->pods[i].ip_count,
		     sizeof(struct ip), compare_ips);
	sort(objects->addresses, objects->address_count, sizeof(struct address),
	     compare_addresses);
	sort(objects->peer_sets, objects->peer_set_count,
	     sizeof(struct peer_set), compare_peer_sets);
	sort(objects->rule_sets, objects->rule_set_count,
	     sizeof(struct rule_set), compare_rule_sets);
	sort(objects->pods, objects->pod_count, sizeof(struct pod),
	     compare_pods);
}
