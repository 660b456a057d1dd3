/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_SCHED_H
#define PODWALL_MODEL_LINUX_SCHED_H

#include <linux/types.h>

struct task_struct;

#define current ((struct task_struct *)NULL)
#define cond_resched() ((void)0)

bool fatal_signal_pending(struct task_struct *task);

#endif
