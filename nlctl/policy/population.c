// SPDX-License-Identifier: GPL-2.0-only
#include "policy/population.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/numbers.h"

/* A pod and one of the addresses that it says are its own. */
struct claim {
	struct ip ip;
	const struct cluster_pod *pod;
	bool local; /* the pod is on the node that is compiled for */
};

struct claims {
	struct claim *list;
	size_t count;
};

static int compare_claims(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	bool left_runs = left->pod->phase == POD_RUNNING;
	bool right_runs = right->pod->phase == POD_RUNNING;
	int order = ip_compare(&left->ip, &right->ip);

	if (order)
		return order;
	/* Else a stale record of another node could unregister a pod here. */
	if (left->local != right->local)
		return right->local - left->local;
	if (left->pod->deleting != right->pod->deleting)
		return left->pod->deleting - right->pod->deleting;
	if (left_runs != right_runs)
		return right_runs - left_runs;
	return strcmp(left->pod->key, right->pod->key);
}

static int compare_claims_by_pod(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	int order = strcmp(left->pod->key, right->pod->key);

	return order ? order : ip_compare(&left->ip, &right->ip);
}

static int compare_ips(const void *a, const void *b)
{
	return ip_compare(a, b);
}

static void sort(void *array, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	if (count > 1)
		qsort(array, count, size, compare);
}

/* Addresses of all nodes, ordered. */
static struct ip *node_ips(const struct cluster *cluster, size_t *count)
{
	const struct cluster_node *node;
	struct ip *ips = NULL;
	size_t i;

	*count = 0;
	for (node = cluster->nodes; node; node = node->hh.next)
		for (i = 0; i < node->ip_count; i++)
			*array_add(ips, *count) = node->ips[i];
	sort(ips, *count, sizeof(*ips), compare_ips);
	return ips;
}

static void warn(struct problems *problems, const struct cluster_pod *pod,
		 const struct ip *ip, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void warn(struct problems *problems, const struct cluster_pod *pod,
		 const struct ip *ip, const char *format, ...)
{
	struct place place = origin_place(&pod->origin);
	char *object = xasprintf("Pod %s", pod->key);
	char address[INET6_ADDRSTRLEN], *text;
	va_list arguments;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	problem_add(problems, SEVERITY_WARNING, &place, object, "status.podIPs",
		    "%s %s", ip_text(ip, address), text);
	free(text);
	free(object);
}

static void claim_addresses(const struct cluster *cluster, const char *node,
			    struct claims *claims, struct problems *problems)
{
	const struct cluster_pod *pod;
	size_t node_count, i;
	struct ip *nodes = node_ips(cluster, &node_count);

	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		bool local = node && !strcmp(pod->node, node);
		const struct ip *shared = NULL;

		if (pod->host_network || pod->phase == POD_SUCCEEDED ||
		    pod->phase == POD_FAILED)
			continue;
		for (i = 0; i < pod->ip_count && node_count && !shared; i++)
			if (bsearch(&pod->ips[i], nodes, node_count,
				    sizeof(*nodes), compare_ips))
				shared = &pod->ips[i];
		if (shared) {
			warn(problems, pod, shared,
			     "is the address of a node; the pod is taken for one of the host network, which policies do not select");
			continue;
		}
		for (i = 0; i < pod->ip_count; i++)
			*array_add(claims->list, claims->count) =
				(struct claim){ pod->ips[i], pod, local };
	}
	free(nodes);
}

/* Whether nothing says that a pod has left its address. */
static bool lives(const struct cluster_pod *pod)
{
	return pod->phase == POD_RUNNING && !pod->deleting;
}

/* Keep the best claim on each address. */
static void settle_claims(struct claims *claims, struct problems *problems)
{
	size_t kept = 0, i;

	sort(claims->list, claims->count, sizeof(*claims->list),
	     compare_claims);
	for (i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->list[i];
		struct claim *owner = kept ? &claims->list[kept - 1] : NULL;

		if (!owner || !ip_equal(&owner->ip, &claim->ip))
			claims->list[kept++] = *claim;
		else if (lives(claim->pod) && lives(owner->pod))
			warn(problems, claim->pod, &claim->ip,
			     "is taken to belong to Pod %s, though both pods run; delete the one that is gone",
			     owner->pod->key);
		else
			warn(problems, claim->pod, &claim->ip,
			     "is taken to belong to Pod %s", owner->pod->key);
	}
	claims->count = kept;
}

static char *identity_key(const struct cluster_pod *pod)
{
	size_t length, i;
	FILE *stream;
	char *key;

	stream = xopen_memstream(&key, &length);
	fprintf(stream, "%s\n", pod->namespace);
	for (i = 0; i < pod->labels.count; i++)
		fprintf(stream, "%s=%s\n", pod->labels.list[i].key,
			pod->labels.list[i].value);
	for (i = 0; i < pod->port_count; i++)
		fprintf(stream, "%s:%u:%u\n", pod->ports[i].name,
			pod->ports[i].protocol, pod->ports[i].port);
	fclose(stream);
	return key;
}

/* Finds identities by key while they are collected. */
struct index {
	char *key;
	size_t identity;
	UT_hash_handle hh;
};

static size_t intern_identity(const struct cluster *cluster,
			      struct population *population,
			      struct index **indexes,
			      const struct cluster_pod *pod)
{
	char *key = identity_key(pod);
	struct identity *identity;
	struct index *index;

	HASH_FIND_STR(*indexes, key, index);
	if (index) {
		free(key);
		return index->identity;
	}
	index = xcalloc(1, sizeof(*index));
	index->key = key;
	index->identity = population->identity_count;
	HASH_ADD_KEYPTR(hh, *indexes, key, strlen(key), index);

	identity =
		array_add(population->identities, population->identity_count);
	identity->key = key;
	identity->namespace = cluster_find_namespace(cluster, pod->namespace);
	identity->pod = pod;
	return index->identity;
}

static void settle(const struct cluster *cluster, struct claims *claims,
		   struct population *population)
{
	struct index *indexes = NULL, *index, *next;
	struct inhabitant *inhabitant = NULL;
	size_t i;

	sort(claims->list, claims->count, sizeof(*claims->list),
	     compare_claims_by_pod);
	for (i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->list[i];

		if (!inhabitant || inhabitant->pod != claim->pod) {
			inhabitant = array_add(population->inhabitants,
					       population->inhabitant_count);
			inhabitant->pod = claim->pod;
			inhabitant->identity =
				intern_identity(cluster, population, &indexes,
						claim->pod);
		}
		*array_add(inhabitant->ips, inhabitant->ip_count) = claim->ip;
	}
	HASH_ITER(hh, indexes, index, next) {
		HASH_DEL(indexes, index);
		free(index);
	}
}

/* Addresses of an identity stand under a number in the live objects. */
struct vote {
	size_t identity;
	uint32_t number;
	size_t count;
};

static int compare_votes_by_subject(const void *a, const void *b)
{
	const struct vote *left = a, *right = b;

	if (left->identity != right->identity)
		return left->identity < right->identity ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static int compare_votes(const void *a, const void *b)
{
	const struct vote *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return compare_votes_by_subject(a, b);
}

static int compare_addresses(const void *a, const void *b)
{
	return ip_compare(&((const struct address *)a)->ip,
			  &((const struct address *)b)->ip);
}

static struct vote *count_votes(const struct population *population,
				const struct objects *live, size_t *count)
{
	struct vote *votes = NULL;
	size_t cast = 0, i, j;

	for (i = 0; i < population->inhabitant_count; i++) {
		const struct inhabitant *inhabitant =
			&population->inhabitants[i];

		for (j = 0; j < inhabitant->ip_count; j++) {
			struct address wanted = { .ip = inhabitant->ips[j] };
			const struct address *found =
				bsearch(&wanted, live->addresses,
					live->address_count, sizeof(wanted),
					compare_addresses);

			if (found)
				*array_add(votes, cast) =
					(struct vote){ inhabitant->identity,
						       found->identity, 1 };
		}
	}
	sort(votes, cast, sizeof(*votes), compare_votes_by_subject);
	*count = 0;
	for (i = 0; i < cast; i++) {
		if (*count &&
		    !compare_votes_by_subject(&votes[*count - 1], &votes[i]))
			votes[*count - 1].count++;
		else
			votes[(*count)++] = votes[i];
	}
	sort(votes, *count, sizeof(*votes), compare_votes);
	return votes;
}

static void allot_numbers(struct population *population,
			  const struct objects *live)
{
	struct numbers numbers = {};
	struct vote *votes = NULL;
	size_t count = 0, i;

	if (live && live->address_count)
		votes = count_votes(population, live, &count);
	for (i = 0; i < count; i++) {
		struct identity *identity =
			&population->identities[votes[i].identity];

		if (!identity->number &&
		    numbers_take(&numbers, votes[i].number))
			identity->number = votes[i].number;
	}
	for (i = 0; i < population->identity_count; i++)
		if (!population->identities[i].number)
			population->identities[i].number =
				numbers_allot(&numbers);
	numbers_clear(&numbers);
	free(votes);
}

void population_build(const struct cluster *cluster, const char *node,
		      const struct objects *live, struct population *population,
		      struct problems *problems)
{
	struct claims claims = {};

	*population = (struct population){};
	claim_addresses(cluster, node, &claims, problems);
	settle_claims(&claims, problems);
	settle(cluster, &claims, population);
	free(claims.list);
	allot_numbers(population, live);
}

void population_clear(struct population *population)
{
	size_t i;

	for (i = 0; i < population->inhabitant_count; i++)
		free(population->inhabitants[i].ips);
	for (i = 0; i < population->identity_count; i++)
		free(population->identities[i].key);
	free(population->inhabitants);
	free(population->identities);
	*population = (struct population){};
}
