/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_KCONFIG_H
#define PODWALL_MODEL_LINUX_KCONFIG_H

#define CONFIG_64BIT 1
#define CONFIG_SMP 1

/* An option that is set pushes the 1 to the second place. */
#define KCONFIG_SHIFT_1 0,
#define KCONFIG_SECOND(first, second, ...) second
#define KCONFIG_PICK(shift) KCONFIG_SECOND(shift 1, 0, 0)
#define KCONFIG_EXPANDED(value) KCONFIG_PICK(KCONFIG_SHIFT_##value)
#define IS_ENABLED(option) KCONFIG_EXPANDED(option)
#define IS_BUILTIN(option) IS_ENABLED(option)

#endif
