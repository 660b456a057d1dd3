/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that a page is made of; page.c has them built in.
 */
#ifndef NLCTL_GRAPH_PAGE_PARTS_H
#define NLCTL_GRAPH_PAGE_PARTS_H

/* page.html, in which {{NAME}} stands for a part, page.css and page.js. */
extern const char page_template[];
extern const char page_style[];
extern const char page_script[];

#endif
