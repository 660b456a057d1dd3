/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_LIST_H
#define PODWALL_MODEL_LINUX_LIST_H

#include <linux/container_of.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name)     \
	{                        \
		&(name), &(name) \
	}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void kernel_list_link(struct list_head *entry,
				    struct list_head *before,
				    struct list_head *after)
{
	entry->prev = before;
	entry->next = after;
	before->next = entry;
	after->prev = entry;
}

static inline void list_add(struct list_head *entry, struct list_head *list)
{
	kernel_list_link(entry, list, list->next);
}

static inline void list_add_tail(struct list_head *entry,
				 struct list_head *list)
{
	kernel_list_link(entry, list->prev, list);
}

static inline void list_del_init(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	INIT_LIST_HEAD(entry);
}

/* Whoever goes on with a deleted entry crashes. */
static inline void list_del(struct list_head *entry)
{
	list_del_init(entry);
	entry->next = NULL;
	entry->prev = NULL;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(list, type, member) \
	list_entry((list)->next, type, member)
#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : list_first_entry(list, type, member))
#define list_next_entry(entry, member) \
	list_entry((entry)->member.next, __typeof__(*(entry)), member)
#define list_for_each_entry(entry, list, member)                         \
	for (entry = list_first_entry(list, __typeof__(*entry), member); \
	     &entry->member != (list); entry = list_next_entry(entry, member))
#define list_for_each_entry_safe(entry, following, list, member)         \
	for (entry = list_first_entry(list, __typeof__(*entry), member), \
	    following = list_next_entry(entry, member);                  \
	     &entry->member != (list); entry = following,                \
	    following = list_next_entry(following, member))

#define HLIST_HEAD_INIT       \
	{                     \
		.first = NULL \
	}
#define INIT_HLIST_HEAD(list) ((list)->first = NULL)

static inline bool hlist_empty(const struct hlist_head *list)
{
	return !list->first;
}

static inline void hlist_add_head(struct hlist_node *entry,
				  struct hlist_head *list)
{
	entry->next = list->first;
	if (entry->next)
		entry->next->pprev = &entry->next;
	entry->pprev = &list->first;
	list->first = entry;
}

static inline void hlist_del(struct hlist_node *entry)
{
	*entry->pprev = entry->next;
	if (entry->next)
		entry->next->pprev = entry->pprev;
	entry->next = NULL;
	entry->pprev = NULL;
}

#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member)                  \
	({                                                       \
		__typeof__(pointer) node_ = (pointer);           \
		node_ ? hlist_entry(node_, type, member) : NULL; \
	})
#define hlist_for_each_entry(entry, list, member)                        \
	for (entry = hlist_entry_safe((list)->first, __typeof__(*entry), \
				      member);                           \
	     entry; entry = hlist_entry_safe(entry->member.next,         \
					     __typeof__(*entry), member))
#define hlist_for_each_entry_safe(entry, following, list, member)        \
	for (entry = hlist_entry_safe((list)->first, __typeof__(*entry), \
				      member);                           \
	     entry && ((following = entry->member.next), true);          \
	     entry = hlist_entry_safe(following, __typeof__(*entry), member))

#endif
