// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

/*
 * cmocka's assertions, which the shared files of tests/unit use, end the
 * program where it keeps the input.
 */
int LLVMFuzzerInitialize(int *count, char ***arguments);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	return setenv("CMOCKA_TEST_ABORT", "1", 1);
}
