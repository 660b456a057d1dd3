/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_POOL_H
#define PODWALL_MODEL_POOL_H

#include <stdarg.h>

#include <linux/types.h>

/* Memory that lives until the end of a round, and lists made of it. */

/** struct list - pointers to what somebody else keeps */
struct list {
	void **items;
	u32 count;
	u32 room;
};

#define for_each(item, list)                                               \
	for (u32 item##_at = 0; item##_at < (list)->count &&               \
				((item) = (list)->items[item##_at], true); \
	     item##_at++)

void *pool_zalloc(size_t size);
char *pool_printf(const char *format, ...)
	__attribute__((__format__(printf, 1, 2)));
void pool_release(void);

void list_append(struct list *list, void *item);
void list_insert(struct list *list, u32 at, void *item);
void list_remove(struct list *list, u32 at);
struct list list_copy(const struct list *list);

#endif
