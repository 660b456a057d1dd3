// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

#include <stdlib.h>

#include "live.h"
#include "policy/compiler.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

bool module_open(struct module *module)
{
	*module = (struct module){};
	module->netlink = netlink_open(&module->context);
	if (!module->netlink)
		return false;
	if (!live_read(module->netlink, &module->live, &module->settings))
		return true;
	netlink_report(&module->context, module->netlink);
	module_close(module);
	return false;
}

void module_close(struct module *module)
{
	netlink_close(module->netlink);
	settings_clear(&module->settings);
	objects_clear(&module->live);
	*module = (struct module){};
}

static char *difference_text(const struct difference *difference)
{
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	fputs("the module lists other objects than it was sent (- listed, + sent):\n",
	      stream);
	difference_print(difference, stream);
	fclose(stream);
	return text;
}

static enum outcome read_back(struct module *module, const struct objects *sent,
			      char **text)
{
	struct difference difference;
	enum outcome outcome = OUTCOME_FINE;

	objects_clear(&module->live);
	settings_clear(&module->settings);
	if (live_read(module->netlink, &module->live, &module->settings)) {
		*text = xstrdup(netlink_text(module->netlink));
		return OUTCOME_LISTED;
	}
	difference_find(&module->live, sent, &difference);
	if (!difference_empty(&difference)) {
		*text = difference_text(&difference);
		outcome = OUTCOME_LISTED;
	}
	difference_clear(&difference);
	return outcome;
}

static enum outcome not_committed(const struct module *module, char **text)
{
	*text = xasprintf("the module refuses a transaction: %s",
			  netlink_text(module->netlink));
	return OUTCOME_NOT_COMMITTED;
}

static enum outcome flush(struct module *module, char **text)
{
	const struct objects nothing = {};
	uint64_t generation;

	if (transaction_flush(module->netlink, 0, module->live.generation,
			      &generation))
		return not_committed(module, text);
	module->commits++;
	return read_back(module, &nothing, text);
}

static int change(struct module *module, const struct objects *objects,
		  enum way way)
{
	struct difference difference;
	uint64_t generation;
	int error = 0;

	if (way == WAY_REPLACE) {
		module->commits++;
		return transaction_replace(module->netlink, 0, objects,
					   &module->settings, NULL,
					   &generation);
	}
	difference_find(&module->live, objects, &difference);
	if (!difference_empty(&difference)) {
		module->commits++;
		error = transaction_change(module->netlink, 0, &difference,
					   module->live.generation,
					   &generation);
	}
	difference_clear(&difference);
	return error;
}

enum outcome module_commit(struct module *module, const struct cluster *cluster,
			   enum way way, char **text)
{
	enum outcome outcome = OUTCOME_NOT_COMPILED;
	struct problems problems = {};
	struct objects objects = {};

	if (way == WAY_FLUSH) {
		outcome = flush(module, text);
		if (outcome)
			return outcome;
	}
	/* What is restored has the numbers of another time. */
	if (!compile(cluster, OWN_NODE,
		     way == WAY_REPLACE ? NULL : &module->live, &objects,
		     &problems)) {
		*text = xstrdup("nlctl does not compile the cluster");
		outcome = OUTCOME_NOT_COMPILED;
	} else if (change(module, &objects, way)) {
		outcome = not_committed(module, text);
	} else {
		outcome = read_back(module, &objects, text);
	}
	objects_clear(&objects);
	problems_clear(&problems);
	return outcome;
}

enum outcome module_ask(struct module *module,
			const struct connection *connection,
			struct explanation *explanation, char **text)
{
	if (read_explanation(module->netlink, connection, explanation)) {
		*text = xasprintf("the module does not answer: %s",
				  netlink_text(module->netlink));
		return OUTCOME_NOT_ANSWERED;
	}
	if (explanation->generation == module->live.generation)
		return OUTCOME_FINE;
	*text = xasprintf("the module answers by generation %llu, not %llu",
			  (unsigned long long)explanation->generation,
			  (unsigned long long)module->live.generation);
	explanation_clear(explanation);
	return OUTCOME_NOT_ANSWERED;
}
