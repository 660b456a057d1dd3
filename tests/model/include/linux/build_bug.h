/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_BUILD_BUG_H
#define PODWALL_MODEL_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define BUILD_BUG_ON_MSG(condition, text) _Static_assert(!(condition), text)
#ifndef static_assert
#define static_assert(condition, ...) _Static_assert(condition, "" __VA_ARGS__)
#endif

#endif
