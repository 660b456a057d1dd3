/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_SCHED_SIGNAL_H
#define PODWALL_MODEL_LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

#endif
