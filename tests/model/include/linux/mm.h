/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_MM_H
#define PODWALL_MODEL_LINUX_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#endif
