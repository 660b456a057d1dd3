// SPDX-License-Identifier: GPL-2.0-only

#include <linux/gfp.h>
#include <linux/mm.h>

#include "address_slots.h"
#include "ledger.h"

u8 podwall_address_no_slots[PAGE_SIZE] __aligned(PAGE_SIZE);

/**
 * podwall_address_slots_create - make a page of slots that were never taken
 *
 * Context: Process context; may sleep.
 * Return: the page with one reference, the caller's, or NULL without memory.
 */
void *podwall_address_slots_create(void)
{
	void *slots = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT | __GFP_NOWARN);

	if (slots)
		podwall_ledger_made(PODWALL_LEDGER_ADDRESS_SLOTS);
	return slots;
}

/**
 * podwall_address_slots_get - take a reference
 * @slots: a page that the caller may reach
 *
 * Context: Any.
 */
void podwall_address_slots_get(void *slots)
{
	if (slots == podwall_address_no_slots)
		return;
	get_page(virt_to_page(slots));
	podwall_ledger_made(PODWALL_LEDGER_ADDRESS_SLOTS);
}

/**
 * podwall_address_slots_put - drop a reference, and the page with the last one
 * @slots: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context.
 */
void podwall_address_slots_put(void *slots)
{
	if (!slots || slots == podwall_address_no_slots)
		return;
	put_page(virt_to_page(slots));
	podwall_ledger_freed(PODWALL_LEDGER_ADDRESS_SLOTS);
}

/**
 * podwall_address_slots_are_own - whether nobody else holds a page
 * @slots: that the caller holds
 *
 * Context: Any.
 */
bool podwall_address_slots_are_own(const void *slots)
{
	return slots != podwall_address_no_slots &&
	       page_count(virt_to_page(slots)) == 1;
}

/**
 * podwall_address_slots_read - read the address of a slot
 * @family: AF_INET or AF_INET6
 * @slots: the page
 * @index: of the slot
 * @ip: receives it
 *
 * Context: Process context.
 */
void podwall_address_slots_read(u8 family, const void *slots, u32 index,
				struct podwall_ip *ip)
{
	const struct podwall_address_slot4 *slots4 = slots;
	const struct podwall_address_slot6 *slots6 = slots;

	*ip = (struct podwall_ip){ .family = family };
	if (family == AF_INET)
		ip->v4 = slots4[index].ip;
	else
		ip->v6 = slots6[index].ip;
}

/**
 * podwall_address_slots_write - write the address of a slot
 * @family: AF_INET or AF_INET6
 * @slots: the page; packets may be reading it
 * @index: of a slot that was never taken, or that has this address
 * @ip: the address
 *
 * Context: Process context.
 */
void podwall_address_slots_write(u8 family, void *slots, u32 index,
				 const struct podwall_ip *ip)
{
	struct podwall_address_slot4 *slots4 = slots;
	struct podwall_address_slot6 *slots6 = slots;
	int i;

	if (family == AF_INET) {
		WRITE_ONCE(slots4[index].ip, ip->v4);
		return;
	}
	for (i = 0; i < 4; i++)
		WRITE_ONCE(slots6[index].ip.s6_addr32[i], ip->v6.s6_addr32[i]);
}
