// SPDX-License-Identifier: GPL-2.0-only

#include <linux/module.h>

MODULE_DESCRIPTION("Tests of podwall's policy");
MODULE_LICENSE("GPL");
