// SPDX-License-Identifier: GPL-2.0-only

#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "kernel.h"

/** struct workqueue_struct - work that waits for kernel_grace_period() */
struct workqueue_struct {
	struct list_head works;
	struct list_head queues;
};

static LIST_HEAD(queues);
static struct rcu_head *callbacks;
static struct rcu_head **callbacks_end = &callbacks;
static unsigned long grace_periods;
static unsigned int readers;
static u64 until_signal;
static bool signal_seen;

void rcu_read_lock(void)
{
	readers++;
}

void rcu_read_unlock(void)
{
	BUG_ON(!readers);
	readers--;
}

bool rcu_read_lock_held(void)
{
	return readers;
}

void call_rcu(struct rcu_head *head, rcu_callback_t callback)
{
	head->func = callback;
	head->next = NULL;
	*callbacks_end = head;
	callbacks_end = &head->next;
}

/* The block follows its head in memory by less than a page, to be told apart. */
void kernel_free_rcu(struct rcu_head *head, const void *block)
{
	size_t offset = (const char *)head - (const char *)block;

	BUG_ON(offset >= PAGE_SIZE);
	call_rcu(head, (rcu_callback_t)offset);
}

static void run_callbacks(void)
{
	struct rcu_head *head = callbacks, *next;

	callbacks = NULL;
	callbacks_end = &callbacks;
	grace_periods++;
	for (; head; head = next) {
		next = head->next;
		if ((size_t)head->func < PAGE_SIZE)
			kvfree((char *)head - (size_t)head->func);
		else
			head->func(head);
	}
}

void flush_workqueue(struct workqueue_struct *queue)
{
	while (!list_empty(&queue->works)) {
		struct work_struct *work = list_first_entry(&queue->works,
							    struct work_struct,
							    entry);

		/* The function may free it, or queue it anew. */
		list_del_init(&work->entry);
		work->pending = false;
		work->func(work);
	}
}

/**
 * kernel_grace_period - let every reader end, and run all that waited for it
 *
 * Also what that queues in turn.
 */
void kernel_grace_period(void)
{
	struct workqueue_struct *queue;

	BUG_ON(readers);
	do {
		run_callbacks();
		list_for_each_entry(queue, &queues, queues)
			flush_workqueue(queue);
	} while (callbacks);
}

void synchronize_rcu(void)
{
	BUG_ON(readers);
	run_callbacks();
}

void rcu_barrier(void)
{
	synchronize_rcu();
}

unsigned long get_state_synchronize_rcu(void)
{
	return grace_periods + 1;
}

unsigned long start_poll_synchronize_rcu(void)
{
	return get_state_synchronize_rcu();
}

bool poll_state_synchronize_rcu(unsigned long state)
{
	return (long)(grace_periods - state) >= 0;
}

void cond_synchronize_rcu(unsigned long state)
{
	if (!poll_state_synchronize_rcu(state))
		synchronize_rcu();
}

struct workqueue_struct *alloc_workqueue(const char *format, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	(void)format;
	(void)flags;
	(void)max_active;
	if (!queue)
		return NULL;
	INIT_LIST_HEAD(&queue->works);
	list_add_tail(&queue->queues, &queues);
	return queue;
}

/* Runs what is queued; what is still in its grace period would come too late. */
void destroy_workqueue(struct workqueue_struct *queue)
{
	flush_workqueue(queue);
	list_del(&queue->queues);
	kfree(queue);
}

bool queue_work(struct workqueue_struct *queue, struct work_struct *work)
{
	if (work->pending)
		return false;
	work->pending = true;
	list_add_tail(&work->entry, &queue->works);
	return true;
}

static void queue_after_grace_period(struct rcu_head *head)
{
	struct rcu_work *work = container_of(head, struct rcu_work, rcu);

	list_add_tail(&work->work.entry, &work->wq->works);
}

bool queue_rcu_work(struct workqueue_struct *queue, struct rcu_work *work)
{
	if (work->work.pending)
		return false;
	work->work.pending = true;
	work->wq = queue;
	call_rcu(&work->rcu, queue_after_grace_period);
	return true;
}

/* Let the writer be killed where it looks for the number-th time; 0 never. */
void kernel_fatal_signal(u64 number)
{
	until_signal = number;
	signal_seen = false;
}

/* Whether it has looked so often. */
bool kernel_signal_seen(void)
{
	return signal_seen;
}

/* A fatal signal stays pending. */
bool fatal_signal_pending(struct task_struct *task)
{
	(void)task;
	if (until_signal > 1) {
		until_signal--;
		return false;
	}
	signal_seen = until_signal;
	return signal_seen;
}
