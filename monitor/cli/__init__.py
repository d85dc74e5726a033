"""The command line. Heavy imports stand inside the commands: `--help` and completion answer at once."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """The command `monitor`: exit status 0 fine, 1 a failure told on stderr, 2 wrong usage or configuration, 130 on Ctrl-C."""
    from monitor.cli.app import app
    from monitor.cli.failing import told
    from monitor.cli.helping import quick_help

    if "_MONITOR_COMPLETE" in os.environ:
        from monitor.cli.completing import be_quick

        be_quick()
    with told():
        if help_text := quick_help(app, sys.argv[1:]):
            sys.stdout.write(help_text + "\n")
            sys.exit(0)
        status = app(prog_name="monitor", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
