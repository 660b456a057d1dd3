// SPDX-License-Identifier: GPL-2.0-only
#include "agent/transfer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/log.h"
#include "policy/memory.h"

/*
 * DOC: connections
 *
 * HTTP/1.1, and so a connection for each watch. HTTP/2 would have all of them in
 * one: then a lost packet, or a kind whose objects come faster than they are
 * decoded, holds up all kinds, and libcurl sends no PING to find out that the
 * other end is gone. The kernel finds that out for a connection of TCP: it sends
 * probes when nothing else is sent, and ends a connection on which nothing is
 * acknowledged for a while.
 *
 * Bodies are not compressed. An API server that is asked to packs a list anew for
 * each node, and that time is lost for all of them when many nodes begin at once;
 * within a cluster the bytes cost less.
 */

/* An option that this libcurl does not know would be a hole. */
#define must_set(easy, option, value)                                    \
	do {                                                             \
		if (curl_easy_setopt(easy, option, value) != CURLE_OK) { \
			log_error("libcurl refuses " #option);           \
			abort();                                         \
		}                                                        \
	} while (0)

static void add_header(struct transfer *transfer, const char *text)
{
	struct curl_slist *list = curl_slist_append(transfer->headers, text);

	if (!list)
		abort();
	transfer->headers = list;
}

static void set_option(int socket, int level, int option, int value)
{
	/* What is not TCP, as a proxy may be, has none of these. */
	(void)setsockopt(socket, level, option, &value, sizeof(value));
}

static int seconds(uint32_t milliseconds)
{
	return milliseconds < 1000 ? 1 : milliseconds / 1000;
}

/* libcurl leaves its sockets to whatever the process executes. */
static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	int descriptor = socket(address->family,
				address->socktype | SOCK_CLOEXEC,
				address->protocol);

	(void)context;
	(void)purpose;
	return descriptor < 0 ? CURL_SOCKET_BAD : descriptor;
}

/* See DOC: connections. */
static int on_new_socket(void *context, curl_socket_t socket,
			 curlsocktype purpose)
{
	const struct api_limits *limits = context;

	(void)purpose;
	set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE,
		   seconds(limits->unacknowledged / 2));
	set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL,
		   seconds(limits->unacknowledged / 6));
	set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
		   limits->unacknowledged);
	return CURL_SOCKOPT_OK;
}

static char *take_part(CURLU *url, CURLUPart part, unsigned int flags)
{
	char *text, *copy;

	if (curl_url_get(url, part, &text, flags))
		return xstrdup("");
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

/* The name in the URL is the one that is asked for and verified; where to connect
 * to, and what the server is called in HTTP, is the host of the kubeconfig.
 */
static void set_url(struct transfer *transfer,
		    const struct credentials *credentials, const char *path)
{
	char *text = xasprintf("%s%s", credentials->server, path);
	char *host, *port, *header, *connect_to;
	CURLU *url;

	if (!credentials->server_name) {
		must_set(transfer->easy, CURLOPT_URL, text);
		free(text);
		return;
	}
	url = curl_url();
	if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_PATH_AS_IS))
		abort();
	host = take_part(url, CURLUPART_HOST, 0);
	port = take_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	connect_to = xasprintf("::%s:%s", host, port);
	header = xasprintf("Host: %s:%s", host, port);
	transfer->connect_to = curl_slist_append(NULL, connect_to);
	add_header(transfer, header);
	curl_url_set(url, CURLUPART_HOST, credentials->server_name, 0);
	free(text);
	text = take_part(url, CURLUPART_URL, 0);
	must_set(transfer->easy, CURLOPT_URL, text);
	must_set(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect_to);
	curl_url_cleanup(url);
	free(connect_to);
	free(header);
	free(host);
	free(port);
	free(text);
}

static struct curl_blob blob(const struct secret *secret)
{
	return (struct curl_blob){
		.data = secret->text,
		.len = secret->length,
		.flags = CURL_BLOB_COPY,
	};
}

/* Certificates are handed over as they were read: another file of the same name
 * makes another connection, where libcurl compares names only.
 */
static void set_trust(CURL *easy, const struct credentials *credentials)
{
	struct curl_blob authority = blob(&credentials->authority);
	struct curl_blob certificate = blob(&credentials->certificate);
	struct curl_blob key = blob(&credentials->key);

	must_set(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	must_set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	must_set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (credentials->authority.text) {
		/* Not besides those that the system trusts. */
		must_set(easy, CURLOPT_CAINFO, NULL);
		must_set(easy, CURLOPT_CAPATH, NULL);
		must_set(easy, CURLOPT_CAINFO_BLOB, &authority);
	}
	if (credentials->certificate.text) {
		must_set(easy, CURLOPT_SSLCERT_BLOB, &certificate);
		must_set(easy, CURLOPT_SSLKEY_BLOB, &key);
	}
}

static void set_user(struct transfer *transfer,
		     const struct credentials *credentials)
{
	char *header;

	if (credentials->token.text) {
		header = xasprintf("Authorization: Bearer %s",
				   credentials->token.text);
		add_header(transfer, header);
		explicit_bzero(header, strlen(header));
		free(header);
	} else if (credentials->user) {
		must_set(transfer->easy, CURLOPT_HTTPAUTH,
			 (long)CURLAUTH_BASIC);
		must_set(transfer->easy, CURLOPT_USERNAME, credentials->user);
		must_set(transfer->easy, CURLOPT_PASSWORD,
			 credentials->password.text);
	}
}

/* No proxy is one that the environment names. A proxy gets none of our headers. */
static void set_proxy(CURL *easy, const struct credentials *credentials)
{
	const char *proxy = credentials->proxy ? credentials->proxy : "";
	static const char socks[] = "socks5://";
	char *text;

	/* With that name libcurl would resolve the server's name here. */
	if (!strncmp(proxy, socks, strlen(socks)))
		text = xasprintf("socks5h://%s", proxy + strlen(socks));
	else
		text = xstrdup(proxy);
	must_set(easy, CURLOPT_PROXY, text);
	must_set(easy, CURLOPT_NOPROXY, "");
	must_set(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	must_set(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	must_set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	free(text);
}

static void set_method(struct transfer *transfer,
		       const struct question *question)
{
	CURL *easy = transfer->easy;
	char *header;

	if (question->content_type) {
		header = xasprintf("Content-Type: %s", question->content_type);
		add_header(transfer, header);
		free(header);
	}
	if (question->body) {
		/* Without a round to ask whether it may be sent. */
		add_header(transfer, "Expect:");
		must_set(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)strlen(question->body));
		must_set(easy, CURLOPT_COPYPOSTFIELDS, question->body);
	}
	if (strcmp(question->method, "GET") != 0 || question->body)
		must_set(easy, CURLOPT_CUSTOMREQUEST, question->method);
}

void transfer_begin(struct transfer *transfer,
		    const struct credentials *credentials,
		    const struct api_limits *limits,
		    const struct question *question)
{
	CURL *easy = curl_easy_init();
	char *agent = xasprintf("nlctl-agent/%s", nlctl_version());

	if (!easy)
		abort();
	transfer->easy = easy;
	must_set(easy, CURLOPT_ERRORBUFFER, transfer->error);
	must_set(easy, CURLOPT_NOSIGNAL, 1L);
	/* A request that ends leaves the thread that looks its name up to itself: to
	 * wait for that would hold up all else until the name server answers.
	 */
	must_set(easy, CURLOPT_QUICK_EXIT, 1L);
	must_set(easy, CURLOPT_PROTOCOLS_STR, "https");
	must_set(easy, CURLOPT_FOLLOWLOCATION, 0L);
	must_set(easy, CURLOPT_PATH_AS_IS, 1L);
	must_set(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	must_set(easy, CURLOPT_USERAGENT, agent);
	must_set(easy, CURLOPT_BUFFERSIZE, 65536L);
	must_set(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect);
	must_set(easy, CURLOPT_TIMEOUT_MS, (long)question->time_limit);
	must_set(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	must_set(easy, CURLOPT_SOCKOPTFUNCTION, on_new_socket);
	must_set(easy, CURLOPT_SOCKOPTDATA, (void *)limits);
	add_header(transfer, "Accept: application/json");
	set_url(transfer, credentials, question->path);
	set_proxy(easy, credentials);
	set_trust(easy, credentials);
	set_user(transfer, credentials);
	set_method(transfer, question);
	must_set(easy, CURLOPT_HTTPHEADER, transfer->headers);
	free(agent);
}

void transfer_clear(struct transfer *transfer)
{
	struct curl_slist *header;

	curl_easy_cleanup(transfer->easy);
	for (header = transfer->headers; header; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->connect_to);
	*transfer = (struct transfer){};
}

char *transfer_failure(const struct transfer *transfer, CURLcode result)
{
	const char *words = *transfer->error ? transfer->error :
					       curl_easy_strerror(result);

	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return xasprintf(
			"%s; its certificate must be valid now, be signed by the authority that is configured, and have the name that is asked for",
			words);
	case CURLE_SSL_CERTPROBLEM:
		return xasprintf(
			"%s; the certificate and the key of the client must belong together",
			words);
	default:
		return xstrdup(words);
	}
}
