"""`python -m vtt_desktop.server`."""

import sys

from vtt_desktop.server.main import main

sys.exit(main())
