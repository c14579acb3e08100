"""Somebody who types into a desk whose journal is in trouble."""

from tests.sync.test_journal import Desk
from vtt_desktop.domain.edits_text import set_text

PATIENCE = 30.0
"""Seconds after which a test that waits for a sentence has failed."""


def typed(desk: Desk, text: str, cue_id: int = 1) -> None:
    desk.do(set_text(desk.snapshot, cue_id, text))
