/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this machine has that leads packets round the module's hooks.
 */
#ifndef NLCTL_BYPASS_H
#define NLCTL_BYPASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct bypass - what was found in the current network namespace
 * @bridges: number of Linux bridges
 * @bridge_ipv4: br_netfilter shows bridged IPv4 packets to the hooks
 * @bridge_ipv6: br_netfilter shows bridged IPv6 packets to the hooks
 * @warnings: a sentence for each thing that is wrong; owned
 * @warning_count: length of @warnings
 */
struct bypass {
	size_t bridges;
	bool bridge_ipv4;
	bool bridge_ipv6;
	char **warnings;
	size_t warning_count;
};

/**
 * bypass_find() - look for bridges, flow tables and links that bypass
 * @bypass: receives the findings; freed with bypass_clear()
 *
 * A link that was moved into a pod is not seen: only what is in this network
 * namespace is.
 */
void bypass_find(struct bypass *bypass);

/**
 * bypass_warn() - add a warning
 * @bypass: the findings
 * @format: the sentence, as for printf()
 */
void bypass_warn(struct bypass *bypass, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * bypass_clear() - free what the structure owns and zero it
 * @bypass: the findings
 */
void bypass_clear(struct bypass *bypass);

/**
 * system_number() - read a number from a file in /proc/sys
 * @name: path below /proc/sys
 * @number: receives the number
 *
 * Return: false when there is no such file, or no number in it.
 */
bool system_number(const char *name, uint64_t *number);

#endif
