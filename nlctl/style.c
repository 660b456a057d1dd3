// SPDX-License-Identifier: GPL-2.0-only
#include "style.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const sequences[] = {
	[STYLE_PLAIN] = "",	    [STYLE_ACCEPT] = "\033[32m",
	[STYLE_DENY] = "\033[31m",  [STYLE_WARN] = "\033[33m",
	[STYLE_STRONG] = "\033[1m", [STYLE_FAINT] = "\033[2m",
};

static bool has_colours(void)
{
	const char *none = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return (!none || !*none) && terminal && strcmp(terminal, "dumb") &&
	       isatty(STDOUT_FILENO);
}

const char *style_begin(enum style style)
{
	return has_colours() ? sequences[style] : "";
}

const char *style_end(void)
{
	return has_colours() ? "\033[0m" : "";
}
