// SPDX-License-Identifier: GPL-2.0-only
#include "generate.h"

#include <string.h>

/**
 * struct maker - what a message is being made with
 * @arena: of the program
 * @chance: of the fuzzer
 * @operation: that it is for, or NULL
 * @outer: the block that those which are made next should lie in, or NULL
 */
struct maker {
	struct arena *arena;
	struct chance *chance;
	const struct grammar_operation *operation;
	const struct network *outer;
};

/* Of the sense that attributes make together, what no schema can say. */
static const struct consequence {
	const char *set, *name, *entry, *then;
	uint64_t value;
} consequences[] = {
	{ "rule", "tier", "policy", "action", 1 },
	{ "rule", "tier", "policy", "priority", 0 },
};

static struct attribute *find(const struct list *list, const char *name)
{
	unsigned int i;

	for (i = 0; name && i < list->count; i++)
		if (list->items[i]->definition &&
		    !strcmp(list->items[i]->definition->name, name))
			return list->items[i];
	return NULL;
}

static bool has(const struct list *list, const char *name)
{
	return find(list, name);
}

static void fill(struct maker *maker, struct list *list,
		 const struct grammar_set *set, bool top, const char *without);

static struct attribute *make(struct maker *maker,
			      const struct grammar_attribute *definition)
{
	struct attribute *attribute = attribute_new(maker->arena, definition);

	if (definition->type == TYPE_NEST) {
		attribute->form = FORM_NEST;
		fill(maker, &attribute->children, definition->nested, false,
		     definition->without);
	} else {
		value_set(maker->arena, maker->chance, attribute);
	}
	return attribute;
}

/* A number of how many, as they are sent. */
static uint64_t number_of(const struct attribute *attribute, const char *name)
{
	const struct attribute *found = find(&attribute->children, name);

	return found && found->form == FORM_NUMBER ? found->number : 0;
}

static bool comes_before(const struct grammar_attribute *definition,
			 const struct attribute *one,
			 const struct attribute *other)
{
	int i;

	for (i = 0; i < 2; i++) {
		uint64_t mine = number_of(one, definition->order[i]);
		uint64_t others = number_of(other, definition->order[i]);

		if (mine != others)
			return mine < others;
	}
	return false;
}

static void add(struct maker *maker, struct list *list,
		struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	unsigned int at = list->count;

	if (definition->order[0] && !chance_one_in(maker->chance, 30))
		while (at && list->items[at - 1]->definition == definition &&
		       comes_before(definition, attribute, list->items[at - 1]))
			at--;
	list_insert(maker->arena, list, at, attribute);
}

static unsigned int how_many(struct maker *maker)
{
	if (chance_one_in(maker->chance, 60))
		return 8 + chance_below(maker->chance, 30);
	return !chance_one_in(maker->chance, 40) +
	       chance_below(maker->chance, 3);
}

/* Whether an attribute that fits is there. */
static bool wants(struct maker *maker, const struct list *list,
		  const struct grammar_attribute *definition, bool top,
		  bool sparse)
{
	struct chance *chance = maker->chance;

	if (definition->excludes && has(list, definition->excludes))
		return chance_one_in(chance, 60);
	if (definition->requires)
		return has(list, definition->requires) !=
		       chance_one_in(chance, 60);
	switch (definition->type) {
	case TYPE_FLAG:
		/* Without it, a rule of the policy tier is refused. */
		if (!strncmp(definition->name, "isol", 4))
			return !chance_one_in(chance, 5);
		return chance_one_in(chance, 3);
	case TYPE_PAD:
		return false;
	case TYPE_STRING:
	case TYPE_NEST:
		return !chance_one_in(chance, 120);
	default:
		if (sparse)
			return chance_one_in(chance, 8);
		if (definition->type == TYPE_U64)
			return chance_one_in(chance, 2);
		/* The first one is the id, in a set of many. */
		if (definition->number == 1 || definition->entry_count)
			return !chance_one_in(chance, 150);
		/* Most of a nest is needed, and one refusal ends it all. */
		return !chance_one_in(chance, top ? 10 : 150);
	}
}

static void set_network(struct maker *maker, struct list *list,
			const struct grammar_set *set,
			enum grammar_address family)
{
	const struct network *network =
		value_network(maker->chance, family, maker->outer);
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		struct attribute *attribute;

		if (set->attributes[i].address &&
		    set->attributes[i].address != family)
			continue;
		attribute = attribute_new(maker->arena, &set->attributes[i]);
		attribute->form = FORM_NUMBER;
		attribute->number = network->length;
		if (set->attributes[i].address)
			value_set_address(maker->arena, attribute,
					  network->base);
		list_append(maker->arena, list, attribute);
	}
	/* Exceptions come after the block they are of. */
	if (!maker->outer)
		maker->outer = network;
}

static void set_consequences(const struct grammar_set *set, struct list *list)
{
	size_t i;

	for (i = 0; i < sizeof(consequences) / sizeof(*consequences); i++) {
		const struct consequence *one = &consequences[i];
		struct attribute *cause = find(list, one->name);
		struct attribute *then = find(list, one->then);
		const struct grammar_entry *entry;

		if (strcmp(set->name, one->set) || !cause || !then)
			continue;
		for (entry = cause->definition->entries;
		     entry->value != cause->number; entry++)
			;
		if (!strcmp(entry->name, one->entry))
			then->number = one->value;
	}
}

/* The numbers of a pair come in order, and ids go with directions. */
static void set_order(struct list *list)
{
	struct attribute *first = find(list, "first"),
			 *last = find(list, "last");
	struct attribute *id = find(list, "id");
	struct attribute *direction = find(list, "direction");

	if (first && last && first->number > last->number) {
		uint64_t number = first->number;

		first->number = last->number;
		last->number = number;
	}
	if (id && direction)
		direction->number = id->number % 2 ? 1 : 2;
}

/* What continues an object has neither name nor kind. */
static void strip_append(struct list *list)
{
	unsigned int i;

	for (i = list->count; i-- > 1;)
		if (!list->items[i]->definition->multi &&
		    strcmp(list->items[i]->definition->name, "append"))
			list_remove(list, i);
}

/* A nested set of nothing but amounts: most stay as they are. */
static bool is_sparse(const struct grammar_set *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->attributes[i].type != TYPE_PAD &&
		    (!grammar_width(set->attributes[i].type) ||
		     set->attributes[i].entry_count ||
		     set->attributes[i].least))
			return false;
	return set->count > 6;
}

static void fill(struct maker *maker, struct list *list,
		 const struct grammar_set *set, bool top, const char *without)
{
	struct chance *chance = maker->chance;
	const enum grammar_address family =
		chance_one_in(chance, 3) ? ADDRESS_IPV6 : ADDRESS_IPV4;
	const bool sparse = is_sparse(set);
	unsigned int i, times;

	if (grammar_find_attribute(set, "prefix-length", 13)) {
		set_network(maker, list, set,
			    maker->outer ? maker->outer->family : family);
		return;
	}
	for (i = 0; i < set->count; i++) {
		const struct grammar_attribute *definition =
			&set->attributes[i];

		if (top ? !grammar_takes(maker->operation, definition) :
			  definition->listed)
			continue;
		if (definition->address && definition->address != family)
			continue;
		if (without && !strcmp(definition->name, without) &&
		    !chance_one_in(chance, 60))
			continue;
		/* What goes is named, not told. */
		if (!top && maker->operation && !definition->address &&
		    grammar_ends(maker->operation->name, "-del"))
			continue;
		if (!wants(maker, list, definition, top, sparse))
			continue;
		times = definition->multi ? how_many(maker) : 1;
		/* Of a few networks, two often overlap. */
		if (times > 1 && maker->outer && !chance_one_in(chance, 8))
			times = 1;
		while (times--)
			add(maker, list, make(maker, definition));
	}
	if (!chance_one_in(chance, 40)) {
		set_consequences(set, list);
		set_order(list);
	}
	if (has(list, "append") && !chance_one_in(chance, 20))
		strip_append(list);
	if (set->count <= 2 || top)
		maker->outer = NULL;
}

void generate_number(struct message *message, uint64_t id)
{
	struct attribute *attribute = find(&message->attributes, "id");

	if (!attribute)
		return;
	attribute->number = id;
	set_order(&message->attributes);
}

struct attribute *generate_attribute(struct arena *arena, struct chance *chance,
				     const struct grammar_attribute *definition)
{
	struct maker maker = { .arena = arena, .chance = chance };

	return make(&maker, definition);
}

struct message *generate_message(struct arena *arena, struct chance *chance,
				 unsigned int socket,
				 const struct grammar_operation *operation)
{
	struct message *message = message_new(arena, socket, operation);
	struct maker maker = { arena, chance, operation, NULL };

	fill(&maker, &message->attributes, operation->set, true, NULL);
	message->sends = chance_one_in(chance, 8);
	if (operation->dumps && chance_one_in(chance, 4))
		message->leaves = true;
	return message;
}
