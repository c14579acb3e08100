"""`python -m vtt_desktop`: the same program as the `vtt-desktop` command."""

import sys

from vtt_desktop.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
