/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_CONNECTION_H
#define PODWALL_CONNECTION_H

#include <linux/types.h>

#include "ip.h"

/**
 * struct podwall_connection - a connection as its client opened it
 * @client: address before source NAT
 * @server: address after destination NAT
 * @protocol: IP protocol number
 * @translated: the client asked for another server: destination NAT
 * @has_ports: the protocol has ports and the packet carries them
 * @client_port: host byte order
 * @server_port: host byte order, after destination NAT
 * @from_node: this node itself is the client
 * @to_node: this node itself is the server
 * @first_packet: the packet in hand is its first
 */
struct podwall_connection {
	struct podwall_ip client;
	struct podwall_ip server;
	u8 protocol;
	bool translated;
	bool has_ports;
	u16 client_port;
	u16 server_port;
	bool from_node;
	bool to_node;
	bool first_packet;
};

#endif
