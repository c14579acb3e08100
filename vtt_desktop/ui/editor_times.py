"""The times of the cue in the editor: in-time, out-time and duration, each of which sets the others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.timecode import format_duration, format_time
from vtt_desktop.ui.time_field import TimeField

Make = Callable[[Snapshot, int], Edit]
"""An edit of the cue with that id."""


class CueTimes:
    """`cue` gives the one that is shown; `submit` hands an edit in and gives why it cannot be, or nothing."""

    def __init__(
        self, cue: Callable[[], Cue | None], submit: Callable[[Make], str], parent: QWidget | None = None
    ) -> None:
        self._cue, self._submit = cue, submit
        self.start = TimeField("In-time", "When the cue appears", format_time, parent)
        self.end = TimeField("Out-time", "When the cue goes", format_time, parent)
        self.duration = TimeField("Duration", "How long it shows, in seconds", format_duration, parent)
        self.fields = (self.start, self.end, self.duration)
        self.start.committed.connect(self._start_committed)
        self.end.committed.connect(lambda ms: self._set(self.end, self._cue_or_fail().start, ms))
        self.duration.committed.connect(self._duration_committed)

    def set_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown, and taken from those typed."""
        self.start.set_offset(ms)
        self.end.set_offset(ms)

    def show(self, cue: Cue | None) -> None:
        """The same cue as it is now. What is being typed stays."""
        for field, ms in zip(self.fields, _values(cue), strict=True):
            field.show_ms(ms)

    def show_other(self, cue: Cue | None) -> None:
        """Another cue, or none."""
        for field, ms in zip(self.fields, _values(cue), strict=True):
            field.show_other(ms)

    @property
    def unfinished(self) -> bool:
        """Whether a time is typed that the cue does not have."""
        return any(field.unfinished for field in self.fields)

    def finish(self) -> TimeField | None:
        """Hands in what is typed; the first field whose value cannot be taken, where it stays."""
        return next((field for field in self.fields if not field.commit()), None)

    def leave(self) -> str:
        """Hands in what is typed, and puts back what cannot be taken; then a sentence on that."""
        said = [field.leave() for field in self.fields]
        return next(filter(None, said), "")

    def _cue_or_fail(self) -> Cue:
        cue = self._cue()
        assert cue is not None, "the fields are disabled while there is no cue"
        return cue

    def _start_committed(self, ms: int) -> None:
        """A new in-time; one behind the out-time moves the whole cue, since that is what can be meant."""
        cue = self._cue_or_fail()
        self._set(self.start, ms, cue.end if ms < cue.end else ms + max(cue.duration, 1))

    def _duration_committed(self, ms: int) -> None:
        start = self._cue_or_fail().start
        self._set(self.duration, start, start + ms)

    def _set(self, field: TimeField, start: int, end: int) -> None:
        why = self._submit(lambda snapshot, cue_id: set_times(snapshot, cue_id, start, end))
        self.show(self._cue())
        if why:
            field.refuse(why)


def _values(cue: Cue | None) -> tuple[int, int, int]:
    return (cue.start, cue.end, cue.duration) if cue is not None else (0, 0, 0)
