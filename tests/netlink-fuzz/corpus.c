// SPDX-License-Identifier: GPL-2.0-only
#include "corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

static void give_up(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

void corpus_add(struct corpus *corpus, struct program *program,
		const struct points *points)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (corpus->count == corpus->room) {
		corpus->room = corpus->room * 2 + 64;
		corpus->entries =
			realloc(corpus->entries,
				corpus->room * sizeof(*corpus->entries));
	}
	if (!entry || !corpus->entries)
		give_up("corpus", "out of memory");
	entry->program = *program;
	entry->points = *points;
	*program = (struct program){};
	corpus->entries[corpus->count++] = entry;
}

static char *read_whole(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!in)
		give_up(path, "cannot be opened");
	/* No program holds a NUL, so this is all of it. */
	if (getdelim(&text, &room, '\0', in) < 0)
		give_up(path, "is empty");
	fclose(in);
	return text;
}

void corpus_read_file(struct corpus *corpus, const char *path)
{
	static const struct points none;
	char *text = read_whole(path);
	struct program program;
	const char *wrong;

	if (!text_read(text, &program, &wrong))
		give_up(path, wrong);
	if (!program.count)
		give_up(path, "holds no message");
	corpus_add(corpus, &program, &none);
	free(text);
}

static int is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void corpus_read(struct corpus *corpus, const char *directory)
{
	struct dirent **names;
	int i, count = scandir(directory, &names, is_seed, alphasort);
	char path[4096];

	if (count < 0)
		give_up(directory, "cannot be listed");
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory,
			 names[i]->d_name);
		corpus_read_file(corpus, path);
		free(names[i]);
	}
	free(names);
}

void corpus_free(struct corpus *corpus)
{
	while (corpus->count) {
		struct entry *entry = corpus->entries[--corpus->count];

		program_free(&entry->program);
		free(entry);
	}
	free(corpus->entries);
	*corpus = (struct corpus){};
}
