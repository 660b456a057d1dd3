// SPDX-License-Identifier: GPL-2.0-only
#include "control-nft-plan.h"

#include <nftables/libnftables.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "policy/memory.h"

static struct nft_ctx *nft;

void nft_start(void)
{
	if (nft)
		return;
	nft = nft_ctx_new(NFT_CTX_DEFAULT);
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
}

char *nft_run(const char *commands)
{
	const char *error;

	if (!nft_run_cmd_from_buffer(nft, commands))
		return NULL;
	error = nft_ctx_get_error_buffer(nft);
	return xasprintf("nft: %.300s", error);
}

/* What a command prints is added to what nobody has read. */
static char *nft_list(const char *command)
{
	nft_ctx_get_output_buffer(nft);
	return nft_run(command);
}

/* Like nft_run(), with a text that is freed. */
char *nft_run_new(char *commands)
{
	char *problem = nft_run(commands);

	free(commands);
	return problem;
}

bool nft_succeeds(const char *commands)
{
	char *problem = nft_run(commands);
	bool good = !problem;

	free(problem);
	return good;
}

char *nft_check(struct nft_plan *plan, size_t wanted, bool is_there)
{
	char *problem;
	size_t found;

	if (plan->list) {
		problem = nft_list(plan->list);
		if (problem)
			return problem;
		found = plan->part ?
				occurrences(nft_ctx_get_output_buffer(nft),
					    plan->part) :
				peer_occurrences(nft_ctx_get_output_buffer(nft));
		if (found != wanted)
			return xasprintf("%s: %zu found, %zu wanted",
					 plan->list, found, wanted);
	}
	if (plan->list_once) {
		free(plan->list);
		plan->list = NULL;
	}
	if (plan->present && nft_succeeds(plan->present) != is_there)
		return xasprintf("%s: %s", plan->present,
				 is_there ? "not found" : "found");
	if (plan->absent && nft_succeeds(plan->absent))
		return xasprintf("%s: found", plan->absent);
	return NULL;
}

unsigned long nft_handle(const struct nft_plan *plan, const char *rule)
{
	unsigned long handle = 0;
	const char *place;
	char *problem;

	nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_HANDLE);
	problem = nft_list(plan->list);
	nft_ctx_output_set_flags(nft, 0);
	if (!problem) {
		place = strstr(nft_ctx_get_output_buffer(nft), rule);
		place = place ? strstr(place, "# handle ") : NULL;
		if (place)
			handle = strtoul(place + strlen("# handle "), NULL, 10);
	}
	free(problem);
	return handle;
}
