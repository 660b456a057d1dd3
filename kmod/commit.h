/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_COMMIT_H
#define PODWALL_COMMIT_H

struct podwall_error;
struct podwall_policy;
struct podwall_transaction;

struct podwall_policy *
podwall_commit_build(const struct podwall_policy *live,
		     struct podwall_transaction *transaction,
		     struct podwall_error *error);

#endif
