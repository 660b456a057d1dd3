/* SPDX-License-Identifier: GPL-2.0-only */
/* What tracers see. define_trace.h reads this file several times over. */

#ifndef PODWALL_TRACE_FUNCTIONS
#define PODWALL_TRACE_FUNCTIONS

#include <linux/types.h>

struct net;
struct podwall_connection;
struct podwall_judgement;
struct podwall_policy;
struct sk_buff;

void podwall_trace_verdict(const struct net *net,
			   const struct podwall_policy *policy,
			   const struct sk_buff *packet,
			   const struct podwall_connection *connection,
			   const struct podwall_judgement *judgement);

#endif

#undef TRACE_SYSTEM
#define TRACE_SYSTEM podwall

#if !defined(PODWALL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PODWALL_TRACE_H

#include <linux/in6.h>
#include <linux/podwall.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

#include "compat/tracepoint.h"
#include "connection.h"
#include "judge.h"
#include "pod.h"
#include "rule_set.h"

/* So that programs that read the formats can tell names from numbers. */
TRACE_DEFINE_ENUM(PODWALL_DIRECTION_INGRESS);
TRACE_DEFINE_ENUM(PODWALL_DIRECTION_EGRESS);
TRACE_DEFINE_ENUM(PODWALL_VERDICT_ACCEPT);
TRACE_DEFINE_ENUM(PODWALL_VERDICT_DENY);
TRACE_DEFINE_ENUM(PODWALL_MODE_ENFORCE);
TRACE_DEFINE_ENUM(PODWALL_MODE_AUDIT);
TRACE_DEFINE_ENUM(PODWALL_REASON_NO_POLICY);
TRACE_DEFINE_ENUM(PODWALL_REASON_RULE);
TRACE_DEFINE_ENUM(PODWALL_REASON_ISOLATED);
TRACE_DEFINE_ENUM(PODWALL_REASON_DEFAULT);
TRACE_DEFINE_ENUM(PODWALL_REASON_UNREGISTERED);
TRACE_DEFINE_ENUM(PODWALL_REASON_NODE);
TRACE_DEFINE_ENUM(PODWALL_TIER_ADMIN);
TRACE_DEFINE_ENUM(PODWALL_TIER_POLICY);
TRACE_DEFINE_ENUM(PODWALL_TIER_BASELINE);

#define podwall_show_direction(value)					\
	__print_symbolic(value,						\
			 { PODWALL_DIRECTION_INGRESS, "ingress" },	\
			 { PODWALL_DIRECTION_EGRESS, "egress" })

#define podwall_show_verdict(value)					\
	__print_symbolic(value,						\
			 { PODWALL_VERDICT_ACCEPT, "accept" },		\
			 { PODWALL_VERDICT_DENY, "deny" })

#define podwall_show_mode(value)					\
	__print_symbolic(value,						\
			 { PODWALL_MODE_ENFORCE, "enforce" },		\
			 { PODWALL_MODE_AUDIT, "audit" })

#define podwall_show_reason(value)					\
	__print_symbolic(value,						\
			 { PODWALL_REASON_NO_POLICY, "no-policy" },	\
			 { PODWALL_REASON_RULE, "rule" },		\
			 { PODWALL_REASON_ISOLATED, "isolated" },	\
			 { PODWALL_REASON_DEFAULT, "default" },		\
			 { PODWALL_REASON_UNREGISTERED, "unregistered" }, \
			 { PODWALL_REASON_NODE, "node" })

#define podwall_show_tier(value)					\
	__print_symbolic(value,						\
			 { 0, "none" },					\
			 { PODWALL_TIER_ADMIN, "admin" },		\
			 { PODWALL_TIER_POLICY, "policy" },		\
			 { PODWALL_TIER_BASELINE, "baseline" })

/*
 * One for each direction of a packet that was judged. Addresses are there twice:
 * as bytes, and as what %pISc prints, which no format does with bytes of either
 * family.
 */
TRACE_EVENT(verdict,
	TP_PROTO(const struct net *net, const struct podwall_policy *policy,
		 const struct sk_buff *packet,
		 const struct podwall_connection *connection,
		 const struct podwall_judgement *judgement,
		 const char *pod, const char *client_pod,
		 const char *server_pod, const char *origin),

	TP_ARGS(net, policy, packet, connection, judgement, pod, client_pod,
		server_pod, origin),

	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u8, direction)
		__field(u8, verdict)
		__field(u8, mode)
		__field(u8, reason)
		__field(u8, tier)
		__field(u8, family)
		__field(u8, protocol)
		__field(u16, client_port)
		__field(u16, server_port)
		__field(u32, length)
		__field(u32, rule_set)
		__field(u64, cookie)
		__field(u64, generation)
		__array(u8, client, sizeof(struct in6_addr))
		__array(u8, server, sizeof(struct in6_addr))
		__array(u8, client_sockaddr, sizeof(struct sockaddr_in6))
		__array(u8, server_sockaddr, sizeof(struct sockaddr_in6))
		__string(pod, pod)
		__string(client_pod, client_pod)
		__string(server_pod, server_pod)
		__string(origin, origin)
	),

	TP_fast_assign(
		__entry->netns = net->ns.inum;
		__entry->direction = judgement->direction;
		__entry->verdict = judgement->verdict;
		__entry->mode = judgement->mode;
		__entry->reason = judgement->reason;
		__entry->tier = judgement->tier;
		__entry->family = connection->client.family;
		__entry->protocol = connection->protocol;
		__entry->client_port = connection->client_port;
		__entry->server_port = connection->server_port;
		__entry->length = packet->len;
		__entry->rule_set = judgement->rule_set ?
				    judgement->rule_set->id : 0;
		__entry->cookie = judgement->rule ?
				  judgement->rule->cookie : 0;
		__entry->generation = READ_ONCE(policy->generation);
		copy_address(__entry->client, &connection->client);
		copy_address(__entry->server, &connection->server);
		write_sockaddr(__entry->client_sockaddr, &connection->client);
		write_sockaddr(__entry->server_sockaddr, &connection->server);
		podwall_assign_str(pod, pod);
		podwall_assign_str(client_pod, client_pod);
		podwall_assign_str(server_pod, server_pod);
		podwall_assign_str(origin, origin);
	),

	TP_printk("netns=%u direction=%s verdict=%s mode=%s reason=%s tier=%s pod=%s client=%pISc client_pod=%s client_port=%u server=%pISc server_pod=%s server_port=%u protocol=%u length=%u rule_set=%u cookie=%llu generation=%llu origin=%s",
		  __entry->netns, podwall_show_direction(__entry->direction),
		  podwall_show_verdict(__entry->verdict),
		  podwall_show_mode(__entry->mode),
		  podwall_show_reason(__entry->reason),
		  podwall_show_tier(__entry->tier), __get_str(pod),
		  __entry->client_sockaddr, __get_str(client_pod),
		  __entry->client_port, __entry->server_sockaddr,
		  __get_str(server_pod), __entry->server_port,
		  __entry->protocol, __entry->length, __entry->rule_set,
		  __entry->cookie, __entry->generation, __get_str(origin))
);

/* One for each transaction that came to its commit. */
TRACE_EVENT(commit,
	TP_PROTO(const struct net *net, u64 generation, u32 requests, u64 delay,
		 int error),

	TP_ARGS(net, generation, requests, delay, error),

	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, requests)
		__field(u64, generation)
		__field(u64, delay)
		__field(u32, process)
		__field(int, error)
		__array(char, command, TASK_COMM_LEN)
	),

	TP_fast_assign(
		__entry->netns = net->ns.inum;
		__entry->requests = requests;
		__entry->generation = generation;
		__entry->delay = delay;
		__entry->process = task_tgid_nr(current);
		__entry->error = error;
		memcpy(__entry->command, current->comm, TASK_COMM_LEN);
	),

	TP_printk("netns=%u generation=%llu requests=%u delay=%llu command=%s process=%u error=%d",
		  __entry->netns, __entry->generation, __entry->requests,
		  __entry->delay, __entry->command, __entry->process,
		  __entry->error)
);

#endif

/* This file is where the module is built. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
