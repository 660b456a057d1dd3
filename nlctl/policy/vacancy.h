/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Selectors that select nothing.
 */
#ifndef NLCTL_POLICY_VACANCY_H
#define NLCTL_POLICY_VACANCY_H

#include "policy/advice.h"

/**
 * advise_vacancies() - warn of selectors that select nothing
 * @advice: what the warnings are made from
 *
 * Pods are missed only where the cluster has pods, and likewise namespaces and
 * nodes. A namespace that is only implied may have any label but another name.
 * An empty selector for the policy's own pods is no mistake of the selector's,
 * and is not told.
 */
void advise_vacancies(const struct advice *advice);

#endif
