// SPDX-License-Identifier: GPL-2.0-only
#include "agent/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "agent/kubeconfig.h"
#include "policy/memory.h"

/* One file of the service account; an error is printed. */
static bool read_account(const struct nlctl *nlctl, const char *directory,
			 const char *name, enum secret_form form,
			 struct secret *secret)
{
	char *wrong;

	secret->form = form;
	secret->path = xasprintf("%s/%s", directory, name);
	wrong = secret_read(secret);
	if (wrong)
		nlctl_error(nlctl,
			    "%s %s; let the pod have its service account (automountServiceAccountToken), or give --kubeconfig FILE",
			    secret->path, wrong);
	free(wrong);
	return !wrong;
}

struct credentials *credentials_of_service_account(const struct nlctl *nlctl,
						   const char *directory,
						   const char *host,
						   const char *port)
{
	struct credentials *credentials;
	const char *left, *right;

	if (!host || !*host || !port || !*port) {
		nlctl_error(
			nlctl,
			"the API server is not known: this is no pod (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set); give --kubeconfig FILE");
		return NULL;
	}
	left = strchr(host, ':') && *host != '[' ? "[" : "";
	right = *left ? "]" : "";
	credentials = xcalloc(1, sizeof(*credentials));
	credentials->server =
		xasprintf("https://%s%s%s:%s", left, host, right, port);
	if (read_account(nlctl, directory, "token", SECRET_WORD,
			 &credentials->token) &&
	    read_account(nlctl, directory, "ca.crt", SECRET_PEM,
			 &credentials->authority))
		return credentials;
	credentials_free(credentials);
	return NULL;
}

struct credentials *credentials_read(const struct nlctl *nlctl,
				     const char *kubeconfig)
{
	struct credentials *credentials;
	struct problems problems = {};
	bool fine;

	if (!kubeconfig)
		return credentials_of_service_account(
			nlctl, SERVICE_ACCOUNT_DIRECTORY,
			getenv("KUBERNETES_SERVICE_HOST"),
			getenv("KUBERNETES_SERVICE_PORT"));
	credentials = xcalloc(1, sizeof(*credentials));
	fine = kubeconfig_read(kubeconfig, credentials, &problems);
	problems_print(&problems, stderr);
	problems_clear(&problems);
	if (fine)
		return credentials;
	credentials_free(credentials);
	return NULL;
}

void credentials_refresh(struct credentials *credentials)
{
	secret_refresh(&credentials->authority);
	secret_refresh(&credentials->certificate);
	secret_refresh(&credentials->key);
	secret_refresh(&credentials->token);
}

void credentials_refused(struct credentials *credentials)
{
	credentials->certificate.stale = true;
	credentials->key.stale = true;
	credentials->token.stale = true;
}

void credentials_free(struct credentials *credentials)
{
	if (!credentials)
		return;
	secret_clear(&credentials->authority);
	secret_clear(&credentials->certificate);
	secret_clear(&credentials->key);
	secret_clear(&credentials->token);
	secret_clear(&credentials->password);
	free(credentials->server);
	free(credentials->server_name);
	free(credentials->proxy);
	free(credentials->user);
	free(credentials);
}

const char *credentials_server(const struct credentials *credentials)
{
	return credentials->server;
}
