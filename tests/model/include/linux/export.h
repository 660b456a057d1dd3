/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_EXPORT_H
#define PODWALL_MODEL_LINUX_EXPORT_H

#define EXPORT_SYMBOL(name) _Static_assert(1, #name)
#define EXPORT_SYMBOL_GPL(name) EXPORT_SYMBOL(name)

#endif
