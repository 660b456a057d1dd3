/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_MODULE_H
#define PODWALL_MODEL_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>

#define THIS_MODULE NULL
#define MODULE_AUTHOR(text) _Static_assert(1, text)
#define MODULE_DESCRIPTION(text) _Static_assert(1, text)
#define MODULE_LICENSE(text) _Static_assert(1, text)

#endif
