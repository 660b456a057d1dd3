/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transfers of libcurl, made so that nothing but the API server is trusted.
 */
#ifndef NLCTL_AGENT_TRANSFER_H
#define NLCTL_AGENT_TRANSFER_H

#include <curl/curl.h>

#include "agent/api.h"
#include "agent/credentials.h"

/**
 * struct transfer - a transfer that is to be made; start with zeroes
 * @easy: its handle
 * @headers: headers besides those of libcurl
 * @connect_to: where the host of the URL really is
 * @error: receives the words of a failure
 */
struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct curl_slist *connect_to;
	char error[CURL_ERROR_SIZE];
};

/**
 * transfer_begin() - make a transfer
 * @transfer: receives it; stays where it is until transfer_clear()
 * @credentials: who and where, as they are now; what is needed is copied
 * @limits: how long things may take; must outlive the transfer
 * @question: what to ask; its body is copied
 */
void transfer_begin(struct transfer *transfer,
		    const struct credentials *credentials,
		    const struct api_limits *limits,
		    const struct question *question);

/**
 * transfer_clear() - free what the structure owns and zero it
 * @transfer: the transfer, which is in no multi handle
 */
void transfer_clear(struct transfer *transfer);

/**
 * transfer_failure() - say why a transfer failed
 * @transfer: the transfer
 * @result: how it ended
 *
 * Return: a text for people, without who is asked; the caller frees it.
 */
char *transfer_failure(const struct transfer *transfer, CURLcode result);

#endif
