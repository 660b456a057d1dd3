// SPDX-License-Identifier: GPL-2.0-only
#include "agent/reflector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

/*
 * DOC: list and watch
 *
 *	 custom kinds
 *	FIND --> DEFINITION            "gone" only when the definition is
 *	 | ^----------'
 *	 v
 *	LIST --> WATCH --> WATCH ...   from where the last one ended
 *	 ^ ^       | ^
 *	 | '-------' |                 410, nonsense, backwards
 *	 '- CHECK ---'                 ended early
 *
 * A list has no resource version, so that the server reads its storage: one with
 * "0" may come out of the cache of a server that lags, and be older than what was
 * seen from another one.
 *
 * A watch goes on from the last resource version that was seen, whichever server
 * answers. If the storage was replaced by an older copy meanwhile, that version
 * lies in the future: then a watch says nothing at all until the storage has
 * caught up. So when a watch ends otherwise than by its time, a list of one object
 * is asked for, whose resource version is that of the storage. For example:
 *
 *	LIST                    pods as of 700
 *	WATCH from 700          one added, 701; then the connection breaks
 *	CHECK                   the storage is at 705: go on
 *	WATCH from 701          what happened from 702 on
 *	                        ... the storage is restored, the connection breaks
 *	CHECK                   the storage is at 640: begin anew
 *	LIST                    pods as of 640
 */

/* Attempts in a row at a page that is not the first. */
#define PAGE_ATTEMPTS 8

static const char definitions[] =
	"/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

void reflector_begin(struct reflector *reflector,
		     const struct resource *resource,
		     const struct reflector_limits *limits)
{
	*reflector = (struct reflector){
		.resource = resource,
		.limits = *limits,
		.step = resource->custom ? REFLECTOR_FIND : REFLECTOR_LIST,
		.page = limits->page,
		.backoff = { .first = limits->backoff_first,
			     .max = limits->backoff_max },
	};
}

char *reflector_api_version(const struct reflector *reflector)
{
	const struct resource *resource = reflector->resource;

	return xasprintf("%s%s%s", resource->group, *resource->group ? "/" : "",
			 resource->versions[reflector->version]);
}

/* A value of a query: what is not plain is written as %XX. */
static void write_value(FILE *stream, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text; text++) {
		if (strchr(plain, *text))
			fputc(*text, stream);
		else
			fprintf(stream, "%%%02X", (unsigned char)*text);
	}
}

static void write_watch(struct reflector *reflector, FILE *stream,
			uint32_t random)
{
	const struct reflector_limits *limits = &reflector->limits;
	uint64_t range = limits->watch_max - limits->watch_min + 1;

	/* Not all watches of all nodes end at the same time. */
	reflector->seconds = limits->watch_min + (range * random >> 32);
	fprintf(stream,
		"?watch=true&allowWatchBookmarks=true&timeoutSeconds=%u&resourceVersion=",
		reflector->seconds);
	write_value(stream, reflector->resource_version);
}

char *reflector_path(struct reflector *reflector, uint32_t random)
{
	const struct resource *resource = reflector->resource;
	char *path, *base, *api_version;
	size_t length;
	FILE *stream;

	if (reflector->step == REFLECTOR_DEFINITION)
		return xasprintf("%s/%s.%s", definitions, resource->plural,
				 resource->group);
	api_version = reflector_api_version(reflector);
	base = xasprintf("%s/%s", *resource->group ? "/apis" : "/api",
			 api_version);
	free(api_version);
	if (reflector->step == REFLECTOR_FIND)
		return base;
	stream = xopen_memstream(&path, &length);
	fprintf(stream, "%s/%s", base, resource->plural);
	if (reflector->step == REFLECTOR_WATCH)
		write_watch(reflector, stream, random);
	else
		fprintf(stream, "?limit=%u",
			reflector->step == REFLECTOR_CHECK ? 1 :
							     reflector->page);
	if (reflector->step == REFLECTOR_LIST && reflector->token) {
		fputs("&continue=", stream);
		write_value(stream, reflector->token);
	}
	fclose(stream);
	free(base);
	return path;
}

static void replace(char **text, const char *by)
{
	char *copy = by && *by ? xstrdup(by) : NULL;

	free(*text);
	*text = copy;
}

static void go_to(struct reflector *reflector, enum reflector_step step)
{
	reflector->step = step;
	replace(&reflector->token, NULL);
	reflector->listing = false;
	reflector->attempts = 0;
	if (step == REFLECTOR_FIND)
		reflector->version = 0;
}

/* What a status that says no asks for, whatever was asked. */
enum refusal {
	REFUSAL_LATER, /* the same again */
	REFUSAL_ANEW, /* a new list */
	REFUSAL_FIND, /* the kind is not served */
};

static enum refusal refusal(const struct reflector *reflector, long status)
{
	switch (status) {
	case 404:
		return reflector->resource->custom ? REFUSAL_FIND :
						     REFUSAL_LATER;
	case 401:
	case 403:
	case 408:
	case 429:
		return REFUSAL_LATER;
	default:
		return status >= 400 && status < 500 ? REFUSAL_ANEW :
						       REFUSAL_LATER;
	}
}

static uint64_t wait_after(struct reflector *reflector,
			   const struct reflector_answer *answer,
			   uint32_t random)
{
	return backoff_failed(&reflector->backoff, answer->retry_after, random);
}

static uint64_t answered_find(struct reflector *reflector,
			      const struct reflector_answer *answer,
			      uint32_t random, enum reflector_news *news)
{
	if (answer->outcome == OUTCOME_FINE && answer->served) {
		*news = NEWS_FOUND;
		reflector->step = REFLECTOR_LIST;
		return 0;
	}
	if (answer->outcome != OUTCOME_FINE &&
	    !(answer->outcome == OUTCOME_STATUS && answer->status == 404))
		return wait_after(reflector, answer, random);
	reflector->version++;
	if (!reflector->resource->versions[reflector->version]) {
		reflector->version = 0;
		reflector->step = REFLECTOR_DEFINITION;
	}
	return 0;
}

/* A server that has just started answers 404 for kinds that it will serve in a
 * moment: the definition in its storage knows better.
 */
static uint64_t answered_definition(struct reflector *reflector,
				    const struct reflector_answer *answer,
				    uint32_t random, enum reflector_news *news)
{
	bool refused = answer->outcome == OUTCOME_STATUS;

	go_to(reflector, REFLECTOR_FIND);
	if (refused && answer->status == 404) {
		*news = NEWS_GONE;
		replace(&reflector->resource_version, NULL);
		backoff_reset(&reflector->backoff);
		return reflector->limits.find;
	}
	if (refused && answer->status == 403)
		return reflector->limits.find;
	return wait_after(reflector, answer, random);
}

static uint64_t answered_list(struct reflector *reflector,
			      const struct reflector_answer *answer,
			      uint32_t random, enum reflector_news *news)
{
	if (answer->outcome == OUTCOME_FINE) {
		reflector->listing = true;
		reflector->attempts = 0;
		replace(&reflector->token, answer->token);
		if (reflector->token) {
			*news = NEWS_PAGE;
			return 0;
		}
		*news = NEWS_LISTED;
		replace(&reflector->resource_version, answer->resource_version);
		go_to(reflector, REFLECTOR_WATCH);
		return 0;
	}
	if (answer->outcome == OUTCOME_TOO_LARGE && reflector->page > 1) {
		reflector->page /= 2;
		go_to(reflector, REFLECTOR_LIST);
		return 0;
	}
	if (answer->outcome == OUTCOME_STATUS) {
		switch (refusal(reflector, answer->status)) {
		case REFUSAL_ANEW:
			go_to(reflector, REFLECTOR_LIST);
			break;
		case REFUSAL_FIND:
			go_to(reflector, REFLECTOR_FIND);
			break;
		case REFUSAL_LATER:
			break;
		}
	}
	/* What a list goes on from may be lost, as when the storage was replaced
	 * by an older one, and not every server says so by 410.
	 */
	if (reflector->token && ++reflector->attempts >= PAGE_ATTEMPTS)
		go_to(reflector, REFLECTOR_LIST);
	return wait_after(reflector, answer, random);
}

static uint64_t answered_check(struct reflector *reflector,
			       const struct reflector_answer *answer,
			       uint32_t random)
{
	if (answer->outcome == OUTCOME_FINE) {
		go_to(reflector,
		      resource_version_older(answer->resource_version,
					     reflector->resource_version) ?
			      REFLECTOR_LIST :
			      REFLECTOR_WATCH);
		return 0;
	}
	if (answer->outcome == OUTCOME_TOO_LARGE)
		go_to(reflector, REFLECTOR_LIST);
	else if (answer->outcome == OUTCOME_STATUS &&
		 refusal(reflector, answer->status) == REFUSAL_ANEW)
		go_to(reflector, REFLECTOR_LIST);
	else if (answer->outcome == OUTCOME_STATUS &&
		 refusal(reflector, answer->status) == REFUSAL_FIND)
		go_to(reflector, REFLECTOR_FIND);
	return wait_after(reflector, answer, random);
}

static enum reflector_step after_refusal(const struct reflector *reflector,
					 long status)
{
	switch (refusal(reflector, status)) {
	case REFUSAL_ANEW:
		return REFLECTOR_LIST;
	case REFUSAL_FIND:
		return REFLECTOR_FIND;
	case REFUSAL_LATER:
		break;
	}
	/* Who refuses because of too many requests gets no more of them. */
	return status < 500 ? REFLECTOR_WATCH : REFLECTOR_CHECK;
}

static uint64_t answered_watch(struct reflector *reflector,
			       const struct reflector_answer *answer,
			       uint32_t random)
{
	if (answer->steady)
		backoff_reset(&reflector->backoff);
	switch (answer->outcome) {
	case OUTCOME_FINE:
		if (!answer->early)
			return 0;
		go_to(reflector, REFLECTOR_CHECK);
		break;
	case OUTCOME_BROKEN:
		go_to(reflector, REFLECTOR_CHECK);
		break;
	case OUTCOME_STATUS:
		go_to(reflector, after_refusal(reflector, answer->status));
		break;
	case OUTCOME_TOO_LARGE:
	case OUTCOME_NONSENSE:
	case OUTCOME_BACKWARDS:
		go_to(reflector, REFLECTOR_LIST);
		break;
	}
	return wait_after(reflector, answer, random);
}

bool reflector_stands_still(const struct reflector *reflector,
			    const char *token)
{
	return reflector->step == REFLECTOR_LIST && reflector->token && token &&
	       !strcmp(token, reflector->token);
}

uint64_t reflector_answered(struct reflector *reflector,
			    const struct reflector_answer *answer,
			    uint32_t random, enum reflector_news *news)
{
	struct reflector_answer checked = *answer;

	/* Without a resource version there is nothing to watch from. */
	if ((reflector->step == REFLECTOR_LIST ||
	     reflector->step == REFLECTOR_CHECK) &&
	    checked.outcome == OUTCOME_FINE &&
	    (!checked.resource_version || !*checked.resource_version))
		checked.outcome = OUTCOME_NONSENSE;
	if (checked.outcome == OUTCOME_FINE &&
	    reflector_stands_still(reflector, checked.token))
		checked.outcome = OUTCOME_NONSENSE;
	*news = NEWS_NONE;
	switch (reflector->step) {
	case REFLECTOR_FIND:
		return answered_find(reflector, &checked, random, news);
	case REFLECTOR_DEFINITION:
		return answered_definition(reflector, &checked, random, news);
	case REFLECTOR_LIST:
		return answered_list(reflector, &checked, random, news);
	case REFLECTOR_CHECK:
		return answered_check(reflector, &checked, random);
	case REFLECTOR_WATCH:
		return answered_watch(reflector, &checked, random);
	}
	return 0;
}

bool reflector_seen(struct reflector *reflector, const char *resource_version)
{
	if (resource_version_older(resource_version,
				   reflector->resource_version))
		return false;
	replace(&reflector->resource_version, resource_version);
	return true;
}

void reflector_steady(struct reflector *reflector)
{
	backoff_reset(&reflector->backoff);
}

void reflector_clear(struct reflector *reflector)
{
	free(reflector->resource_version);
	free(reflector->token);
	*reflector = (struct reflector){};
}

/* Its digits without leading zeros; NULL for what is no number. */
static const char *number_of(const char *text)
{
	if (!text || !*text || strspn(text, "0123456789") != strlen(text))
		return NULL;
	while (*text == '0')
		text++;
	return text;
}

bool resource_version_older(const char *one, const char *other)
{
	const char *a = number_of(one), *b = number_of(other);

	if (!a || !b)
		return false;
	if (strlen(a) != strlen(b))
		return strlen(a) < strlen(b);
	return strcmp(a, b) < 0;
}
