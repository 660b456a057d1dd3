/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The node's interfaces.
 */
#ifndef NLCTL_CNI_LINK_H
#define NLCTL_CNI_LINK_H

#include <stdbool.h>

/**
 * link_is_bridge() - whether an interface is known to be a bridge
 * @name: of an interface of this network namespace
 */
bool link_is_bridge(const char *name);

#endif
