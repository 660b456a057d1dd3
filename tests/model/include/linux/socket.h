/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_SOCKET_H
#define PODWALL_MODEL_LINUX_SOCKET_H

#include <sys/socket.h>

#endif
