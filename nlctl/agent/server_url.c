// SPDX-License-Identifier: GPL-2.0-only
#include "agent/server_url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

static char *url_part(CURLU *url, CURLUPart part)
{
	char *text, *copy;

	if (curl_url_get(url, part, &text, 0))
		return NULL;
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

const char *server_url_wrong(const char *text)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *user = NULL, *query = NULL, *fragment = NULL;
	const char *wrong = NULL;

	if (!url || curl_url_set(url, CURLUPART_URL, text, 0)) {
		wrong = "is not a URL; it looks like https://192.0.2.1:6443";
	} else {
		scheme = url_part(url, CURLUPART_SCHEME);
		user = url_part(url, CURLUPART_USER);
		query = url_part(url, CURLUPART_QUERY);
		fragment = url_part(url, CURLUPART_FRAGMENT);
		if (!scheme || strcmp(scheme, "https") != 0)
			wrong = "must begin with https://: what decides on policy is not taken from a connection that anybody can change";
		else if (user || query || fragment)
			wrong = "must be https://HOST:PORT, perhaps with a path";
	}
	free(scheme);
	free(user);
	free(query);
	free(fragment);
	curl_url_cleanup(url);
	return wrong;
}
