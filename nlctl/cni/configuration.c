// SPDX-License-Identifier: GPL-2.0-only
#include "cni/configuration.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "agent_option.h"
#include "clock.h"
#include "cni/version.h"
#include "policy/memory.h"

#define TIMEOUT_SECONDS 10
#define TIMEOUT_SECONDS_MAX 300

static struct failure *refuse(const char *key, const char *wrong)
{
	return failure_new(FAILURE_CONFIGURATION, NULL,
			   "network configuration: %s %s", key, wrong);
}

static struct failure *take_version(struct configuration *configuration)
{
	const json_t *value =
		json_object_get(configuration->tree, "cniVersion");
	const char *text = json_string_value(value);
	char *names;
	struct failure *failure;

	if (value && !text)
		return refuse("cniVersion", "is not a string");
	/* The first versions had no such key. */
	if (!text)
		text = "0.1.0";
	if (version_known(text)) {
		configuration->version = text;
		return NULL;
	}
	names = version_names();
	failure =
		failure_new(FAILURE_VERSION,
			    xasprintf("the versions are %s", names),
			    "version %s of CNI is not one that podwall-cni speaks",
			    text);
	free(names);
	return failure;
}

static struct failure *take_name(struct configuration *configuration)
{
	const json_t *value = json_object_get(configuration->tree, "name");

	configuration->name = json_string_value(value);
	if (!configuration->name || !*configuration->name)
		return refuse("name", "is not the name of a network");
	if (json_string_length(value) > NAME_MAX)
		return refuse("name", "is longer than 255 bytes");
	return NULL;
}

static struct failure *take_directory(struct configuration *configuration)
{
	const json_t *value = json_object_get(configuration->tree, "directory");

	if (!value)
		return NULL;
	configuration->directory = json_string_value(value);
	if (!configuration->directory || *configuration->directory != '/')
		return refuse("directory", "is not an absolute path");
	return NULL;
}

static struct failure *take_start_up(struct configuration *configuration)
{
	const json_t *value = json_object_get(configuration->tree, "startUp");
	const char *text = json_string_value(value);

	if (!value)
		return NULL;
	configuration->open = text && !strcmp(text, "open");
	if (!configuration->open && (!text || strcmp(text, "closed") != 0))
		return refuse("startUp", "is neither \"closed\" nor \"open\"");
	return NULL;
}

static struct failure *take_timeout(struct configuration *configuration)
{
	const json_t *value = json_object_get(configuration->tree, "timeout");
	double seconds = json_number_value(value);

	if (!value)
		return NULL;
	if (!json_is_number(value) || seconds <= 0 ||
	    seconds > TIMEOUT_SECONDS_MAX)
		return refuse("timeout",
			      "is not a number of seconds up to 300");
	configuration->timeout = seconds * NANOSECONDS_PER_SECOND;
	return NULL;
}

static struct failure *take_previous(struct configuration *configuration)
{
	const json_t *value =
		json_object_get(configuration->tree, "prevResult");

	if (value && !json_is_null(value) && !json_is_object(value))
		return refuse("prevResult", "is not an object");
	configuration->previous = json_is_object(value) ? value : NULL;
	return NULL;
}

/* A plugin may be asked with whole numbers that no C type holds. */
static json_t *parse(const char *text, size_t length, json_error_t *error)
{
	return json_loadb(text, length,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
			  error);
}

struct failure *configuration_parse(char *text, size_t length,
				    struct configuration *configuration)
{
	static struct failure *(*const steps[])(struct configuration *) = {
		take_version,  take_name,    take_directory,
		take_start_up, take_timeout, take_previous,
	};
	struct failure *failure = NULL;
	json_error_t error;
	size_t i;

	*configuration = (struct configuration){
		.text = text,
		.length = length,
		.version = CNI_NEWEST,
		.directory = AGENT_DIRECTORY,
		.timeout = TIMEOUT_SECONDS * NANOSECONDS_PER_SECOND,
	};
	configuration->tree = parse(text, length, &error);
	if (!configuration->tree)
		return failure_new(
			FAILURE_DECODE, NULL,
			"standard input is no network configuration: line %d: %s",
			error.line, error.text);
	if (!json_is_object(configuration->tree))
		return failure_new(
			FAILURE_DECODE, NULL,
			"standard input is no network configuration: it is not an object");
	for (i = 0; !failure && i < sizeof(steps) / sizeof(*steps); i++)
		failure = steps[i](configuration);
	return failure;
}

char *configuration_asked(const char *text, size_t length)
{
	json_t *tree = parse(text, length, NULL);
	const char *version =
		json_string_value(json_object_get(tree, "cniVersion"));
	char *asked = xstrdup(version && *version ? version : CNI_NEWEST);

	json_decref(tree);
	return asked;
}

void configuration_clear(struct configuration *configuration)
{
	json_decref(configuration->tree);
	free(configuration->text);
	*configuration = (struct configuration){};
}
