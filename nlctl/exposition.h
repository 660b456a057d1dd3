/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parts of Prometheus' text exposition format, version 0.0.4.
 */
#ifndef NLCTL_EXPOSITION_H
#define NLCTL_EXPOSITION_H

#include <stdint.h>
#include <stdio.h>

/* What a text in this format says it is, over HTTP. */
#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/**
 * exposition_begin() - write what stands in front of the samples of a name
 * @out: where to write
 * @name: of the metric
 * @type: "gauge", "counter", "summary" or "histogram"
 * @help: what it means, one line, without a backslash
 */
void exposition_begin(FILE *out, const char *name, const char *type,
		      const char *help);

/**
 * exposition_number() - write a metric of one sample
 * @out: where to write
 * @name: see exposition_begin()
 * @type: likewise
 * @value: of the sample
 * @help: see exposition_begin()
 */
void exposition_number(FILE *out, const char *name, const char *type,
		       uint64_t value, const char *help);

/**
 * exposition_seconds() - write a sample that is a duration
 * @out: where to write
 * @name: of the sample
 * @value: nanoseconds; written as seconds, without what rounding would lose
 */
void exposition_seconds(FILE *out, const char *name, uint64_t value);

/**
 * exposition_duration() - write a metric of one sample that is a duration
 * @out: where to write
 * @name: see exposition_begin()
 * @type: likewise
 * @value: nanoseconds
 * @help: see exposition_begin()
 */
void exposition_duration(FILE *out, const char *name, const char *type,
			 uint64_t value, const char *help);

/**
 * exposition_label() - write a label and its value
 * @out: where to write
 * @label: its name
 * @value: any bytes; what is not UTF-8 becomes U+FFFD
 */
void exposition_label(FILE *out, const char *label, const char *value);

#endif
