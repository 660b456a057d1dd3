/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verbs, one a file; main.c has the table.
 */
#ifndef NLCTL_CMD_COMMANDS_H
#define NLCTL_CMD_COMMANDS_H

#include "arguments.h"

extern const struct command agent_command;
extern const struct command apply_command;
extern const struct command check_command;
extern const struct command complete_command;
extern const struct command diff_command;
extern const struct command explain_command;
extern const struct command flush_command;
extern const struct command get_command;
extern const struct command graph_command;
extern const struct command matrix_command;
extern const struct command metrics_command;
extern const struct command monitor_command;
extern const struct command restore_command;
extern const struct command save_command;
extern const struct command set_command;
extern const struct command stats_command;
extern const struct command status_command;

/* All of them; ends with NULL. */
extern const struct command *const commands[];

#endif
