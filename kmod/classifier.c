// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/sched.h>

#include "address_map_build.h"
#include "classifier.h"
#include "region_build.h"

/**
 * DOC: The classifier
 *
 * What a rule can ask about a peer is which peer sets hold it: by its identity,
 * or because its address lies in one of their blocks. Blocks cut all addresses
 * into regions, so identity and region decide, and the two together are the
 * address's class: the number of the one in the upper bits, that of the other
 * in the lower bits of one word.
 *
 * A packet's cost does not depend on how many rules, peers and pods there are.
 * Its one end is a pod of this node, whose slot leads to a row; its other end
 * is looked up once, in a hash table or, without an identity, among ranges of
 * addresses, and has a class. The row has a cell for each identity and for each
 * region, which are the rules that match such a peer, as words of bits; it has
 * another such word for each class of ports; and the lowest bit that peer and
 * port have both decides. Rule sets too long for a word have programs of port
 * intervals in its place.
 *
 *	pod	-> row ----------------------.
 *	address -> class -+-> identity cell -+-> rules of the peer -.
 *			  +-> region cell ---'			    +-> result
 *	protocol and port -> class of ports -----> rules of the port'
 *
 * All the rest is done when policy changes. A commit shares with the policy
 * before it whatever it does not change: pages of addresses, regions, numbers
 * of identities, rows. One address more of an identity that has a number
 * already is one store.
 *
 * For example, 10.0.0.7 is a pod with the rule set of row 3, and 10.0.9.1, of
 * identity number 12 and in region 0, asks for its TCP port 80. Row 3 has 00100
 * for number 12, 10000 for region 0, and 10101 for the class of TCP 80; bit 2 is
 * rule 2, which accepts.
 */

/**
 * podwall_classifier_init - begin without addresses and without rule sets
 * @classifier: zeroed
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOMEM with parts for podwall_classifier_release().
 */
int podwall_classifier_init(struct podwall_classifier *classifier)
{
	static const struct podwall_array none;
	struct podwall_regions *regions;
	struct podwall_port_map *ports;

	classifier->addresses4 = podwall_address_map_create(AF_INET, 0);
	classifier->addresses6 = podwall_address_map_create(AF_INET6, 0);
	classifier->identities = podwall_identities_create();
	podwall_classifier_set_bits(classifier, PODWALL_REGION_BITS_MIN);
	if (!classifier->addresses4 || !classifier->addresses6 ||
	    !classifier->identities)
		return -ENOMEM;
	regions = podwall_regions_build(&none, NULL, NULL);
	if (IS_ERR(regions))
		return PTR_ERR(regions);
	classifier->regions = regions;
	ports = podwall_port_map_build(&none, NULL);
	if (IS_ERR(ports))
		return PTR_ERR(ports);
	classifier->ports = ports;
	return 0;
}

/**
 * podwall_classifier_release - drop what a classifier holds
 * @classifier: no packet may reach it any more; left empty
 *
 * Context: Process context; may sleep.
 */
void podwall_classifier_release(struct podwall_classifier *classifier)
{
	u32 i;

	for (i = 0; i < classifier->rows.count; i++) {
		podwall_row_put(podwall_classifier_row(classifier, i));
		cond_resched();
	}
	podwall_array_free(&classifier->rows);
	podwall_address_map_put(classifier->addresses4);
	podwall_address_map_put(classifier->addresses6);
	podwall_regions_put(classifier->regions);
	podwall_port_map_put(classifier->ports);
	podwall_identities_put(classifier->identities);
	*classifier = (struct podwall_classifier){};
}

/**
 * podwall_classifier_size - the memory that a classifier holds, in bytes
 * @classifier: any; what it shares is reckoned as its own
 *
 * Context: Any.
 */
size_t podwall_classifier_size(const struct podwall_classifier *classifier)
{
	size_t size = classifier->rows.room * sizeof(struct podwall_row *);
	u32 i;

	for (i = 0; i < classifier->rows.count; i++)
		size += podwall_row_size(podwall_classifier_row(classifier, i));
	return size + podwall_address_map_size(classifier->addresses4) +
	       podwall_address_map_size(classifier->addresses6) +
	       podwall_regions_size(classifier->regions) +
	       podwall_port_map_size(classifier->ports) +
	       podwall_identities_size(classifier->identities);
}
