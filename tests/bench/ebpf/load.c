// SPDX-License-Identifier: GPL-2.0-only
/*
 * load DEVICE FILE [--connections]: judge by policy.bpf.c what comes in by the
 * device, with the elements of the file; the program stays with the device.
 * The other forms are for the program that is there already.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elements.h"

/* Of the only filter. */
#define HANDLE 1
#define PRIORITY 1
/* The program has fewer maps. */
#define MAPS 16

/* policy.bpf.o as the linker embeds it. */
extern const char _binary_policy_bpf_o_start[];
extern const char _binary_policy_bpf_o_end[];

/**
 * struct attached - the program that a device has
 * @length: of its machine code, 0 if it is interpreted
 * @map_count: how many of the next two
 * @maps: what is known of its maps
 * @descriptors: theirs
 */
struct attached {
	__u32 length;
	__u32 map_count;
	struct bpf_map_info maps[MAPS];
	int descriptors[MAPS];
};

/* Print a reason, with that of @error unless it is 0, and end. */
static _Noreturn void fail(int error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static _Noreturn void fail(int error, const char *format, ...)
{
	va_list arguments;

	fputs("load: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	if (error)
		fprintf(stderr, ": %s", strerror(abs(error)));
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static struct bpf_tc_hook hook_of(const char *device)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS,
		    .ifindex = (int)if_nametoindex(device));

	if (!hook.ifindex)
		fail(errno, "%s", device);
	return hook;
}

/* --- loading */

static struct bpf_map *find_map(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (!map)
		fail(errno, "%s", name);
	return map;
}

static void choose(struct bpf_object *object, bool with_connections)
{
	/* It is the only constant: libbpf compares the sizes. */
	int error = bpf_map__set_initial_value(find_map(object, ".rodata"),
					       &with_connections,
					       sizeof(with_connections));

	if (error)
		fail(error, "the program's constant");
	bpf_map__set_autocreate(find_map(object, "connections4"),
				with_connections);
	bpf_map__set_autocreate(find_map(object, "connections6"),
				with_connections);
}

static void fill(struct bpf_object *object, const char *name, const void *keys,
		 const void *values, size_t wanted)
{
	__u32 count = wanted;
	int error;

	if (!count)
		return;
	error = bpf_map_update_batch(bpf_map__fd(find_map(object, name)), keys,
				     values, &count, NULL);
	if (error || count != wanted)
		fail(error, "%s: element %" PRIu32 " of %zu", name, count,
		     wanted);
}

static void attach(struct bpf_object *object, const char *device)
{
	struct bpf_tc_hook hook = hook_of(device);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = HANDLE,
		    .priority = PRIORITY,
		    .prog_fd = bpf_program__fd(bpf_object__next_program(object,
									NULL)));
	int error = bpf_tc_hook_create(&hook);

	if (error && error != -EEXIST)
		fail(error, "%s: clsact", device);
	error = bpf_tc_attach(&hook, &options);
	if (error)
		fail(error, "%s: the program cannot be attached", device);
}

static void load(const char *device, const char *path, bool with_connections)
{
	struct elements elements = {};
	struct bpf_object *object;
	int error;

	if (!elements_read(&elements, path))
		exit(EXIT_FAILURE);
	object = bpf_object__open_mem(_binary_policy_bpf_o_start,
				      _binary_policy_bpf_o_end -
					      _binary_policy_bpf_o_start,
				      NULL);
	if (!object)
		fail(errno, "the program cannot be read");
	choose(object, with_connections);
	error = bpf_object__load(object);
	if (error)
		fail(error, "the program cannot be loaded");
	fill(object, "addresses", elements.addresses, elements.identities,
	     elements.address_count);
	fill(object, "policies", elements.policies, elements.entries,
	     elements.policy_count);
	attach(object, device);
	bpf_object__close(object);
	elements_free(&elements);
}

/* --- what is there already */

static void find_attached(struct attached *attached, const char *device)
{
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = HANDLE,
		    .priority = PRIORITY);
	struct bpf_tc_hook hook = hook_of(device);
	int error = bpf_tc_query(&hook, &options);
	__u32 ids[MAPS], i, size;
	int program;

	if (error)
		fail(error, "%s has no program", device);
	struct bpf_prog_info info = {
		.nr_map_ids = MAPS,
		.map_ids = (uintptr_t)ids,
	};
	size = sizeof(info);
	program = bpf_prog_get_fd_by_id(options.prog_id);
	if (program < 0 || bpf_obj_get_info_by_fd(program, &info, &size))
		fail(errno, "%s: its program", device);
	close(program);
	attached->length = info.jited_prog_len;
	attached->map_count = info.nr_map_ids < MAPS ? info.nr_map_ids : MAPS;
	for (i = 0; i < attached->map_count; i++) {
		size = sizeof(attached->maps[i]);
		attached->maps[i] = (struct bpf_map_info){};
		attached->descriptors[i] = bpf_map_get_fd_by_id(ids[i]);
		if (attached->descriptors[i] < 0 ||
		    bpf_obj_get_info_by_fd(attached->descriptors[i],
					   &attached->maps[i], &size))
			fail(errno, "%s: a map", device);
	}
}

static int descriptor_of(const struct attached *attached, const char *name)
{
	__u32 i;

	for (i = 0; i < attached->map_count; i++)
		if (!strcmp(attached->maps[i].name, name))
			return attached->descriptors[i];
	fail(0, "the program has no map %s", name);
}

static void add(const char *device, char *prefix, const char *identity)
{
	struct attached attached;
	struct address_key key;
	__u32 value;

	if (!address_parse(prefix, identity, &key, &value))
		fail(0, "--add takes ADDRESS/LENGTH and IDENTITY");
	find_attached(&attached, device);
	if (bpf_map_update_elem(descriptor_of(&attached, "addresses"), &key,
				&value, BPF_ANY))
		fail(errno, "addresses");
}

/* The kernel's own figure. */
static unsigned long long bytes_of(int descriptor)
{
	unsigned long long bytes;
	bool found = false;
	char line[256];
	FILE *file;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", descriptor);
	file = fopen(line, "r");
	if (!file)
		fail(errno, "%s", line);
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "memlock: %llu", &bytes) == 1;
	if (!found)
		fail(0, "the kernel does not say what a map takes");
	fclose(file);
	return bytes;
}

static void print_memory(const char *device)
{
	struct attached attached;
	__u32 i;

	find_attached(&attached, device);
	printf("program\t%" PRIu32 "\n", attached.length);
	for (i = 0; i < attached.map_count; i++)
		printf("%s\t%llu\n", attached.maps[i].name,
		       bytes_of(attached.descriptors[i]));
}

/* Over all processors. */
static unsigned long long packets_of(int counters, bool accepted)
{
	struct counter_key key = {
		.accepted = accepted,
		.direction = DIRECTION_EGRESS,
	};
	int processors = libbpf_num_possible_cpus(), i;
	unsigned long long sum = 0;
	struct counter *each;

	if (processors < 0)
		fail(processors, "the number of processors");
	each = calloc(processors, sizeof(*each));
	if (!each)
		fail(ENOMEM, "counters");
	/* A key is made with the first packet. */
	if (bpf_map_lookup_elem(counters, &key, each) && errno != ENOENT)
		fail(errno, "counters");
	for (i = 0; i < processors; i++)
		sum += each[i].packets;
	free(each);
	return sum;
}

static void print_counts(const char *device)
{
	struct attached attached;
	int counters;

	find_attached(&attached, device);
	counters = descriptor_of(&attached, "counters");
	printf("accepted\t%llu\ndenied\t%llu\n", packets_of(counters, true),
	       packets_of(counters, false));
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";

	if (argc == 5 && !strcmp(what, "--add"))
		add(argv[1], argv[3], argv[4]);
	else if (argc == 3 && !strcmp(what, "--memory"))
		print_memory(argv[1]);
	else if (argc == 3 && !strcmp(what, "--counts"))
		print_counts(argv[1]);
	else if (argc == 3 && *what && *what != '-')
		load(argv[1], what, false);
	else if (argc == 4 && !strcmp(argv[3], "--connections"))
		load(argv[1], what, true);
	else {
		fprintf(stderr,
			"usage: %s DEVICE FILE [--connections]\n"
			"       %s DEVICE --add ADDRESS/LENGTH IDENTITY\n"
			"       %s DEVICE --memory\n"
			"       %s DEVICE --counts\n",
			argv[0], argv[0], argv[0], argv[0]);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
