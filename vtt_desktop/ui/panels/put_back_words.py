"""What putting something back does to the cues that belong to it, in words: told before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.sync.sync_log import Preview, Replaced
from vtt_desktop.ui.dialogs.conflict_effects import Naming, effects
from vtt_desktop.ui.ports import Session


def beside_words(session: Session, button: str, edit: Edit, cue_id: int, stays: Sequence[Cue]) -> str:
    """What the edit that the `button` makes does to other cues than `cue_id`; and which of those that belong
    to it stay as they are. Empty: there are none."""
    cues = session.document.snapshot.cues
    naming = Naming(lambda one: cues.index_of(one) + 1 if cues.has(one) else None)
    changes = (change for change in edit.changes if isinstance(change, CueChange) and change.id != cue_id)
    others = tuple(Replaced(change.before, change.after) for change in changes)
    also = effects(button, None, Preview(None, others), naming)
    if not stays:
        return also
    many = len(stays) > 1
    words = f"Cue{'s' if many else ''} {naming.of(stays)} {'stay' if many else 'stays'}, changed since then."
    return f"{also} {words}".lstrip()
