/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A filter of events as the options of a command line have it.
 */
#ifndef NLCTL_FILTER_OPTION_H
#define NLCTL_FILTER_OPTION_H

#include "filter.h"
#include "nlctl.h"

/**
 * enum filter_option - what an event may have to fit
 * @FILTER_POD: a pod, --pod
 * @FILTER_NAMESPACE: a namespace, --namespace
 * @FILTER_DIRECTION: a direction, --direction
 * @FILTER_REASON: a reason, --reason
 * @FILTER_POLICY: a part of the name of a policy, --policy
 */
enum filter_option {
	FILTER_POD,
	FILTER_NAMESPACE,
	FILTER_DIRECTION,
	FILTER_REASON,
	FILTER_POLICY,
};

/**
 * filter_take() - want what an option says
 * @nlctl: the context
 * @filter: the filter
 * @option: the option
 * @value: its argument; has to live as long as the filter
 *
 * Return: false after a message.
 */
bool filter_take(const struct nlctl *nlctl, struct filter *filter,
		 enum filter_option option, const char *value);

/**
 * filter_check() - whether some event can pass
 * @nlctl: the context
 * @filter: the filter
 * @accepted: accepted connections are told of, too
 *
 * Return: false after a message.
 */
bool filter_check(const struct nlctl *nlctl, const struct filter *filter,
		  bool accepted);

#endif
