/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_IF_H
#define PODWALL_MODEL_LINUX_IF_H

#include <net/if.h>

#endif
