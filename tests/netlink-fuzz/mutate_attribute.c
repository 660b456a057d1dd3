// SPDX-License-Identifier: GPL-2.0-only
#include "mutate.h"

/* Nests in nests, more than any parser should follow. */
#define DEPTH_MAX 40

/**
 * struct place - an attribute of a message
 * @list: that holds it
 * @at: where
 * @set: of which its attributes should be
 */
struct place {
	struct list *list;
	unsigned int at;
	const struct grammar_set *set;
};

/* Every attribute is the one with the same chance; repetitions count as one. */
static void pick(struct chance *chance, struct list *list,
		 const struct grammar_set *set, struct place *place,
		 unsigned int *seen)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		if (i && list->items[i] == list->items[i - 1])
			continue;
		if (chance_one_in(chance, ++*seen))
			*place = (struct place){ list, i, set };
		pick(chance, &list->items[i]->children,
		     attribute_inner(list->items[i]), place, seen);
	}
}

static bool any_place(struct chance *chance, struct message *message,
		      struct place *place)
{
	unsigned int seen = 0;

	pick(chance, &message->attributes, message->operation->set, place,
	     &seen);
	return seen;
}

static void repeat(struct chance *chance, struct arena *arena,
		   const struct message *message, const struct place *place)
{
	static const unsigned int many[] = {
		1, 1, 1, 1, 2, 15, 16, 17, 31, 511, 512, 513, 1024, 1025
	};
	unsigned int times = chance_of(chance, many);
	struct list one = { &place->list->items[place->at], 1, 1 };
	size_t size = list_size(&message->attributes);
	size_t more = list_size(&one);

	for (; times && size + more < MESSAGE_SIZE_MAX; size += more, times--)
		list_insert(arena, place->list, place->at,
			    place->list->items[place->at]);
}

static void swap(struct chance *chance, struct list *list, unsigned int at)
{
	unsigned int other = chance_below(chance, list->count);
	struct attribute *attribute = list->items[at];

	list->items[at] = list->items[other];
	list->items[other] = attribute;
}

static void add_unknown(struct chance *chance, struct arena *arena,
			struct list *list, unsigned int at)
{
	static const uint16_t types[] = { 0,	20,    63,    64,    99,   255,
					  1023, 16383, 16384, 32767, 65535 };
	struct attribute *attribute = attribute_new(arena, NULL);

	attribute->type = chance_one_in(chance, 2) ? chance_below(chance, 24) :
						     chance_of(chance, types);
	value_set_edge(arena, chance, attribute);
	list_insert(arena, list, at, attribute);
}

/* Another attribute of the set, which this request perhaps does not take. */
static void add_known(struct chance *chance, struct arena *arena,
		      const struct place *place)
{
	const struct grammar_set *set = place->set;

	if (!set)
		return;
	list_insert(arena, place->list, place->at,
		    generate_attribute(arena, chance,
				       &set->attributes
						[chance_below(chance,
							      set->count)]));
}

static void deepen(struct chance *chance, struct arena *arena,
		   struct attribute *attribute)
{
	unsigned int times = 1 + chance_below(chance, DEPTH_MAX);

	while (times--) {
		struct attribute *inner =
			arena_copy(arena, attribute, sizeof(*attribute));

		attribute->form = FORM_NEST;
		attribute->children = (struct list){};
		list_append(arena, &attribute->children, inner);
	}
}

/* What a nest holds, as bytes; what bytes or a number are, as a nest. */
static void change_form(struct chance *chance, struct arena *arena,
			struct attribute *attribute)
{
	if (attribute->form == FORM_NEST) {
		attribute->children = (struct list){};
		attribute->form = FORM_BYTES;
		value_set_edge(arena, chance, attribute);
		if (attribute->form == FORM_BYTES)
			attribute->flip = chance_one_in(chance, 2);
		return;
	}
	attribute->form = FORM_NEST;
	if (chance_one_in(chance, 2))
		add_unknown(chance, arena, &attribute->children, 0);
}

static void change_bytes(struct chance *chance, struct attribute *attribute)
{
	if (attribute->form != FORM_BYTES || !attribute->size)
		return;
	if (chance_one_in(chance, 3))
		attribute->size = chance_below(chance, attribute->size);
	else
		attribute->bytes[chance_below(chance, attribute->size)] ^=
			1 << chance_below(chance, 8);
}

static void change_value(struct chance *chance, struct arena *arena,
			 struct attribute *attribute)
{
	if (attribute->form == FORM_NEST || !attribute->definition)
		change_form(chance, arena, attribute);
	else if (chance_one_in(chance, 3))
		value_set(arena, chance, attribute);
	else
		value_set_edge(arena, chance, attribute);
}

static void stretch(struct chance *chance, struct attribute *attribute)
{
	static const int lengths[] = { -5, -4, -3, -2,	 -1,	1,    2,
				       3,  4,  8,  1000, 30000, 65535 };

	attribute->stretch = chance_of(chance, lengths);
}

static struct attribute *borrow(struct chance *chance, struct arena *arena,
				const struct message *lender)
{
	struct message *copy = message_copy(arena, lender);
	struct place place;

	return any_place(chance, copy, &place) ? place.list->items[place.at] :
						 NULL;
}

static void change(struct chance *chance, struct arena *arena,
		   const struct message *message, const struct place *place,
		   struct attribute *borrowed)
{
	struct attribute *attribute = place->list->items[place->at];

	switch (chance_below(chance, 24)) {
	case 0:
	case 1:
		list_remove(place->list, place->at);
		break;
	case 2:
		repeat(chance, arena, message, place);
		break;
	case 3:
		swap(chance, place->list, place->at);
		break;
	case 4:
		if (borrowed)
			list_insert(arena, place->list, place->at, borrowed);
		break;
	case 5:
		stretch(chance, attribute);
		break;
	case 6:
		add_unknown(chance, arena, place->list, place->at);
		break;
	case 7:
		attribute->flip = !attribute->flip;
		break;
	case 8:
		if (list_size(&message->attributes) < 4000)
			deepen(chance, arena, attribute);
		break;
	case 9:
		change_form(chance, arena, attribute);
		break;
	case 10:
	case 11:
		change_bytes(chance, attribute);
		break;
	case 12:
	case 13:
	case 14:
		add_known(chance, arena, place);
		break;
	default:
		change_value(chance, arena, attribute);
	}
}

void mutate_message(struct chance *chance, struct arena *arena,
		    struct message *message, const struct message *lender)
{
	struct attribute *borrowed = borrow(chance, arena, lender);
	struct place place;

	if (list_size(&message->attributes) > MESSAGE_SIZE_MAX)
		message->attributes.count /= 2;
	if (any_place(chance, message, &place))
		change(chance, arena, message, &place, borrowed);
	else
		add_known(chance, arena,
			  &(struct place){ &message->attributes, 0,
					   message->operation->set });
}
