// SPDX-License-Identifier: GPL-2.0-only
#include "packet_trace.h"

#include <errno.h>
#include <event-parse.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tracefs.h>
#include <unistd.h>

#include "clock.h"
#include "policy/memory.h"
#include "trace_instance.h"

#define SYSTEM "podwall"
#define EVENT "verdict"

/* One packet needs no more; the default is more than a megabyte for each CPU. */
#define BUFFER_KILOBYTES "64"

/* Both directions of a packet are judged in one go, but for the time that it
 * takes to be interrupted in between.
 */
#define SECOND_DIRECTION_MS 100

/* How often it is looked whether packets can still come. */
#define LOOK_MS 1000

struct packet_trace {
	const struct packet_wish *wish;
	struct tracefs_instance *instance;
	struct tep_handle *formats;
	struct tep_event *event;
	int pipe;
	/* What is being read. */
	struct packet *packet;
	int cpu;
};

/* --- the instance */

static bool has_tracepoint(void)
{
	return tracefs_file_exists(NULL, "events/" SYSTEM "/" EVENT "/enable");
}

static bool find_tracefs(const struct nlctl *nlctl)
{
	const char *path = NULL;

	if (tracefs_tracing_dir_is_mounted(false, &path) <= 0) {
		nlctl_error(
			nlctl,
			"packets are seen through tracefs, which is not mounted: mount -t tracefs nodev /sys/kernel/tracing");
		return false;
	}
	if (access(path, R_OK | W_OK | X_OK)) {
		nlctl_error(nlctl, "cannot trace in %s: %s; be root", path,
			    strerror(errno));
		return false;
	}
	if (has_tracepoint())
		return true;
	nlctl_error(
		nlctl,
		"the module that is loaded has no tracepoint " SYSTEM ":" EVENT
		": it is older than nlctl, or the kernel is built without tracing");
	return false;
}

static bool begin(const struct nlctl *nlctl, struct packet_trace *trace)
{
	const char *const systems[] = { SYSTEM, NULL };
	struct stat netns;
	const char *doing;
	char *filter;
	int error;

	trace->formats = tracefs_local_events_system(NULL, systems);
	if (trace->formats)
		trace->event =
			tep_find_event_by_name(trace->formats, SYSTEM, EVENT);
	if (!trace->event) {
		nlctl_error(nlctl,
			    "cannot read the format of the tracepoint " SYSTEM
			    ":" EVENT);
		return false;
	}
	if (stat("/proc/thread-self/ns/net", &netns)) {
		nlctl_error(nlctl, "cannot tell the network namespace: %s",
			    strerror(errno));
		return false;
	}
	tracefs_instance_file_write(trace->instance, "buffer_size_kb",
				    BUFFER_KILOBYTES);
	filter = packet_wish_filter(trace->wish, netns.st_ino);
	doing = "set the filter of";
	/* It returns how much it wrote, whatever its manual says. */
	error = tracefs_event_filter_apply(trace->instance, trace->event,
					   filter) < 0;
	free(filter);
	if (!error) {
		doing = "wait for";
		trace->pipe = tracefs_instance_file_open(trace->instance,
							 "trace_pipe",
							 O_RDONLY | O_NONBLOCK);
		error = trace->pipe < 0;
	}
	if (!error) {
		doing = "enable";
		error = tracefs_event_enable(trace->instance, SYSTEM, EVENT);
	}
	if (error)
		nlctl_error(nlctl,
			    "cannot %s the tracepoint " SYSTEM ":" EVENT ": %s",
			    doing, strerror(errno));
	return !error;
}

struct packet_trace *packet_trace_open(const struct nlctl *nlctl,
				       const struct packet_wish *wish)
{
	struct packet_trace *trace;

	tracefs_set_loglevel(TEP_LOG_NONE);
	if (!find_tracefs(nlctl))
		return NULL;
	trace = xcalloc(1, sizeof(*trace));
	trace->wish = wish;
	trace->pipe = -1;
	trace->instance = trace_instance_create(nlctl);
	if (!trace->instance || !begin(nlctl, trace)) {
		packet_trace_close(trace);
		return NULL;
	}
	return trace;
}

void packet_trace_close(struct packet_trace *trace)
{
	if (!trace)
		return;
	/* An instance that is being read cannot be removed. */
	if (trace->pipe >= 0)
		close(trace->pipe);
	if (trace->instance) {
		tracefs_event_disable(trace->instance, SYSTEM, EVENT);
		trace_instance_destroy(trace->instance);
	}
	tep_free(trace->formats);
	free(trace);
}

/* --- records */

static uint64_t number_of(struct tep_record *record, struct tep_event *event,
			  const char *name)
{
	unsigned long long value = 0;

	tep_get_field_val(NULL, event, name, record, &value, 0);
	return value;
}

/* A copy; NULL for an empty text, which stands for none. */
static char *text_of(struct tep_record *record, struct tep_event *event,
		     const char *name)
{
	int length = 0;
	const char *text =
		tep_get_field_raw(NULL, event, name, record, &length, 0);

	if (!text || length <= 0 || !*text)
		return NULL;
	return xasprintf("%.*s", length, text);
}

static void read_ip(struct tep_record *record, struct tep_event *event,
		    const char *name, struct ip *ip)
{
	int length = 0;
	const void *bytes =
		tep_get_field_raw(NULL, event, name, record, &length, 0);

	*ip = (struct ip){ .family = number_of(record, event, "family") };
	if (!bytes || length < (int)sizeof(ip->v6))
		return;
	if (ip->family == AF_INET)
		memcpy(&ip->v4, bytes, sizeof(ip->v4));
	else
		memcpy(&ip->v6, bytes, sizeof(ip->v6));
}

static void read_connection(struct tep_record *record, struct tep_event *event,
			    struct connection *connection)
{
	read_ip(record, event, "client", &connection->client);
	read_ip(record, event, "server", &connection->server);
	connection->protocol = number_of(record, event, "protocol");
	connection->client_port = number_of(record, event, "client_port");
	connection->server_port = number_of(record, event, "server_port");
}

static bool is_same(const struct connection *a, const struct connection *b)
{
	return ip_equal(&a->client, &b->client) &&
	       ip_equal(&a->server, &b->server) && a->protocol == b->protocol &&
	       a->client_port == b->client_port &&
	       a->server_port == b->server_port;
}

static void read_decision(struct tep_record *record, struct tep_event *event,
			  struct decision *decision)
{
	decision->direction = number_of(record, event, "direction");
	decision->verdict = number_of(record, event, "verdict");
	decision->reason = number_of(record, event, "reason");
	decision->tier = number_of(record, event, "tier");
	decision->rule_set = number_of(record, event, "rule_set");
	decision->cookie = number_of(record, event, "cookie");
	decision->has_cookie = decision->cookie;
	decision->pod = text_of(record, event, "pod");
	if (decision->pod)
		decision->mode = number_of(record, event, "mode");
	decision->origin = text_of(record, event, "origin");
}

static void begin_packet(struct packet_trace *trace, struct tep_record *record,
			 struct tep_event *event, int cpu)
{
	struct packet *packet = trace->packet;

	packet->client_pod = text_of(record, event, "client_pod");
	packet->server_pod = text_of(record, event, "server_pod");
	if (!packet_wish_matches(trace->wish, packet)) {
		packet_clear(packet);
		return;
	}
	read_connection(record, event, &packet->connection);
	packet->length = number_of(record, event, "length");
	packet->generation = number_of(record, event, "generation");
	read_decision(record, event,
		      &packet->decisions[packet->decision_count++]);
	trace->cpu = cpu;
}

/* What one CPU judges next of the same connection, in the other direction, is
 * the same packet.
 */
static bool is_continued(const struct packet_trace *trace,
			 struct tep_record *record, struct tep_event *event,
			 int cpu)
{
	const struct packet *packet = trace->packet;
	struct connection connection;

	read_connection(record, event, &connection);
	return cpu == trace->cpu && is_same(&connection, &packet->connection) &&
	       number_of(record, event, "length") == packet->length &&
	       number_of(record, event, "direction") ==
		       PODWALL_DIRECTION_INGRESS;
}

static bool is_whole(const struct packet *packet)
{
	return packet->decision_count &&
	       packet->decisions[packet->decision_count - 1].direction ==
		       PODWALL_DIRECTION_INGRESS;
}

/* Not 0 ends the reading; what is left in the buffer goes with the instance. */
static int take(struct tep_event *event, struct tep_record *record, int cpu,
		void *data)
{
	struct packet_trace *trace = data;
	struct packet *packet = trace->packet;

	if (event->id != trace->event->id)
		return 0;
	if (!packet->decision_count)
		begin_packet(trace, record, event, cpu);
	else if (is_continued(trace, record, event, cpu))
		read_decision(record, event,
			      &packet->decisions[packet->decision_count++]);
	return is_whole(packet);
}

static bool read_records(const struct nlctl *nlctl, struct packet_trace *trace)
{
	if (tracefs_iterate_raw_events(trace->formats, trace->instance, NULL, 0,
				       take, trace) >= 0)
		return true;
	nlctl_error(nlctl, "cannot read the trace: %s", strerror(errno));
	return false;
}

/* A trace does not keep the module from being unloaded, and is silent then. */
static bool is_loaded(const struct nlctl *nlctl)
{
	if (has_tracepoint())
		return true;
	nlctl_error(nlctl, "the podwall module was unloaded");
	return false;
}

static int64_t now(void)
{
	return clock_now() / NANOSECONDS_PER_MILLISECOND;
}

enum interrupt_result packet_trace_wait(const struct nlctl *nlctl,
					struct packet_trace *trace,
					const struct interrupt *interrupt,
					int timeout, struct packet *packet)
{
	int64_t end = timeout < 0 ? INT64_MAX : now() + timeout;
	bool begun = false;

	*packet = (struct packet){};
	trace->packet = packet;
	for (;;) {
		int64_t rest = end - now();
		enum interrupt_result result;

		if (rest <= 0)
			return begun ? INTERRUPT_READY : INTERRUPT_ELAPSED;
		result = interrupt_wait(nlctl, interrupt, trace->pipe,
					rest > LOOK_MS ? LOOK_MS : (int)rest);
		if (result == INTERRUPT_ENDED || result == INTERRUPT_FAILED)
			return result;
		if (!read_records(nlctl, trace))
			return INTERRUPT_FAILED;
		if (is_whole(packet))
			return INTERRUPT_READY;
		if (!is_loaded(nlctl))
			return INTERRUPT_FAILED;
		if (packet->decision_count && !begun) {
			begun = true;
			end = now() + SECOND_DIRECTION_MS;
		}
	}
}
