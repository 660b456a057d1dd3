/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_STRING_H
#define PODWALL_MODEL_LINUX_STRING_H

#include <string.h>

#include <linux/slab.h>
#include <linux/types.h>

ssize_t kernel_strscpy(char *to, const char *from, size_t size);

#define strscpy(to, from, size) kernel_strscpy(to, from, size)

#endif
