"""`python -m bot`, the same as `zhike`."""

import sys


def run() -> int:
    """The command line; a Ctrl-C while it still loads ends it quietly, too."""
    try:
        from bot.cli import main

        return main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(run())
