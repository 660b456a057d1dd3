// SPDX-License-Identifier: GPL-2.0-only
#include "load-sample.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/podwall.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include "clock.h"
#include "output.h"
#include "policy/memory.h"

/* --- what is timed: libnl finds these in place of the C library's */

enum phase {
	PHASE_STAGING,
	PHASE_COMMIT,
	PHASES,
};

static const char *const phase_names[PHASES] = {
	[PHASE_STAGING] = "staging",
	[PHASE_COMMIT] = "commit",
};

/* The transaction in hand; an abort counts as staging. */
static struct {
	double call_ns;
	enum phase phase;
	uint64_t ticks[PHASES];
	unsigned int calls[PHASES];
	unsigned int requests;
} current;

static void count_call(uint64_t start)
{
	current.ticks[current.phase] += __rdtsc() - start;
	current.calls[current.phase]++;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	const struct nlmsghdr *header = message->msg_iov[0].iov_base;
	const struct genlmsghdr *generic = NLMSG_DATA(header);
	bool commit = generic->cmd == PODWALL_CMD_TRANSACTION_COMMIT;
	uint64_t start;
	ssize_t result;

	current.phase = commit ? PHASE_COMMIT : PHASE_STAGING;
	current.requests++;
	start = __rdtsc();
	result = syscall(SYS_sendmsg, fd, message, flags);
	count_call(start);
	return result;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	uint64_t start = __rdtsc();
	ssize_t result = syscall(SYS_recvmsg, fd, message, flags);

	count_call(start);
	return result;
}

/* --- series of samples */

/**
 * struct series - times of one kind of transaction, in nanoseconds
 * @name: the kind
 * @requests: of each transaction
 * @calls: system calls of each phase
 * @call_ns: what a system call as such took around each sample
 * @samples: of each phase, less what its system calls as such take
 * @count: length of @samples
 */
struct series {
	char *name;
	unsigned int requests;
	unsigned int calls[PHASES];
	double *call_ns;
	double *samples[PHASES];
	size_t count;
};

static struct series *all_series;
static size_t series_count;

size_t sample_series(char *name)
{
	struct series *series = array_add(all_series, series_count);

	series->name = name;
	return series_count - 1;
}

void sample_begin(void)
{
	memset(&current, 0, sizeof(current));
	current.call_ns = clock_call_ns();
}

void sample_end(size_t index)
{
	struct series *series = &all_series[index];
	size_t count = series->count++;
	unsigned int phase;

	*array_add(series->call_ns, count) = current.call_ns;
	series->requests = current.requests;
	for (phase = 0; phase < PHASES; phase++) {
		count = series->count - 1;
		series->calls[phase] = current.calls[phase];
		*array_add(series->samples[phase], count) =
			current.ticks[phase] / clock_ticks_per_ns -
			current.calls[phase] * current.call_ns;
	}
}

static json_t *phase_json(const struct series *series, enum phase phase)
{
	const double *samples = series->samples[phase];
	size_t count = series->count;

	return json_pack("{s:i, s:f, s:f, s:f, s:f, s:f}", "system_calls",
			 series->calls[phase], "minimum",
			 quantile(samples, count, 0), "lower_quartile",
			 quantile(samples, count, 0.25), "median",
			 quantile(samples, count, 0.5), "upper_quartile",
			 quantile(samples, count, 0.75), "maximum",
			 quantile(samples, count, 1));
}

static void add_times(struct table *table, const struct series *series,
		      enum phase phase)
{
	const double *samples = series->samples[phase];
	size_t count = series->count;

	table_add(table, "%.1f", quantile(samples, count, 0.25) / 1000);
	table_add(table, "%.1f", quantile(samples, count, 0.5) / 1000);
	table_add(table, "%.1f", quantile(samples, count, 0.75) / 1000);
}

json_t *sample_report(void)
{
	json_t *list = json_array();
	struct table table = {};
	unsigned int phase;
	double call_ns;
	size_t i;

	if (!series_count)
		return list;
	table_begin(&table,
		    "MICROSECONDS\tREPEATS\tREQUESTS\tCALL\tSTAGING Q1\tMEDIAN\tQ3\t"
		    "COMMIT Q1\tMEDIAN\tQ3");
	for (i = 0; i < series_count; i++) {
		struct series *series = &all_series[i];
		json_t *object = json_pack("{s:s, s:i, s:i}", "name",
					   series->name, "repeats",
					   (int)series->count, "requests",
					   (int)series->requests);

		table_add(&table, "%s", series->name);
		table_add(&table, "%zu", series->count);
		table_add(&table, "%u", series->requests);
		sort_samples(series->call_ns, series->count);
		call_ns = quantile(series->call_ns, series->count, 0.5);
		json_object_set_new(object, "system_call", json_real(call_ns));
		table_add(&table, "%.1f", call_ns / 1000);
		for (phase = 0; phase < PHASES; phase++) {
			sort_samples(series->samples[phase], series->count);
			json_object_set_new(object, phase_names[phase],
					    phase_json(series, phase));
			add_times(&table, series, phase);
			free(series->samples[phase]);
		}
		json_array_append_new(list, object);
		free(series->call_ns);
		free(series->name);
	}
	table_print(&table);
	free(all_series);
	return list;
}
