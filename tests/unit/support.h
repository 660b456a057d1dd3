/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests share: small clusters, and both opinions on a connection.
 */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

/* cmocka wants these in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include "policy/cluster.h"
#include "policy/compiler.h"
#include "policy/evaluator.h"
#include "policy/manifest.h"
#include "policy/objects.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/**
 * table_tests() - run one test function over the rows of a table
 * @group: name of the table
 * @rows: the rows; each starts with its name, a const char *
 * @count: number of rows
 * @size: bytes of one row
 * @function: the test; finds its row in *state
 *
 * Return: the number of failed tests.
 */
int table_tests(const char *group, const void *rows, size_t count, size_t size,
		CMUnitTestFunction function);

/* Parse manifests of pods and policies, and put them in the place of those that
 * the cluster has.
 */
void replace_objects(struct cluster *cluster, const char *text);

/* Take a policy out of the cluster, by its key. */
void remove_policy(struct cluster *cluster, const char *key);

/**
 * parse_endpoint() - read an end of a connection
 * @cluster: the Kubernetes objects
 * @text: namespace/name of a pod, a pod's name in namespace default, or an
 *	address
 * @endpoint: receives the result; borrows from @cluster
 *
 * Return: false when @text is neither an address nor a pod of @cluster.
 */
bool parse_endpoint(const struct cluster *cluster, const char *text,
		    struct endpoint *endpoint);

/* Parse manifests and add them to the cluster; the test fails on an error. */
void add_manifests(struct cluster *cluster, const char *text);

/**
 * add_pod() - add a running pod on node "one"
 * @cluster: the cluster
 * @key: namespace/name
 * @labels: "key=value key=value"
 * @ips: addresses, separated by spaces
 * @ports: named ports, "name/TCP/80 name/UDP/81"
 *
 * Return: the pod, to change details of.
 */
struct cluster_pod *add_pod(struct cluster *cluster, const char *key,
			    const char *labels, const char *ips,
			    const char *ports);

/* Add a namespace with labels "key=value key=value". */
void add_namespace(struct cluster *cluster, const char *name,
		   const char *labels);

/**
 * add_grid() - add the cluster of the Kubernetes conformance tests
 * @cluster: the cluster
 *
 * Namespaces x, y and z with label ns=<name>, in each the pods a, b and c with
 * label pod=<name>, dual-stack, serving serve-<port>-<protocol> on 80 and 81.
 * Pod y/b has 10.2.0.2 and fd00:2::2.
 */
void add_grid(struct cluster *cluster);

/* The protocol of that name; "ICMP" is one too. */
uint8_t protocol_number(const char *name);

/* Compile as compile() does; the test fails on errors and on warnings. */
void compile_fine(const struct cluster *cluster, const char *node,
		  const struct objects *live, struct objects *objects);

/**
 * judge_sign() - judge a connection by both opinions, which must agree
 * @cluster: the cluster
 * @from: as for parse_endpoint()
 * @to: likewise
 * @family: AF_INET or AF_INET6
 * @protocol: IP protocol number
 * @port: the server's port
 *
 * Return: '+' for accept, '-' for deny, '~' for what passes by audit mode only.
 */
char judge_sign(const struct cluster *cluster, const char *from, const char *to,
		int family, uint8_t protocol, uint16_t port);

/**
 * is_allowed() - whether a connection passes, by both opinions
 * @cluster: the cluster
 * @from: as for parse_endpoint()
 * @to: likewise
 * @family: AF_INET or AF_INET6
 * @protocol: IP protocol number
 * @port: the server's port
 */
bool is_allowed(const struct cluster *cluster, const char *from, const char *to,
		int family, uint8_t protocol, uint16_t port);

/**
 * expect() - check connections against expectations
 * @cluster: the cluster
 * @expectations: lines "FROM TO PROTOCOL PORT SIGN", with the sign of
 *	judge_sign(), where FROM or TO may
 *	be an address or NAMESPACE/NAME; "*" stands for every pod and
 *	NAMESPACE/ with a "*" for those of one. A later line overrides earlier
 *	ones. Pods are tried with both of their families; a pod is never tried with itself.
 */
void expect(const struct cluster *cluster, const char *expectations);

/**
 * read_manifests() - decode everything, and tell what is wrong
 * @cluster: receives what is right
 * @text: the documents
 * @options: how to read them
 * @fine: receives whether there was no error
 *
 * Return: the messages, for the caller to free.
 */
char *read_manifests(struct cluster *cluster, const char *text,
		     const struct manifest_options *options, bool *fine);

/**
 * all_problems() - print all problems
 * @problems: as problems_print() prints them
 *
 * Return: the text, for the caller to free.
 */
char *all_problems(const struct problems *problems);

#endif
