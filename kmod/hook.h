/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_HOOK_H
#define PODWALL_HOOK_H

struct net;
struct podwall_net;

int podwall_hook_register(struct net *net, struct podwall_net *pn);
void podwall_hook_unregister(struct net *net, struct podwall_net *pn);

#endif
