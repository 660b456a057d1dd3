// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elements.h"

/* One more than a line may have. */
#define WORDS 6

static bool parse_number(const char *text, unsigned long greatest,
			 unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && !errno &&
	       *number <= greatest;
}

/* Cut the text at its slash, and read what is behind it. */
static bool cut_length(char *text, unsigned long greatest,
		       unsigned long *length)
{
	char *slash = strchr(text, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return parse_number(slash + 1, greatest, length);
}

static bool parse_identity(const char *text, __u32 *identity)
{
	unsigned long number;

	if (!parse_number(text, UINT32_MAX, &number))
		return false;
	*identity = number;
	return true;
}

bool address_parse(char *prefix, const char *identity, struct address_key *key,
		   __u32 *value)
{
	bool is_ipv6 = strchr(prefix, ':');
	unsigned long length;

	*key = (struct address_key){ .family = is_ipv6 ? AF_INET6 : AF_INET };
	if (!cut_length(prefix, is_ipv6 ? 128 : 32, &length) ||
	    inet_pton(key->family, prefix, key->address) != 1)
		return false;
	key->length = ADDRESS_KEY_BITS + length;
	return parse_identity(identity, value);
}

static bool parse_protocol(const char *text, __u8 *protocol)
{
	*protocol = !strcmp(text, "udp") ? IPPROTO_UDP : IPPROTO_TCP;
	return !strcmp(text, "udp") || !strcmp(text, "tcp");
}

/* The words of a line behind its first one. */
static bool policy_parse(char **words, struct policy_key *key,
			 struct policy_entry *entry)
{
	unsigned long port, length;

	*key = (struct policy_key){ .direction = DIRECTION_EGRESS };
	if (!parse_identity(words[0], &key->identity) ||
	    !parse_protocol(words[1], &key->protocol) ||
	    !cut_length(words[2], 16, &length) ||
	    !parse_number(words[2], UINT16_MAX, &port))
		return false;
	key->length = POLICY_KEY_BITS + length;
	key->port = htons(port);
	entry->deny = !strcmp(words[3], "deny");
	return entry->deny || !strcmp(words[3], "accept");
}

/* Room for one element more; the count is a power of two when there is none. */
static void *grow(void *array, size_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))
		return array;
	grown = reallocarray(array, count ? count * 2 : 1, size);
	if (!grown) {
		perror("elements");
		exit(EXIT_FAILURE);
	}
	return grown;
}

static bool add_address(struct elements *elements, char **words)
{
	size_t count = elements->address_count;

	elements->addresses =
		grow(elements->addresses, count, sizeof(*elements->addresses));
	elements->identities = grow(elements->identities, count,
				    sizeof(*elements->identities));
	if (!address_parse(words[0], words[1], &elements->addresses[count],
			   &elements->identities[count]))
		return false;
	elements->address_count++;
	return true;
}

static bool add_policy(struct elements *elements, char **words)
{
	size_t count = elements->policy_count;

	elements->policies =
		grow(elements->policies, count, sizeof(*elements->policies));
	elements->entries =
		grow(elements->entries, count, sizeof(*elements->entries));
	if (!policy_parse(words, &elements->policies[count],
			  &elements->entries[count]))
		return false;
	elements->policy_count++;
	return true;
}

static bool add_line(struct elements *elements, char *line)
{
	char *words[WORDS], *rest;
	size_t count = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (; count < WORDS; count++, line = NULL) {
		words[count] = strtok_r(line, " \t", &rest);
		if (!words[count])
			break;
	}
	if (!count)
		return true;
	if (count == 3 && !strcmp(words[0], "address"))
		return add_address(elements, words + 1);
	if (count == 5 && !strcmp(words[0], "policy"))
		return add_policy(elements, words + 1);
	return false;
}

bool elements_read(struct elements *elements, const char *path)
{
	FILE *file = fopen(path, "r");
	size_t number = 0, size = 0;
	char *line = NULL;
	bool good = true;

	if (!file) {
		perror(path);
		return false;
	}
	while (good && getline(&line, &size, file) >= 0) {
		number++;
		good = add_line(elements, line);
	}
	if (!good) {
		fprintf(stderr, "%s:%zu: neither an address nor a policy\n",
			path, number);
	} else if (ferror(file)) {
		perror(path);
		good = false;
	}
	free(line);
	fclose(file);
	return good;
}

void elements_free(struct elements *elements)
{
	free(elements->addresses);
	free(elements->identities);
	free(elements->policies);
	free(elements->entries);
}
