/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_STDARG_H
#define PODWALL_MODEL_LINUX_STDARG_H

#include <stdarg.h>

#endif
