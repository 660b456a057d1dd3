/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_WORKQUEUE_H
#define PODWALL_MODEL_LINUX_WORKQUEUE_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct work_struct;
struct workqueue_struct;

typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
	bool pending;
};

struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
	struct workqueue_struct *wq;
};

#define WQ_UNBOUND 1u
#define WQ_MEM_RECLAIM 2u

#define INIT_WORK(item, function)               \
	do {                                    \
		INIT_LIST_HEAD(&(item)->entry); \
		(item)->func = (function);      \
		(item)->pending = false;        \
	} while (0)
#define INIT_RCU_WORK(item, function) INIT_WORK(&(item)->work, function)

static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}

__printf(1, 4) struct workqueue_struct *alloc_workqueue(const char *format,
							unsigned int flags,
							int max_active, ...);
void destroy_workqueue(struct workqueue_struct *queue);
bool queue_work(struct workqueue_struct *queue, struct work_struct *work);
bool queue_rcu_work(struct workqueue_struct *queue, struct rcu_work *work);
void flush_workqueue(struct workqueue_struct *queue);

#endif
