/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the API server is, how it is known to be the right one, and as whom it is
 * asked: from a kubeconfig, or from the service account of a pod.
 */
#ifndef NLCTL_AGENT_CREDENTIALS_H
#define NLCTL_AGENT_CREDENTIALS_H

#include <stdbool.h>

#include "agent/secret.h"
#include "nlctl.h"

/* Where the kubelet puts the service account of a pod. */
#define SERVICE_ACCOUNT_DIRECTORY \
	"/var/run/secrets/kubernetes.io/serviceaccount"

/**
 * struct credentials - where and as whom; each text is owned
 * @server: base of all URLs, without a slash at its end
 * @server_name: the name that the server's certificate has; NULL for the one in
 *	@server
 * @proxy: URL of a proxy; NULL for none
 * @authority: certificates that sign the server's; without a text those that the
 *	system trusts
 * @certificate: of the client; without a text there is none
 * @key: its key
 * @token: a token; without a text there is none
 * @user: name of a user who has a password; NULL for none
 * @password: the password
 */
struct credentials {
	char *server;
	char *server_name;
	char *proxy;
	struct secret authority;
	struct secret certificate;
	struct secret key;
	struct secret token;
	char *user;
	struct secret password;
};

/**
 * credentials_read() - find out where the API server is
 * @nlctl: the context
 * @kubeconfig: name of a file, or NULL for the service account that the kubelet
 *	gives the pod that this runs in
 *
 * Return: what was found, freed with credentials_free(); or NULL, and then the
 * reason was printed.
 */
struct credentials *credentials_read(const struct nlctl *nlctl,
				     const char *kubeconfig);

/**
 * credentials_of_service_account() - the same from the service account of a pod
 * @nlctl: the context
 * @directory: where its files are
 * @host: address of the API server, or NULL
 * @port: its port, or NULL
 */
struct credentials *credentials_of_service_account(const struct nlctl *nlctl,
						   const char *directory,
						   const char *host,
						   const char *port);

/**
 * credentials_refresh() - read files again that were changed
 * @credentials: the credentials
 */
void credentials_refresh(struct credentials *credentials);

/**
 * credentials_refused() - the server did not take them: read files again
 * @credentials: the credentials; the next refresh reads whether or not files look
 *	changed
 */
void credentials_refused(struct credentials *credentials);

/**
 * credentials_free() - free them
 * @credentials: the credentials, or NULL
 */
void credentials_free(struct credentials *credentials);

/**
 * credentials_server() - base of all URLs, without a slash at its end
 * @credentials: the credentials
 */
const char *credentials_server(const struct credentials *credentials);

#endif
