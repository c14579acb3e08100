"""Go to a cue by its number, or to a moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.time_field import parse_shown_time


def place_meant(snapshot: Snapshot, typed: str, time_offset: int = 0) -> tuple[int, int | None]:
    """The id of the cue that `17` (its number) or `1:02.5` (a moment) means, and the moment (ms) where it is
    one; UserError where there is none.

    A moment between two cues means the one that comes next. Shown times are `time_offset` (ms) later than
    those of the cues.
    """
    cues = snapshot.cues
    words = typed.strip().removeprefix("#")
    if not len(cues):
        raise UserError("There are no cues yet.")
    if words.isascii() and words.isdigit():
        number = int(words[:12])
        if not 1 <= number <= len(cues):
            raise UserError(f"There is no cue {words[:12]}.", f"The last one is {len(cues):,}.")
        return cues[number - 1].id, None
    ms = parse_shown_time(words, time_offset)
    if ms is None:
        raise UserError("Type a cue's number, or a time like 1:02.5.")
    return next((cue.id for cue in cues if cue.end > ms), cues[-1].id), ms


class GoToDialog(FormDialog):
    """One line: a number or a time. `go` is told the cue's id, and the moment (ms) where a time was typed."""

    def __init__(
        self,
        snapshot: Snapshot,
        time_offset: int,
        go: Callable[[int, int | None], object],
        spawn: Spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Go to", "", "Go", spawn, parent, width=340)
        self._snapshot, self._time_offset, self._go = snapshot, time_offset, go
        self.place = QLineEdit()
        self.add_row("Cue or time", self.place, f"1 to {len(snapshot.cues):,}, or a time like 1:02.5.")
        self.place.setFocus()

    def work(self) -> None:
        self._go(*place_meant(self._snapshot, self.place.text(), self._time_offset))
