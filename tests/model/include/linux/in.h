/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_IN_H
#define PODWALL_MODEL_LINUX_IN_H

#include <netinet/in.h>

#endif
