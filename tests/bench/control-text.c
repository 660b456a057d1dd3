// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "policy/memory.h"

/* Where tests/bench/scene.py has the peers. */
static const char *const peer_networks[] = { "10.16.", "10.17." };

#define PEER_NETWORKS (sizeof(peer_networks) / sizeof(*peer_networks))

char *scene_text(const struct input *input, const char *ending)
{
	char *path = xasprintf("%s.%s", input->scene, ending);
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file)
		load_fail("cannot read %s", path);
	length = getdelim(&bytes, &room, '\0', file);
	if (length <= 0)
		load_fail("%s is empty", path);
	fclose(file);
	free(path);
	return bytes;
}

size_t occurrences(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

size_t peer_occurrences(const char *text)
{
	size_t count = 0, i;

	for (i = 0; i < PEER_NETWORKS; i++)
		count += occurrences(text, peer_networks[i]);
	return count;
}

void text_open(struct text *text)
{
	text->stream = xopen_memstream(&text->bytes, &text->length);
}

char *text_close(struct text *text)
{
	fclose(text->stream);
	text->stream = NULL;
	return text->bytes;
}

void print_peers(FILE *stream, const struct input *input)
{
	const char *separator = "";
	char ip[NETWORK_TEXT_MAX];
	size_t i;

	for (i = 0; i < input->address_count; i++) {
		ip_text(&input->load.objects.addresses[i].ip, ip);
		if (!peer_occurrences(ip))
			continue;
		fprintf(stream, "%s%s", separator, ip);
		separator = ", ";
	}
}
