// SPDX-License-Identifier: GPL-2.0-only
#include "control-sample.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include "clock.h"
#include "policy/memory.h"

static const char *const share_names[SHARES] = {
	[SHARE_REQUEST] = "request",
	[SHARE_KERNEL] = "kernel",
	[SHARE_ELAPSED] = "elapsed",
};

/* The sample in hand. */
static struct {
	double call_ns;
	uint64_t start;
	uint64_t request_ticks;
	size_t request_calls;
	uint64_t kernel_ticks;
	size_t calls;
} current;

static void count_call(uint64_t start, bool is_request)
{
	uint64_t ticks = __rdtsc() - start;

	current.kernel_ticks += ticks;
	current.calls++;
	if (is_request) {
		current.request_ticks += ticks;
		current.request_calls++;
	}
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	uint64_t start = __rdtsc();
	ssize_t result = syscall(SYS_sendmsg, fd, message, flags);

	count_call(start, true);
	return result;
}

/* By this libnftables only asks what is there; its changes go by sendmsg(). */
static bool asks_nftables(const void *bytes, size_t length)
{
	const struct nlmsghdr *header = bytes;

	return length >= sizeof(*header) &&
	       header->nlmsg_type >> 8 == NFNL_SUBSYS_NFTABLES;
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags,
	       const struct sockaddr *address, socklen_t address_length)
{
	bool is_request = !asks_nftables(bytes, length);
	uint64_t start = __rdtsc();
	ssize_t result = syscall(SYS_sendto, fd, bytes, length, flags, address,
				 address_length);

	count_call(start, is_request);
	return result;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	uint64_t start = __rdtsc();
	ssize_t result = syscall(SYS_recvmsg, fd, message, flags);

	count_call(start, false);
	return result;
}

int select(int count, fd_set *readable, fd_set *writable, fd_set *other,
	   struct timeval *timeout)
{
	uint64_t start = __rdtsc();
	int result =
		syscall(SYS_select, count, readable, writable, other, timeout);

	count_call(start, false);
	return result;
}

long sample_bpf(int command, union bpf_attr *attributes, size_t size)
{
	uint64_t start = __rdtsc();
	long result = syscall(SYS_bpf, command, attributes, size);

	count_call(start, true);
	return result;
}

void sample_foreign(uint64_t request_ticks, uint64_t kernel_ticks,
		    uint64_t calls)
{
	current.request_ticks += request_ticks;
	current.request_calls++;
	current.kernel_ticks += kernel_ticks;
	current.calls += calls;
}

void sample_begin(void)
{
	memset(&current, 0, sizeof(current));
	current.call_ns = clock_call_ns();
	current.start = __rdtsc();
}

static double less_calls(uint64_t ticks, size_t calls)
{
	return ticks / clock_ticks_per_ns - calls * current.call_ns;
}

void sample_end(struct series *series)
{
	uint64_t ticks = __rdtsc() - current.start;
	const double values[SHARES] = {
		[SHARE_REQUEST] = less_calls(current.request_ticks,
					     current.request_calls),
		[SHARE_KERNEL] =
			less_calls(current.kernel_ticks, current.calls),
		[SHARE_ELAPSED] = less_calls(ticks, current.calls),
	};
	unsigned int share;
	size_t count;

	if (!series)
		return;
	for (share = 0; share < SHARES; share++) {
		count = series->count;
		*array_add(series->samples[share], count) = values[share];
	}
	series->count++;
	series->calls = current.calls;
}

static void add_time(struct table *table, double ns)
{
	table_add(table, ns < 99950 ? "%.1f" : "%.0f", ns / 1000);
}

json_t *series_report(struct series *series, struct table *table)
{
	json_t *object = json_pack("{s:i, s:I}", "repeats", (int)series->count,
				   "system_calls", (json_int_t)series->calls);
	size_t count = series->count;
	unsigned int share;

	table_add(table, "%zu", series->calls);
	for (share = 0; share < SHARES; share++) {
		double *samples = series->samples[share];

		sort_samples(samples, count);
		if (share != SHARE_REQUEST)
			add_time(table, quantile(samples, count, 0.25));
		add_time(table, quantile(samples, count, 0.5));
		if (share != SHARE_REQUEST)
			add_time(table, quantile(samples, count, 0.75));
		json_object_set_new(object, share_names[share],
				    json_pack("{s:f, s:f, s:f, s:f, s:f}",
					      "minimum",
					      quantile(samples, count, 0),
					      "lower_quartile",
					      quantile(samples, count, 0.25),
					      "median",
					      quantile(samples, count, 0.5),
					      "upper_quartile",
					      quantile(samples, count, 0.75),
					      "maximum",
					      quantile(samples, count, 1)));
	}
	return object;
}

void series_clear(struct series *series)
{
	unsigned int share;

	for (share = 0; share < SHARES; share++)
		free(series->samples[share]);
	memset(series, 0, sizeof(*series));
}
