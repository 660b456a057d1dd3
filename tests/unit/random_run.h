/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that go on with one random case after the other. The seed is printed, and
 * PODWALL_SEED sets it: that of a failure begins a run with the case that failed.
 */
#ifndef UNIT_RANDOM_RUN_H
#define UNIT_RANDOM_RUN_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/cluster.h"

/**
 * struct random_run - cases, each of a seed of its own
 * @test: tests one of that seed; returns how many parts of it were compared
 * @most: so many at most
 * @seconds: after so many none is begun; 0 for no limit
 * @cases: what they are called, in plural
 * @parts: what their parts are called, in plural
 * @seed: that of the case that runs; that of a failure in the end
 * @case_count: so many were fine
 * @part_count: with so many parts
 */
struct random_run {
	size_t (*test)(uint64_t seed);
	unsigned int most;
	unsigned int seconds;
	const char *cases;
	const char *parts;
	uint64_t seed;
	unsigned int case_count;
	size_t part_count;
};

/**
 * random_run_all() - test case after case, as the only test of a program
 * @name: of the test, which fails when no part of any case was compared
 * @run: what to test; the line that says what it came to is printed after a failure
 *	too
 *
 * Return: what main() is to return.
 */
int random_run_all(const char *name, struct random_run *run);

/**
 * read_generated() - read the manifests of a random cluster
 * @manifests: the objects; the test fails when one has an error
 * @cluster: receives them; start with zeroes
 */
void read_generated(const json_t *manifests, struct cluster *cluster);

#endif
