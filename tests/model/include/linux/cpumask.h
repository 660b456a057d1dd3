/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_CPUMASK_H
#define PODWALL_MODEL_LINUX_CPUMASK_H

#include <linux/kernel.h>

#define nr_cpu_ids 1u
#define num_possible_cpus() 1u
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 1; (cpu)++)

#endif
