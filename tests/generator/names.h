/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What random objects are called and where they are: few names, ports and
 * blocks, so that they meet.
 */
#ifndef GENERATOR_NAMES_H
#define GENERATOR_NAMES_H

#include <stdint.h>

static const char *const namespace_names[] = { "n0", "n1", "n2" };
static const char *const port_names[] = { "http", "dns", "web" };
static const uint16_t port_numbers[] = { 80, 81, 82, 8080 };
static const char *const protocol_names[] = { "TCP", "UDP", "SCTP" };
static const char *const block_texts[] = {
	"0.0.0.0/0",   "10.0.0.0/8",  "10.0.0.0/30",	"10.0.0.4/30",
	"10.0.0.4/31", "10.0.0.5/32", "192.168.0.0/16", "192.168.0.1/32",
	"::/0",	       "fd00::/16",   "fd00::/126",	"fd00::4/126",
	"fd00::5/128", "fd00:1::/32", "fd00:1::1/128",
};

#endif
