/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pods that may connect to something and not look up its name.
 */
#ifndef NLCTL_POLICY_NAME_SERVICE_H
#define NLCTL_POLICY_NAME_SERVICE_H

#include "policy/advice.h"

/**
 * advise_name_service() - warn of egress policies that forget DNS
 * @advice: what the warnings are made from
 *
 * A policy with egress rules is warned of when it selects a pod for which no
 * policy accepts port 53 to anything, over UDP as well as TCP. A policy that
 * selects no pod here is judged with those that select all its pods whichever
 * these are. Pods that may connect to nothing have no use for names.
 */
void advise_name_service(const struct advice *advice);

#endif
