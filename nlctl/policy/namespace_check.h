/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Namespaces whose labels a policy asks for, and nobody gave.
 */
#ifndef NLCTL_POLICY_NAMESPACE_CHECK_H
#define NLCTL_POLICY_NAMESPACE_CHECK_H

#include <stdbool.h>
#include "policy/cluster.h"
#include "policy/namespace_table.h"
#include "policy/problem.h"

/**
 * check_namespaces() - refuse selectors that unknown labels would decide
 * @cluster: the Kubernetes objects
 * @namespaces: those of @cluster, with their pods
 * @problems: receives an error for each namespaceSelector and each namespace
 *	that was only implied, in which a pod lives, and whose labels beside
 *	its name the selector needs
 *
 * Return: false when an error was added to @problems.
 */
bool check_namespaces(const struct cluster *cluster,
		      const struct namespace_table *namespaces,
		      struct problems *problems);

#endif
