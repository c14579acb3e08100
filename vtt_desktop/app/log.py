"""The program's log: where a bug is found afterwards. Headers and tokens are never logged."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import platformdirs

LARGEST = 1_000_000


def log_path() -> Path:
    """Where the log is."""
    return Path(platformdirs.user_log_dir("vtt-desktop")) / "vtt-desktop.log"


def start_log() -> None:
    """Logs warnings and bugs to a file that stays small; where none can be written, nothing is logged."""
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            log_path(), maxBytes=LARGEST, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
