/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_COMPILER_ATTRIBUTES_H
#define PODWALL_MODEL_LINUX_COMPILER_ATTRIBUTES_H

#include <sys/cdefs.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define __aligned(x) __attribute__((__aligned__(x)))
#define __cold __attribute__((__cold__))
#define __maybe_unused __attribute__((__unused__))
#define __must_check __attribute__((__warn_unused_result__))
#define __packed __attribute__((__packed__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __pure __attribute__((__pure__))
#define fallthrough __attribute__((__fallthrough__))
#define noinline __attribute__((__noinline__))

#endif
