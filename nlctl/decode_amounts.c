// SPDX-License-Identifier: GPL-2.0-only
#include "decode_amounts.h"

#include "attributes.h"
#include "names.h"

bool decode_amounts(struct nlattr *nest, struct amounts *amounts)
{
	static struct nla_policy policy[PODWALL_A_AMOUNTS_MAX + 1] = {
		[AMOUNT_FIRST... PODWALL_A_AMOUNTS_TRANSACTIONS] = { .type = NLA_U32 },
		[PODWALL_A_AMOUNTS_MEMORY] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_AMOUNTS_MAX + 1];
	unsigned int field;

	if (!nest)
		return true;
	if (nla_parse_nested(attributes, PODWALL_A_AMOUNTS_MAX, nest, policy) <
	    0)
		return false;
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		if (field == PODWALL_A_AMOUNTS_MEMORY)
			amount_set(amounts, field,
				   attribute_u64(attributes[field]));
		else
			amount_set(amounts, field,
				   attribute_u32(attributes[field]));
	}
	return true;
}
