# SPDX-License-Identifier: GPL-2.0-only
"""Results as TAP."""

import sys
import traceback


class Tap:
    """Counts results, and prints each when it is there."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, good, name, *why):
        self.count += 1
        self.failed += not good
        name = str(name).replace("#", "\\#")
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            for line in "\n".join(str(one) for one in why).splitlines():
                print(f"# {line}")
        sys.stdout.flush()
        return good

    def equal(self, got, expected, name):
        return self.result(
            got == expected, name, f"expected: {expected!r}", f"got:      {got!r}"
        )

    def run(self, name, function, *arguments):
        """Call what raises when it fails."""
        try:
            function(*arguments)
        except Exception:  # pylint: disable=broad-except
            return self.result(False, name, traceback.format_exc())
        return self.result(True, name)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
