/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_INIT_H
#define PODWALL_MODEL_LINUX_INIT_H

#include <linux/compiler.h>

#endif
