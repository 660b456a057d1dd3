// SPDX-License-Identifier: GPL-2.0-only
#include "policy/document.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "policy/json_reader.h"
#include "policy/memory.h"
#include "policy/yaml_reader.h"

static bool refuse(struct problems *problems, const struct place *place,
		   const char *text)
{
	problem_add(problems, SEVERITY_ERROR, place, NULL, NULL, "%s", text);
	return false;
}

static const char *keep_name(struct documents *documents, const char *name)
{
	char **file = array_add(documents->files, documents->file_count);

	*file = xstrdup(name);
	return *file;
}

/* The kind of the items of a list that is not a plain List: "Pod" for
 * "PodList". The caller frees it.
 */
static char *item_kind(const char *kind)
{
	size_t length = strlen(kind);

	if (length <= strlen("List") ||
	    strcmp(kind + length - strlen("List"), "List"))
		return NULL;
	return strndup(kind, length - strlen("List"));
}

/* NULL for what is not a text, and for one that a NUL would cut. */
static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : NULL;
}

static char *optional_copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

/**
 * add_object() - append an object, or the items of a list
 * @documents: the list to append to
 * @root: what was read
 * @place: its file and document, with the line of @root or 0
 * @api_version: to use when @root has none, or NULL
 * @kind: to use when @root has none, or NULL
 * @path: of @root in its document
 * @problems: receives what is wrong
 */
static bool add_object(struct documents *documents, json_t *root,
		       const struct place *place, const char *api_version,
		       const char *kind, const char *path,
		       struct problems *problems)
{
	json_t *items, *item, *value;
	struct document *document;
	bool fine = true;
	char *of_items;
	size_t i;

	if (!json_is_object(root))
		return refuse(
			problems, place,
			"not a Kubernetes object: it has no apiVersion, kind and metadata");
	value = json_object_get(root, "apiVersion");
	if (json_is_string(value))
		api_version = text_of(value);
	value = json_object_get(root, "kind");
	if (json_is_string(value))
		kind = text_of(value);

	items = json_object_get(root, "items");
	of_items = kind ? item_kind(kind) : NULL;
	if (!kind || (strcmp(kind, "List") && !(of_items && items))) {
		document = array_add(documents->list, documents->count);
		document->root = json_incref(root);
		document->api_version = optional_copy(api_version);
		document->kind = optional_copy(kind);
		document->file = place->file;
		document->number = place->document;
		document->path = xstrdup(path);
		free(of_items);
		return true;
	}

	if (items && !json_is_array(items) && !json_is_null(items))
		fine = refuse(problems, place,
			      "the items of a List must be a list");
	json_array_foreach(items, i, item) {
		char *item_path = xasprintf("%sitems[%zu].", path, i);
		struct place item_place = *place;

		item_place.line = lines_of_index(&documents->lines, items, i);
		if (!add_object(documents, item, &item_place,
				of_items ? api_version : NULL, of_items,
				item_path, problems))
			fine = false;
		free(item_path);
	}
	free(of_items);
	return fine;
}

static bool add_trees(struct documents *documents, const char *file,
		      size_t first, struct problems *problems)
{
	bool fine = true;
	size_t i;

	for (i = first; i < documents->tree_count; i++) {
		struct tree *tree = &documents->trees[i];
		struct place place = {
			.file = file,
			.line = tree->line,
			.document = tree->number,
		};

		if (!add_object(documents, tree->root, &place, NULL, NULL, "",
				problems))
			fine = false;
	}
	return fine;
}

static bool is_json(const char *name)
{
	return !fnmatch("*.json", name, 0);
}

static bool read_as(struct documents *documents, const char *file,
		    const char *text, size_t length, bool json,
		    struct problems *problems)
{
	return (json ? json_read : yaml_read)(file, text, length,
					      &documents->trees,
					      &documents->tree_count,
					      &documents->lines, problems);
}

static void drop_trees(struct documents *documents, size_t count)
{
	while (documents->tree_count > count)
		json_decref(documents->trees[--documents->tree_count].root);
}

/* JSON that is wrong is most often wrong YAML too, whose words for it help
 * nobody.
 */
static bool read_either(struct documents *documents, const char *file,
			const char *text, size_t length,
			struct problems *problems)
{
	struct problems of_json = {}, of_yaml = {};
	size_t count = documents->tree_count;
	bool fine;

	fine = read_as(documents, file, text, length, true, &of_json);
	if (!fine) {
		drop_trees(documents, count);
		fine = read_as(documents, file, text, length, false, &of_yaml);
	}
	if (!fine) {
		drop_trees(documents, count);
		problems_move(problems, &of_json);
	}
	problems_clear(&of_yaml);
	problems_clear(&of_json);
	return fine;
}

static bool read_text(struct documents *documents, const char *file,
		      const char *text, size_t length,
		      struct problems *problems)
{
	size_t space = 0;

	if (is_json(file))
		return read_as(documents, file, text, length, true, problems);

	while (space < length && text[space] && strchr(" \t\r\n", text[space]))
		space++;
	if (space < length && (text[space] == '{' || text[space] == '['))
		return read_either(documents, file, text, length, problems);
	return read_as(documents, file, text, length, false, problems);
}

bool documents_parse(struct documents *documents, const char *name,
		     const char *text, size_t length, struct problems *problems)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	const char *file = keep_name(documents, name);
	size_t skip = strlen(byte_order_mark), first = documents->tree_count;
	bool fine;

	if (length >= skip && !memcmp(text, byte_order_mark, skip)) {
		text += skip;
		length -= skip;
	}
	fine = read_text(documents, file, text, length, problems);
	return add_trees(documents, file, first, problems) && fine;
}

/* All that a stream holds. NULL after a problem, else the caller frees it. */
static char *read_stream(FILE *stream, const char *name, size_t *length,
			 struct problems *problems)
{
	struct place place = { .file = name };
	size_t room = 65536, used = 0;
	char *text = xreallocarray(NULL, room, 1);

	for (;;) {
		used += fread(text + used, 1, room - used, stream);
		if (used < room || used > DOCUMENT_SIZE_MAX)
			break;
		room *= 2;
		text = xreallocarray(text, room, 1);
	}
	if (ferror(stream)) {
		problem_add(problems, SEVERITY_ERROR, &place, NULL, NULL,
			    "cannot read: %s", strerror(errno));
	} else if (used > DOCUMENT_SIZE_MAX) {
		problem_add(problems, SEVERITY_ERROR, &place, NULL, NULL,
			    "larger than %zu MiB; split it",
			    DOCUMENT_SIZE_MAX >> 20);
	} else {
		*length = used;
		return text;
	}
	free(text);
	return NULL;
}

static bool read_stream_as(struct documents *documents, const char *name,
			   FILE *stream, struct problems *problems)
{
	size_t length;
	bool fine;
	char *text;

	text = read_stream(stream, name, &length, problems);
	if (!text)
		return false;
	fine = documents_parse(documents, name, text, length, problems);
	free(text);
	return fine;
}

static bool read_file(struct documents *documents, const char *path,
		      struct problems *problems)
{
	struct place place = { .file = path };
	FILE *stream = fopen(path, "re");
	bool fine;

	if (!stream) {
		problem_add(problems, SEVERITY_ERROR, &place, NULL, NULL,
			    "cannot open: %s", strerror(errno));
		return false;
	}
	fine = read_stream_as(documents, path, stream, problems);
	fclose(stream);
	return fine;
}

static int is_manifest(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       (!fnmatch("*.yaml", entry->d_name, 0) ||
		!fnmatch("*.yml", entry->d_name, 0) || is_json(entry->d_name));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool read_directory(struct documents *documents, const char *path,
			   struct problems *problems)
{
	struct place place = { .file = path };
	struct dirent **entries;
	int count, i;
	bool fine = true;

	count = scandir(path, &entries, is_manifest, by_name);
	if (count < 0) {
		problem_add(problems, SEVERITY_ERROR, &place, NULL, NULL,
			    "cannot list the directory: %s", strerror(errno));
		return false;
	}
	if (!count)
		problem_add(problems, SEVERITY_WARNING, &place, NULL, NULL,
			    "no *.yaml, *.yml or *.json in this directory");
	for (i = 0; i < count; i++) {
		char *file = xasprintf("%s/%s", path, entries[i]->d_name);

		if (!read_file(documents, file, problems))
			fine = false;
		free(file);
		free(entries[i]);
	}
	free(entries);
	return fine;
}

bool documents_read(struct documents *documents, const char *path,
		    struct problems *problems)
{
	struct stat status;

	if (!strcmp(path, "-"))
		return read_stream_as(documents, "<stdin>", stdin, problems);
	if (!stat(path, &status) && S_ISDIR(status.st_mode))
		return read_directory(documents, path, problems);
	return read_file(documents, path, problems);
}

void documents_clear(struct documents *documents)
{
	size_t i;

	for (i = 0; i < documents->count; i++) {
		json_decref(documents->list[i].root);
		free(documents->list[i].api_version);
		free(documents->list[i].kind);
		free(documents->list[i].path);
	}
	for (i = 0; i < documents->tree_count; i++)
		json_decref(documents->trees[i].root);
	for (i = 0; i < documents->file_count; i++)
		free(documents->files[i]);
	free(documents->list);
	free(documents->trees);
	free(documents->files);
	lines_clear(&documents->lines);
	*documents = (struct documents){};
}
