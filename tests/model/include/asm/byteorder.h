/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_ASM_BYTEORDER_H
#define PODWALL_MODEL_ASM_BYTEORDER_H

#include <endian.h>

#define cpu_to_be16(word) htobe16(word)
#define cpu_to_be32(word) htobe32(word)
#define cpu_to_be64(word) htobe64(word)
#define be16_to_cpu(word) be16toh(word)
#define be32_to_cpu(word) be32toh(word)
#define be64_to_cpu(word) be64toh(word)

#endif
