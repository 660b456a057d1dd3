/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NETLINK_FUZZ_TEXT_VALUE_H
#define NETLINK_FUZZ_TEXT_VALUE_H

#include "program.h"
#include "text_scan.h"

/* What an attribute holds that is no nest: see text.h. */
bool text_read_value(struct scan *scan, struct attribute *attribute);

#endif
