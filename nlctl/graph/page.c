// SPDX-License-Identifier: GPL-2.0-only
#include "graph/page.h"

#include <stdlib.h>
#include <string.h>

#include "graph/page_parts.h"
/* Made by the Makefile: PAGE_STYLE_HASH and PAGE_SCRIPT_HASH. */
#include "page_hashes.h"
#include "policy/memory.h"

/* The files of this directory as they are, each a string. */
#define EMBED(name, file)                                   \
	__asm__(".pushsection .rodata\n"                    \
		".globl " #name "\n" #name ":\n"            \
		".incbin \"" PAGE_DIRECTORY "/" file "\"\n" \
		".byte 0\n"                                 \
		".popsection\n")

EMBED(page_template, "page.html");
EMBED(page_style, "page.css");
EMBED(page_script, "page.js");

static void print_policy(FILE *stream)
{
	fprintf(stream,
		"default-src 'none'; base-uri 'none'; form-action 'none'; "
		"style-src 'sha256-%s'; script-src 'sha256-%s'",
		PAGE_STYLE_HASH, PAGE_SCRIPT_HASH);
}

static void print_text(const char *text, FILE *stream)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", stream);
			break;
		case '>':
			fputs("&gt;", stream);
			break;
		case '&':
			fputs("&amp;", stream);
			break;
		default:
			fputc(*text, stream);
		}
	}
}

/* Without what makes it a file: a page has its own declarations. */
static void print_picture(const char *svg, const char *why, FILE *stream)
{
	const char *start = svg ? strstr(svg, "<svg") : NULL;

	if (start) {
		fputs(start, stream);
		return;
	}
	fputs("<p class=\"hint\">", stream);
	print_text(why ? why : "There is no picture.", stream);
	fputs("</p>", stream);
}

/* Nothing of it can end the element that it stands in. */
static void print_data(const json_t *document, FILE *stream)
{
	char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS |
						  JSON_ENSURE_ASCII);
	const char *byte;

	for (byte = text; byte && *byte; byte++) {
		if (*byte == '<' || *byte == '>' || *byte == '&')
			fprintf(stream, "\\u%04x", *byte);
		else
			fputc(*byte, stream);
	}
	free(text);
}

static void print_part(const char *name, size_t length, const json_t *document,
		       const char *svg, const char *why, FILE *stream)
{
	if (!strncmp(name, "POLICY", length))
		print_policy(stream);
	else if (!strncmp(name, "STYLE", length))
		fputs(page_style, stream);
	else if (!strncmp(name, "SCRIPT", length))
		fputs(page_script, stream);
	else if (!strncmp(name, "PICTURE", length))
		print_picture(svg, why, stream);
	else if (!strncmp(name, "DATA", length))
		print_data(document, stream);
}

void page_print(const json_t *document, const char *svg, const char *why,
		FILE *stream)
{
	const char *rest = page_template, *mark, *end;

	while ((mark = strstr(rest, "{{"))) {
		fwrite(rest, mark - rest, 1, stream);
		mark += 2;
		end = strstr(mark, "}}");
		print_part(mark, end - mark, document, svg, why, stream);
		rest = end + 2;
	}
	fputs(rest, stream);
}
