// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "completion.h"
#include "decode.h"
#include "live.h"
#include "machine.h"
#include "output.h"
#include "policy/memory.h"

static void add_netns(struct completion *completion)
{
	DIR *directory = opendir("/run/netns");
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			completion_add(completion, entry->d_name, "");
	closedir(directory);
}

static void add_pods(struct completion *completion,
		     const struct objects *objects, bool namespaces)
{
	char address[NETWORK_TEXT_MAX];
	char *last = xstrdup("");
	size_t i;

	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];
		char *text;

		if (!namespaces) {
			completion_add(completion, pod->key,
				       pod->ip_count ?
					       ip_text(&pod->ips[0], address) :
					       "");
			continue;
		}
		text = xasprintf("%.*s", (int)strcspn(pod->key, "/"), pod->key);
		if (strcmp(text, last))
			completion_add(completion, text, "");
		free(last);
		last = text;
	}
	free(last);
}

/* An origin is "KIND NAME DIRECTION[N]", with the namespace in front of the name
 * where the kind has one.
 */
static void add_policy(struct completion *completion, const char *origin)
{
	const char *name = strchr(origin, ' ');
	char *text;
	size_t i;

	if (!name)
		return;
	name++;
	text = xasprintf("%.*s", (int)strcspn(name, " "), name);
	for (i = 0; i < completion->count; i++)
		if (!strcmp(completion->list[i].text +
				    strlen(completion->prefix),
			    text))
			break;
	if (i == completion->count)
		completion_add(completion, text, "");
	free(text);
}

static void add_policies(struct completion *completion,
			 const struct objects *objects)
{
	size_t i, j;

	for (i = 0; i < objects->rule_set_count; i++)
		for (j = 0; j < objects->rule_sets[i].rule_count; j++)
			add_policy(completion,
				   objects->rule_sets[i].rules[j].origin);
}

/* What only the module knows. Without it, or without root, there is nothing. */
static void add_live(const struct nlctl *nlctl, struct completion *completion)
{
	struct settings settings = {};
	struct objects objects = {};
	struct netlink *netlink;
	int error;

	if (!machine_has_module())
		return;
	netlink = netlink_open(nlctl);
	if (!netlink)
		return;
	if (completion->kind == COMPLETION_POLICIES)
		error = live_read(netlink, &objects, &settings);
	else
		error = read_pods(netlink, &objects);
	if (!error && completion->kind == COMPLETION_POLICIES)
		add_policies(completion, &objects);
	else if (!error)
		add_pods(completion, &objects,
			 completion->kind == COMPLETION_NAMESPACES);
	settings_clear(&settings);
	objects_clear(&objects);
	netlink_close(netlink);
}

static void print(const struct completion *completion)
{
	size_t i;

	puts(completion->kind == COMPLETION_FILES ? "files" : "words");
	for (i = 0; i < completion->count; i++)
		printf("%s\t%s\n", text_clean(completion->list[i].text),
		       text_clean(completion->list[i].about));
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct completion completion;

	completion_find(commands, arguments->words, arguments->word_count,
			&completion);
	nlctl->netns = completion.netns;
	switch (completion.kind) {
	case COMPLETION_NOTHING:
	case COMPLETION_FILES:
		break;
	case COMPLETION_NETNS:
		add_netns(&completion);
		break;
	default:
		if (nlctl_enter_namespace(nlctl))
			add_live(nlctl, &completion);
	}
	print(&completion);
	completion_clear(&completion);
	return EXIT_SUCCESS;
}

const struct command complete_command = {
	.name = "complete",
	.synopsis = "-- WORD ...",
	.summary = "Print what may come next, for the completion of shells.",
	.description =
		"The words are those of a command line after its first; the last may be empty.\n"
		"The first line printed is \"files\" where names of files may come next, or else\n"
		"\"words\"; then there is one word a line, with a tab and what it does behind it.",
	.example = "nlctl complete -- explain ''",
	.hidden = true,
	.word_min = 1,
	.word_max = SIZE_MAX,
	.run = run,
};
