"""Cues that come, go, split and merge, and going from one to the next."""

from __future__ import annotations

from collections.abc import Callable

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST
from vtt_desktop.domain.edits_text import insert_cue, merge_cues, remove_cues, split_cue
from vtt_desktop.ui.actions.reasons import needs_cue
from vtt_desktop.ui.commands import Command
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

LENGTH = 2000
"""Milliseconds that a new cue lasts where there is room."""

_MENU = ("Cue",)


class CueActions:
    """`caret` is where in the current cue's text the editor stands, or None; `position` the playhead, ms;
    `type_text` gives the text box the focus."""

    def __init__(
        self,
        current: Callable[[], Session],
        selection: Selection,
        caret: Callable[[], int | None],
        position: Callable[[], int],
        type_text: Callable[[], object],
    ) -> None:
        self._current, self._selection = current, selection
        self._caret, self._position, self._type_text = caret, position, type_text

    def commands(self) -> list[Command]:
        one = needs_cue(self._current, self._selection)
        return [
            Command(
                "insert-after",
                "Insert after",
                self.insert_after,
                _MENU,
                ("Alt+Ins",),
                icon="insert-after",
                tip="A new cue behind the current one",
            ),
            Command(
                "insert-before",
                "Insert before",
                self.insert_before,
                _MENU,
                ("Ctrl+Shift+Ins",),
                icon="insert-before",
                disabled_reason=one,
                tip="A new cue before the current one",
            ),
            Command(
                "delete",
                "Delete",
                self.delete,
                _MENU,
                work_keys=("Del",),
                icon="delete",
                disabled_reason=one,
                tip="The selected cues",
            ),
            Command(
                "split",
                "Split at cursor",
                self.split,
                _MENU,
                ("Ctrl+Alt+V",),
                icon="split",
                disabled_reason=one,
                section=1,
                tip="Two cues where the text cursor stands",
            ),
            Command(
                "split-playhead",
                "Split at playhead",
                self.split_at_playhead,
                _MENU,
                ("Ctrl+Alt+P",),
                disabled_reason=self._playhead_outside,
                section=1,
                tip="Two cues at the moment that is shown",
            ),
            Command(
                "merge",
                "Merge selected",
                self.merge,
                _MENU,
                ("Ctrl+Shift+M",),
                icon="merge",
                disabled_reason=self._not_several,
                section=1,
                tip="One cue of neighbours",
            ),
            Command(
                "previous-cue",
                "Previous cue",
                lambda: self._go(-1),
                _MENU,
                ("Alt+Up",),
                icon="previous",
                disabled_reason=self._at_first,
                section=2,
            ),
            Command(
                "next-cue",
                "Next cue",
                lambda: self._go(1),
                _MENU,
                ("Alt+Down",),
                icon="next",
                disabled_reason=self._at_last,
                section=2,
            ),
            Command(
                "type-text",
                "Type in the current cue",
                self._type_text,
                _MENU,
                ("F4",),
                icon="text",
                disabled_reason=one,
                section=2,
                tip="Go to the text box",
            ),
        ]

    @property
    def _snapshot(self) -> Snapshot:
        return self._current().document.snapshot

    def insert_after(self) -> None:
        cues, at = self._snapshot.cues, self._here()
        if at is None:
            start = self._position() if not len(cues) else cues[-1].end
            self._insert(start, start + LENGTH, cues[-1].id if len(cues) else FIRST)
            return
        start = cues[at].end
        room = cues[at + 1].start if at + 1 < len(cues) else start + LENGTH
        self._insert(start, start + LENGTH if room <= start else min(room, start + LENGTH), cues[at].id)

    def insert_before(self) -> None:
        cues, at = self._snapshot.cues, self._here()
        if at is None:
            return
        end = cues[at].start
        room = cues[at - 1].end if at else 0
        start = max(room, end - LENGTH) if room < end else max(0, end - LENGTH)
        self._insert(start, max(end, start + 1), self._snapshot.follows(cues[at].id))

    def delete(self) -> None:
        self._current().submit(remove_cues(self._snapshot, self._chosen()))

    def split(self) -> None:
        self._split(at_char=self._caret(), at_ms=None)

    def split_at_playhead(self) -> None:
        self._split(at_char=None, at_ms=self._position())

    def merge(self) -> None:
        ids = self._chosen()
        first = min(ids, key=self._snapshot.cues.index_of)
        self._current().submit(merge_cues(self._snapshot, ids))
        self._selection.select_one(first)

    def _insert(self, start: int, end: int, follows: int) -> None:
        session = self._current()
        cue = Cue(session.document.new_id(), start, end, "")
        session.submit(insert_cue(cue, follows))
        self._selection.select_one(cue.id)
        self._type_text()

    def _split(self, *, at_char: int | None, at_ms: int | None) -> None:
        session, cue_id = self._current(), self._selection.current
        if cue_id is not None:
            fresh = session.document.new_id()
            session.submit(split_cue(self._snapshot, cue_id, fresh, at_char=at_char, at_ms=at_ms))

    def _go(self, by: int) -> None:
        cues, at = self._snapshot.cues, self._here()
        self._selection.select_one(cues[0 if at is None else at + by].id)

    def _here(self) -> int | None:
        cues, current = self._snapshot.cues, self._selection.current
        return cues.index_of(current) if current is not None and cues.has(current) else None

    def _chosen(self) -> list[int]:
        return [cue_id for cue_id in self._selection.selected if self._snapshot.cues.has(cue_id)]

    def _not_several(self) -> str | None:
        return None if len(self._selection.selected) > 1 else "Select two or more neighbouring cues to merge."

    def _at_first(self) -> str | None:
        if not len(self._snapshot.cues):
            return "There are no cues yet."
        return "This is the first cue." if self._here() == 0 else None

    def _at_last(self) -> str | None:
        if not len(self._snapshot.cues):
            return "There are no cues yet."
        return "This is the last cue." if self._here() == len(self._snapshot.cues) - 1 else None

    def _playhead_outside(self) -> str | None:
        cue = self._snapshot.cues.get(self._selection.current or FIRST)
        if cue is None:
            return "Select a cue first."
        inside = cue.start < self._position() < cue.end
        return None if inside else "The playhead is not inside the current cue."
