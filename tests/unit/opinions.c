// SPDX-License-Identifier: GPL-2.0-only
#include "opinions.h"

#include "generator/generator.h"
#include "interpreter.h"
#include "support.h"

#define ENDS_MAX 64

static const struct {
	uint8_t protocol;
	uint16_t port;
} ports[] = {
	{ IPPROTO_TCP, 80 }, { IPPROTO_TCP, 81 }, { IPPROTO_TCP, 8080 },
	{ IPPROTO_TCP, 83 }, { IPPROTO_UDP, 80 }, { IPPROTO_SCTP, 81 },
	{ IPPROTO_ICMP, 0 },
};

/* One of the ends of connections, by address. */
struct end {
	struct ip ip;
	bool local; /* it is a pod that the compiled objects enforce */
};

static size_t collect_ends(const struct cluster *cluster,
			   const struct objects *objects, struct end *ends)
{
	const struct cluster_pod *pod;
	size_t count = 0, i, j, k;

	for (i = 0; i < generator_outsider_count; i++)
		assert_true(ip_parse(generator_outsiders[i],
				     &ends[count++].ip));
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		for (i = 0; i < pod->ip_count && count < ENDS_MAX; i++)
			ends[count++].ip = pod->ips[i];
	for (i = 0; i < count; i++) {
		ends[i].local = false;
		for (j = 0; j < objects->pod_count; j++)
			for (k = 0; k < objects->pods[j].ip_count; k++)
				if (ip_equal(&objects->pods[j].ips[k],
					     &ends[i].ip))
					ends[i].local = true;
	}
	return count;
}

/* What an end says that the objects know; the others accept. */
static enum interpretation expect_end(const struct end *end,
				      const struct judgement *judgement)
{
	if (!end->local || judgement->verdict == PODWALL_VERDICT_ACCEPT)
		return INTERPRETATION_ACCEPT;
	return judgement->audited ? INTERPRETATION_AUDIT : INTERPRETATION_DENY;
}

static void compare_one(const struct cluster *cluster,
			const struct objects *objects, const struct end *client,
			const struct end *server, uint8_t protocol,
			uint16_t port)
{
	const struct endpoint from = { .ip = client->ip };
	const struct endpoint to = { .ip = server->ip };
	struct evaluation evaluation;
	enum interpretation expected, ingress, found;

	assert_null(evaluate(cluster, &from, &to, client->ip.family, protocol,
			     port, &evaluation));
	expected = expect_end(client, &evaluation.egress);
	ingress = expect_end(server, &evaluation.ingress);
	if (ingress < expected)
		expected = ingress;
	found = interpret(cluster, objects, &client->ip, &server->ip, protocol,
			  port);
	if (expected != found) {
		char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

		fail_msg("%s to %s %u/%u: objects say %d; egress: %s; ingress: %s",
			 ip_text(&client->ip, a), ip_text(&server->ip, b),
			 protocol, port, found, evaluation.egress.text,
			 evaluation.ingress.text);
	}
	evaluation_clear(&evaluation);
}

/* One question of so many; not always for the same port. */
static size_t choose_stride(size_t all, size_t most)
{
	size_t stride = most ? all / most + 1 : 1;

	return stride % COUNT(ports) ? stride : stride + 1;
}

size_t opinions_compare(const struct cluster *cluster,
			const struct objects *objects, size_t most)
{
	struct end ends[ENDS_MAX];
	size_t count = collect_ends(cluster, objects, ends);
	size_t stride = choose_stride(count * count * COUNT(ports), most);
	size_t number = 0, done = 0, i, j, k;

	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			if (ends[i].ip.family != ends[j].ip.family)
				continue;
			for (k = 0; k < COUNT(ports); k++) {
				if (number++ % stride)
					continue;
				compare_one(cluster, objects, &ends[i],
					    &ends[j], ports[k].protocol,
					    ports[k].port);
				done++;
			}
		}
	}
	return done;
}
