// SPDX-License-Identifier: GPL-2.0-only
#include "packet_explanation.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "live.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "story.h"

static char *port_text(const struct connection *connection)
{
	char protocol[PROTOCOL_TEXT_MAX];

	protocol_text(connection->protocol, protocol);
	return connection->server_port ?
		       xasprintf("%u/%s", connection->server_port, protocol) :
		       xstrdup(protocol);
}

static bool is_same(const struct decision *traced,
		    const struct decision *decision)
{
	return !traced || (traced->verdict == decision->verdict &&
			   traced->reason == decision->reason &&
			   traced->rule_set == decision->rule_set &&
			   traced->cookie == decision->cookie);
}

/* Why the story may be another than the packet's; NULL when it is the same. */
static char *difference_text(const struct packet *packet,
			     const struct explanation *explanation)
{
	if (packet->generation != explanation->generation)
		return xasprintf(
			"the policy has changed since: the packet was judged by generation %" PRIu64
			", what follows is generation %" PRIu64,
			packet->generation, explanation->generation);
	if (is_same(packet_decision(packet, PODWALL_DIRECTION_EGRESS),
		    &explanation->egress) &&
	    is_same(packet_decision(packet, PODWALL_DIRECTION_INGRESS),
		    &explanation->ingress))
		return NULL;
	return xstrdup(
		"the packet was judged otherwise than its addresses alone say, for the way that it took: a process of the node may have sent it with a pod's address, or a Service led it back to the pod");
}

static void print(const struct nlctl *nlctl, const struct packet *packet,
		  const struct story *story, bool wide)
{
	char *difference = difference_text(packet, story->explanation);
	char *port = port_text(&packet->connection);
	json_t *object;

	if (nlctl->json) {
		object = story_json(story);
		json_object_set_new(object, "from",
				    json_text(story->client.text));
		json_object_set_new(object, "to",
				    json_text(story->server.text));
		json_object_set_new(object, "port", json_text(port));
		json_object_set_new(object, "generation",
				    json_number(story->explanation->generation));
		json_object_set_new(object, "packet", packet_json(packet));
		if (difference)
			json_object_set_new(object, "note",
					    json_text(difference));
		output_json(object);
	} else {
		packet_print(packet);
		if (difference)
			printf("note: %s\n", difference);
		story_print(story, port, wide);
	}
	free(port);
	free(difference);
}

/* A packet whose connection cannot be explained, and why. */
static void print_alone(const struct nlctl *nlctl, const struct packet *packet,
			const char *why)
{
	if (nlctl->json) {
		output_json(json_pack("{s:o, s:o}", "packet",
				      packet_json(packet), "note",
				      json_text(why)));
		return;
	}
	packet_print(packet);
	printf("note: %s\n", why);
}

/* The module judges connections, and a later fragment has none of its own. */
static void print_fragment(const struct nlctl *nlctl,
			   const struct packet *packet)
{
	print_alone(
		nlctl, packet,
		"a later fragment without ports: no rule that names ports accepts it, and one that denies ports of its protocol denies it");
}

/* The packet came, and what it was judged is known whatever failed then. */
static void print_failure(const struct nlctl *nlctl, const struct judge *judge,
			  const struct packet *packet)
{
	char *why = xasprintf("its connection was not explained: %s",
			      netlink_text(judge->netlink));

	print_alone(nlctl, packet, why);
	free(why);
	netlink_report(nlctl, judge->netlink);
}

static int tell(const struct nlctl *nlctl, struct judge *judge,
		const struct packet *packet, bool wide)
{
	const struct connection *connection = &packet->connection;
	char client[NETWORK_TEXT_MAX], server[NETWORK_TEXT_MAX];
	struct end from, to;
	struct ruling ruling;
	struct story story;
	int error;

	error = judge_refresh(judge);
	if (error)
		return error;
	error = judge_ask_connection(judge, connection, &ruling);
	if (!error) {
		from = judge_find_ip(judge, &connection->client, client);
		to = judge_find_ip(judge, &connection->server, server);
		story_make(judge, &from, &to, ruling.worst, &story);
		print(nlctl, packet, &story, wide);
		story_clear(&story);
	}
	ruling_clear(&ruling);
	return error;
}

static bool catch_packet(const struct nlctl *nlctl,
			 const struct packet_wish *wish, int timeout,
			 struct packet *packet)
{
	enum interrupt_result result = INTERRUPT_FAILED;
	struct packet_trace *trace = NULL;
	struct interrupt interrupt = INTERRUPT_CLOSED;
	sighandler_t before;

	/* From here on nothing ends the program before the trace is gone, not
	 * even that nobody hears it.
	 */
	before = signal(SIGPIPE, SIG_IGN);
	if (interrupt_open(nlctl, &interrupt))
		trace = packet_trace_open(nlctl, wish);
	if (trace) {
		fputs("listening\n", stderr);
		result = packet_trace_wait(nlctl, trace, &interrupt, timeout,
					   packet);
	}
	packet_trace_close(trace);
	interrupt_close(&interrupt);
	signal(SIGPIPE, before);
	if (result == INTERRUPT_ELAPSED)
		nlctl_error(nlctl, "no such packet of %s came in %d s",
			    wish->pod, timeout / 1000);
	else if (result == INTERRUPT_ENDED)
		nlctl_error(nlctl, "ended before a packet of %s came",
			    wish->pod);
	return result == INTERRUPT_READY;
}

int packet_explain(const struct nlctl *nlctl, struct judge *judge,
		   const struct packet_wish *wish, int timeout, bool wide)
{
	struct packet packet = {};
	unsigned int attempts = 0;
	int error = -EINTR;

	if (!catch_packet(nlctl, wish, timeout, &packet))
		goto out;
	if (packet_is_fragment(&packet)) {
		print_fragment(nlctl, &packet);
		error = 0;
		goto out;
	}
	do
		error = tell(nlctl, judge, &packet, wide);
	while (live_retry(error, &attempts));
	if (error)
		print_failure(nlctl, judge, &packet);

out:
	packet_clear(&packet);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
