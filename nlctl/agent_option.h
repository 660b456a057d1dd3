/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of the agent, which two programs have in common: nlctl knows them
 * for help and completion, and nlctl-agent acts by them.
 */
#ifndef NLCTL_AGENT_OPTION_H
#define NLCTL_AGENT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arguments.h"
#include "policy/objects.h"

/* Where the agent and the CNI plugin meet, unless told otherwise. */
#define AGENT_DIRECTORY "/run/podwall"

/* Where health and metrics are served, unless told otherwise. */
#define AGENT_LISTEN "127.0.0.1:9750"

/* Its table. */
extern const struct option agent_options[];

/* What it is, for help; run is left to either program. */
#define AGENT_COMMAND                                                                           \
	.name = "agent",                                                                        \
	.synopsis =                                                                             \
		"--node NAME [--kubeconfig FILE] [--start-up closed|open] [--guard BLOCK ...]", \
	.summary = "Keep the policy of this node what the cluster says.",                       \
	.description =                                                                          \
		"Lists and watches the objects of the API server, until it is told to end.\n"   \
		"When it ends, however it does, what is in force stays in force.\n"             \
		"What happens is told on standard error; see nlctl-agent(8).",                  \
	.formats = "log", .formats_text = "Tell what happens, a line each.",                    \
	.options = agent_options,                                                               \
	.example =                                                                              \
		"nlctl agent --node worker-1 --kubeconfig /etc/kubernetes/kubelet.conf"

/**
 * struct agent_options - what the agent was told
 * @node: name of the node
 * @kubeconfig: how to reach the API server; NULL for the service account
 * @open: a pod may talk before its policy is in force
 * @guarded: blocks to guard besides the node's own
 * @guarded_count: length of @guarded
 * @listen: address and port of health and metrics; NULL for none
 * @directory: where the CNI plugin finds the agent
 * @compare: seconds between two comparisons with the kernel
 */
struct agent_options {
	const char *node;
	const char *kubeconfig;
	bool open;
	struct network *guarded;
	size_t guarded_count;
	const char *listen;
	const char *directory;
	unsigned int compare;
};

/**
 * agent_options_read() - take the options from the command line
 * @nlctl: the context
 * @arguments: the command line, which must outlive @options
 * @options: receives them; freed with agent_options_clear() in any case
 *
 * Return: false when it is wrong; a message was printed.
 */
bool agent_options_read(const struct nlctl *nlctl,
			const struct arguments *arguments,
			struct agent_options *options);

/**
 * agent_options_clear() - free what the structure owns and zero it
 * @options: the options
 */
void agent_options_clear(struct agent_options *options);

#endif
