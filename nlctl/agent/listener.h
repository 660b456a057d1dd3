/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TCP socket that listens where it was told to.
 */
#ifndef NLCTL_AGENT_LISTENER_H
#define NLCTL_AGENT_LISTENER_H

/**
 * listener_open() - listen
 * @listen: "ADDRESS:PORT", an IPv6 address in brackets; port 0 takes any
 *
 * Return: a file descriptor, which the caller closes; or -1 after a line of log
 * that says what to do.
 */
int listener_open(const char *listen);

/**
 * listener_port() - where a socket listens
 * @descriptor: the socket
 *
 * Return: the port; 0 if it does not listen.
 */
unsigned int listener_port(int descriptor);

#endif
