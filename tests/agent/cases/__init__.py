# SPDX-License-Identifier: GPL-2.0-only
"""The cases; each is a function of a world."""

from . import credentials, kinds, lists, storage, watches

# By name, in the order in which they run.
CASES = {name.removeprefix("case_"): function
         for module in (kinds, lists, watches, storage, credentials)
         for name, function in vars(module).items() if name.startswith("case_")}
