/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_RCUPDATE_H
#define PODWALL_MODEL_LINUX_RCUPDATE_H

#include <linux/bug.h>
#include <linux/container_of.h>
#include <linux/types.h>

/* A grace period ends when kernel_grace_period() says so. */
void rcu_read_lock(void);
void rcu_read_unlock(void);
bool rcu_read_lock_held(void);
void call_rcu(struct rcu_head *head, rcu_callback_t callback);
void kernel_free_rcu(struct rcu_head *head, const void *block);
void synchronize_rcu(void);
void rcu_barrier(void);
unsigned long get_state_synchronize_rcu(void);
unsigned long start_poll_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long state);
void cond_synchronize_rcu(unsigned long state);

#define kfree_rcu(pointer, member) kernel_free_rcu(&(pointer)->member, pointer)
#define kvfree_rcu(pointer, member) kfree_rcu(pointer, member)

#define rcu_dereference_check(p, condition)                    \
	({                                                     \
		BUG_ON(!(condition) && !rcu_read_lock_held()); \
		READ_ONCE(p);                                  \
	})
#define rcu_dereference(p) rcu_dereference_check(p, false)
#define rcu_dereference_protected(p, condition) \
	rcu_dereference_check(p, condition)
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, value) smp_store_release(&(p), value)
#define RCU_INIT_POINTER(p, value) WRITE_ONCE(p, value)
#define rcu_replace_pointer(p, value, condition)                 \
	({                                                       \
		__typeof__(p) replaced_ =                        \
			rcu_dereference_protected(p, condition); \
		rcu_assign_pointer(p, value);                    \
		replaced_;                                       \
	})

#endif
