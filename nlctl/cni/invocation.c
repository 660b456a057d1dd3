// SPDX-License-Identifier: GPL-2.0-only
#include "cni/invocation.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attachment.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"

/* What a command has to be told. */
enum {
	NEEDS_CONTAINER = 1, /* and the interface */
	NEEDS_NETNS = 2,
	READS_ARGUMENTS = 4,
};

static const struct {
	const char *name;
	unsigned int needs;
} commands[] = {
	[CNI_ADD] = { "ADD", NEEDS_CONTAINER | NEEDS_NETNS | READS_ARGUMENTS },
	[CNI_DEL] = { "DEL", NEEDS_CONTAINER },
	[CNI_CHECK] = { "CHECK",
			NEEDS_CONTAINER | NEEDS_NETNS | READS_ARGUMENTS },
	[CNI_STATUS] = { "STATUS", 0 },
	[CNI_GC] = { "GC", 0 },
	[CNI_VERSION] = { "VERSION", 0 },
};

static struct failure *refuse(const char *name, const char *value,
			      const char *wrong)
{
	return failure_new(FAILURE_ENVIRONMENT, NULL, "%s: \"%s\" %s", name,
			   value, wrong);
}

static const char *command_wrong(const char *text)
{
	(void)text;
	return "is not ADD, DEL, CHECK, STATUS, GC or VERSION";
}

static const char no_command[] =
	"it is for a container runtime to run this program, see podwall-cni(8)";

static struct failure *take_command(const char *text,
				    struct invocation *invocation)
{
	size_t i;

	for (i = 0; text && i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, text)) {
			invocation->command = i;
			return NULL;
		}
	if (!text || !*text)
		return failure_new(FAILURE_ENVIRONMENT, xstrdup(no_command),
				   "CNI_COMMAND is not set");
	return refuse("CNI_COMMAND", text, command_wrong(text));
}

static const char *netns_wrong(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	if (*text != '/' || strlen(text) > PATH_MAX)
		return "is not an absolute path";
	for (; *at; at++)
		if (*at < ' ' || *at == 0x7f)
			return "has a control character";
	return NULL;
}

/* An empty variable is none. */
static struct failure *take(char *(*read)(const char *name), const char *name,
			    const char *(*wrong)(const char *), bool needed,
			    char **value)
{
	const char *text = read(name);

	if (!text || !*text)
		return needed ? failure_new(FAILURE_ENVIRONMENT, NULL,
					    "%s is not set", name) :
				NULL;
	if (wrong(text))
		return refuse(name, text, wrong(text));
	*value = xstrdup(text);
	return NULL;
}

static const char *uid_wrong(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	if (strlen(text) > PODWALL_UID_MAX)
		return "is longer than 63 characters";
	for (; *at; at++)
		if (*at <= ' ' || *at >= 0x7f)
			return "is not printable";
	return NULL;
}

static const char *flag_wrong(const char *text)
{
	static const char *const texts[] = { "1",     "true",  "True", "TRUE",
					     "0",     "t",     "T",    "false",
					     "False", "FALSE", "f",    "F" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!strcmp(texts[i], text))
			return NULL;
	return "is neither true nor false";
}

/* The infra container is the one of CNI_CONTAINERID. */
static const char *nothing_wrong(const char *text)
{
	(void)text;
	return NULL;
}

/**
 * struct argument - an argument that is known
 * @name: its name
 * @wrong: says what is wrong with its value
 * @value: where to put it; NULL for nowhere
 */
struct argument {
	const char *name;
	const char *(*wrong)(const char *text);
	char **value;
};

static struct failure *take_argument(const struct argument *arguments,
				     const char *name, const char *value,
				     const char **unknown)
{
	for (; arguments->name; arguments++) {
		if (strcmp(arguments->name, name) != 0)
			continue;
		if (*value && arguments->wrong(value))
			return refuse(name, value, arguments->wrong(value));
		if (arguments->value) {
			free(*arguments->value);
			*arguments->value = *value ? xstrdup(value) : NULL;
		}
		return NULL;
	}
	*unknown = name;
	return NULL;
}

/* KEY=VALUE;KEY=VALUE: what is not known is an error, unless IgnoreUnknown says
 * that it is none, as with all plugins.
 */
static struct failure *take_arguments(const char *text,
				      struct invocation *invocation)
{
	char *ignore = NULL;
	const struct argument arguments[] = {
		{ "IgnoreUnknown", flag_wrong, &ignore },
		{ "K8S_POD_NAMESPACE", dns_label_wrong,
		  &invocation->pod_namespace },
		{ "K8S_POD_NAME", dns_subdomain_wrong, &invocation->pod_name },
		{ "K8S_POD_UID", uid_wrong, &invocation->pod_uid },
		{ "K8S_POD_INFRA_CONTAINER_ID", nothing_wrong, NULL },
		{},
	};
	char *copy = xstrdup(text), *rest = copy, *word, *equals;
	struct failure *failure = NULL;
	const char *unknown = NULL;

	while (!failure && (word = strsep(&rest, ";"))) {
		equals = strchr(word, '=');
		if (equals) {
			*equals = '\0';
			failure = take_argument(arguments, word, equals + 1,
						&unknown);
		} else if (*word) {
			failure = refuse("CNI_ARGS", word,
					 "is not of the form KEY=VALUE");
		}
	}
	if (!failure && unknown && (!ignore || !strchr("1tT", *ignore)))
		failure = refuse("CNI_ARGS", unknown,
				 "is not known, and IgnoreUnknown is not set");
	free(ignore);
	free(copy);
	return failure;
}

struct failure *invocation_read(char *(*read)(const char *name),
				struct invocation *invocation)
{
	struct failure *failure;
	unsigned int needs;

	*invocation = (struct invocation){};
	failure = take_command(read("CNI_COMMAND"), invocation);
	if (failure)
		return failure;
	needs = commands[invocation->command].needs;
	if (needs & NEEDS_CONTAINER)
		failure = take(read, "CNI_CONTAINERID", container_id_wrong,
			       true, &invocation->container);
	if (!failure && needs & NEEDS_CONTAINER)
		failure = take(read, "CNI_IFNAME", interface_name_wrong, true,
			       &invocation->interface);
	if (!failure && needs & NEEDS_NETNS)
		failure = take(read, "CNI_NETNS", netns_wrong, true,
			       &invocation->netns);
	if (!failure && needs & READS_ARGUMENTS && read("CNI_ARGS"))
		failure = take_arguments(read("CNI_ARGS"), invocation);
	return failure;
}

void invocation_clear(struct invocation *invocation)
{
	free(invocation->container);
	free(invocation->netns);
	free(invocation->interface);
	free(invocation->pod_namespace);
	free(invocation->pod_name);
	free(invocation->pod_uid);
	*invocation = (struct invocation){};
}
