// SPDX-License-Identifier: GPL-2.0-only
#include "agent/reachability.h"

#include "agent/log.h"
#include "clock.h"

void reachability_heard(struct reachability *reachability)
{
	reachability->heard = clock_now();
}

void reachability_answered(struct reachability *reachability,
			   const char *server)
{
	uint64_t lasted = trouble_ended(&reachability->outage, clock_now());

	reachability->unreachable = false;
	reachability->heard = clock_now();
	if (lasted)
		log_notice("API server %s answers again, after %llu s", server,
			   (unsigned long long)(lasted /
						NANOSECONDS_PER_SECOND));
}

void reachability_failed(struct reachability *reachability, const char *server,
			 uint32_t patience, long code, const char *failure)
{
	reachability->unreachable = true;
	if (trouble_failed(&reachability->outage, clock_now(),
			   patience * NANOSECONDS_PER_MILLISECOND, code))
		log_warning("API server %s is not reachable: %s; what is in force stays in force, and it is tried again",
			    server, failure);
}
