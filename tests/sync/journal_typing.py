"""Somebody who types into a desk whose journal is in trouble."""

from collections.abc import Callable
from pathlib import Path

from tests.sync.test_journal import Desk, no_error, snapshot_of
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.sync.journal import Journal

PATIENCE = 30.0
"""Seconds after which a test that waits for a sentence has failed."""


def begun(path: Path, on_error: Callable[[str], None] = no_error) -> Desk:
    """A desk of three cues, all of it on disk."""
    desk = Desk(Journal.open(path, on_error), snapshot_of(3))
    desk.checkpoint()
    desk.journal.flush().result(PATIENCE)
    return desk


def typed(desk: Desk, text: str, cue_id: int = 1) -> None:
    desk.do(set_text(desk.snapshot, cue_id, text))
