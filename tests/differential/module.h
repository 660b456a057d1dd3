/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module, fed as nlctl feeds it.
 */
#ifndef DIFFERENTIAL_MODULE_H
#define DIFFERENTIAL_MODULE_H

#include "explanation.h"
#include "netlink.h"
#include "outcome.h"
#include "policy/cluster.h"

/* The node that the module is on. */
#define OWN_NODE "one"

/**
 * struct module - the connection and what the module holds
 * @context: of nlctl
 * @netlink: the connection
 * @live: what it holds, as it lists it
 * @settings: likewise
 * @commits: how many transactions were committed
 */
struct module {
	struct nlctl context;
	struct netlink *netlink;
	struct objects live;
	struct settings settings;
	unsigned int commits;
};

/* How a cluster gets into the module. */
enum way {
	WAY_DIFFERENCE, /* from what it holds, as by nlctl apply */
	WAY_FLUSH, /* the same after a flush */
	WAY_REPLACE, /* all at once, as by nlctl restore */
};

/* Connect; false when that failed, and the reason was printed. */
bool module_open(struct module *module);
void module_close(struct module *module);

/**
 * module_commit() - have the module enforce a cluster
 * @module: the module
 * @cluster: the cluster
 * @way: how
 * @text: receives what is wrong, unless all is fine; owned by the caller
 *
 * Afterwards it is read what the module lists, and compared.
 */
enum outcome module_commit(struct module *module, const struct cluster *cluster,
			   enum way way, char **text);

/**
 * module_ask() - have the module judge a connection
 * @module: the module
 * @connection: the connection
 * @explanation: receives the answer; freed with explanation_clear()
 * @text: receives what is wrong, unless all is fine; owned by the caller
 */
enum outcome module_ask(struct module *module,
			const struct connection *connection,
			struct explanation *explanation, char **text);

#endif
