// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "text_scan.h"

bool scan_fail(struct scan *scan, const char *wrong)
{
	if (!scan->wrong)
		scan->wrong = wrong;
	return false;
}

void scan_blanks(struct scan *scan)
{
	while (*scan->at == ' ' || *scan->at == '\t')
		scan->at++;
}

bool scan_take(struct scan *scan, char c)
{
	if (*scan->at != c)
		return false;
	scan->at++;
	return true;
}

size_t scan_name(const struct scan *scan)
{
	size_t length = 0;

	while (isalnum((unsigned char)scan->at[length]) ||
	       scan->at[length] == '-')
		length++;
	return length;
}

bool scan_integer(struct scan *scan, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(scan->at, &end, 10);
	if (end == scan->at || errno)
		return scan_fail(scan, "a number is expected");
	scan->at = end;
	return true;
}

bool scan_bounded(struct scan *scan, long long least, long long most,
		  long long *number)
{
	if (!scan_integer(scan, number))
		return false;
	if (*number < least || *number > most)
		return scan_fail(scan, "a number is out of range");
	return true;
}
