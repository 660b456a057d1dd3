/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The URL of the API server.
 */
#ifndef NLCTL_AGENT_SERVER_URL_H
#define NLCTL_AGENT_SERVER_URL_H

/**
 * server_url_wrong() - what is wrong with the URL of a server
 * @text: the URL
 *
 * Return: what to say behind its name; NULL when nothing is.
 */
const char *server_url_wrong(const char *text);

#endif
