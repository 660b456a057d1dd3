/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_MUTEX_H
#define PODWALL_MODEL_LINUX_MUTEX_H

#include <linux/bug.h>
#include <linux/types.h>

/** struct mutex - one thread that would wait for itself is found out */
struct mutex {
	bool held;
};

#define DEFINE_MUTEX(name) struct mutex name

static inline void mutex_init(struct mutex *mutex)
{
	mutex->held = false;
}

static inline void mutex_destroy(struct mutex *mutex)
{
	BUG_ON(mutex->held);
}

static inline void mutex_lock(struct mutex *mutex)
{
	BUG_ON(mutex->held);
	mutex->held = true;
}

static inline void mutex_unlock(struct mutex *mutex)
{
	BUG_ON(!mutex->held);
	mutex->held = false;
}

#endif
