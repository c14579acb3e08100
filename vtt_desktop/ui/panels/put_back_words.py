"""What putting something back does to the cues that belong to it, in words: told before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.sync.sync_log import Preview, Replaced
from vtt_desktop.ui.dialogs.conflict_effects import Naming, effects
from vtt_desktop.ui.ports import Session


def beside_words(session: Session, button: str, edit: Edit, cue_id: int, stays: Sequence[Cue]) -> str:
    """What the edit that the `button` makes does to other cues than `cue_id`; which of those that belong to
    it stay as they are; and what a colleague's edit did to several cues, of which this is but one: words that
    stand twice then, or nowhere. Empty: there is nothing to be told."""
    cues = session.document.snapshot.cues
    naming = Naming(lambda one: cues.index_of(one) + 1 if cues.has(one) else None)
    every = [change for change in edit.changes if isinstance(change, CueChange)]
    others = tuple(Replaced(change.before, change.after) for change in every if change.id != cue_id)
    told = [effects(button, None, Preview(None, others, tuple(_twice(every, cues))), naming)]
    if stays:
        many = len(stays) > 1
        words = f"Cue{'s' if many else ''} {naming.of(stays)} {'stay' if many else 'stays'}"
        told.append(f"{words}, changed since then.")
    if gone := list(_nowhere(every, cues, session)):
        words = "The words of the cue" if len(gone) == 1 else f"The words of {len(gone)} cues:"
        told.append(
            f"{words} {naming.of(gone)} are nowhere then; another line of the sync log puts them back."
        )
    return " ".join(filter(None, told))


def _twice(every: Sequence[CueChange], cues: CueList) -> Iterator[Cue]:
    """Cues at the time of one that comes back which say what it says, and go on saying it."""
    changed = {change.id for change in every}
    for change in every:
        if change.before is None and change.after is not None and (said := _said(change.after)):
            near = cues.overlapping(change.after.start, change.after.end)
            yield from (cue for cue in near if cue.id not in changed and said in _said(cue))


def _nowhere(every: Sequence[CueChange], cues: CueList, session: Session) -> Iterator[Cue]:
    """Cues that are gone whose words are taken away from where they went, and do not come back."""
    back = {change.id for change in every}
    sides = [line.replaced for line in session.sync.log if line.replaced is not None]
    removed = {
        one.before.id: one.before for one in sides if isinstance(one.before, Cue) and one.after is None
    }
    gone = [cue for cue in removed.values() if not cues.has(cue.id) and cue.id not in back and _said(cue)]
    for change in every:
        if change.before is not None:
            was, now = change.before, _said(change.after) if change.after is not None else ""
            near = (cue for cue in gone if cue.start < was.end and was.start < cue.end)
            yield from (cue for cue in near if _said(cue) in _said(was) and _said(cue) not in now)


def _said(cue: Cue) -> str:
    return " ".join(spoken_text(cue.text).split())
