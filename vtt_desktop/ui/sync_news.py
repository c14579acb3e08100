"""What the sync makes the window say aloud: edits that are not written down, not taken, or never sent."""

from __future__ import annotations

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import NotKeptError, ReadOnlyError, ServerRefusedError, UndecidedError
from vtt_desktop.sync.phase import Link, Phase
from vtt_desktop.sync.refusals import cue_of
from vtt_desktop.sync.state import Summary
from vtt_desktop.sync.sync_log import named
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.report import Report

_KEEP_SAFE = "Save them as a file (Ctrl+Shift+S) to be safe."
_LIST = "They are kept here. Ctrl+Alt+R lists them with its reasons."
_REMOVAL = "Others see it still. Ctrl+Alt+R lists it: try again there, or put it back."
_NOT_SENT = "What you edit is kept here and never sent; Ctrl+Shift+S saves it as a file."


class SyncNews:
    """Each thing is said once, in the report, and taken back when it is over. The status bar keeps it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._journal_error = self._read_only = ""
        self._refused = 0

    def set_session(self, session: Session) -> None:
        """Another document: what the server refused of it another day is said by the status bar alone."""
        self._report.over(ReadOnlyError)
        self._read_only = ""
        summary = session.sync.summary
        self._refused = summary.refused
        self.follow(session, summary)

    def follow(self, session: Session, summary: Summary) -> None:
        """Something changed in the sync; `summary` is as it is now."""
        if not summary.conflicts:
            self._report.over(UndecidedError)
        if not session.read_only:  # by another program, which was said when it was opened
            self._say_read_only(summary)
        self._say_refused(session, summary.refused, sent=not summary.waiting)
        self._say_not_kept(summary)

    def _say_read_only(self, summary: Summary) -> None:
        """A server that must not be written to, and why."""
        closed = summary.link is Link.READ_ONLY and summary.setback is None
        why = summary.detail if closed else ""
        if why == self._read_only:
            return
        self._read_only = why
        if why:
            self._report.user_error(ReadOnlyError(why, _NOT_SENT))
        else:
            self._report.over(ReadOnlyError)

    def _say_refused(self, session: Session, refused: int, *, sent: bool) -> None:
        """When all of an edit was sent, and several of its cues were refused, the list of them is offered; of
        one the row tells, but of a removal, which has none."""
        if not refused:
            self._report.over(ServerRefusedError)
        if sent:
            if refused > max(1, self._refused):
                self._report.user_error(ServerRefusedError(f"The server refused {refused:,} edits.", _LIST))
            elif refused > self._refused and (gone := _refused_removal(session)) is not None:
                words = f"The server refused to remove the cue at {named(gone)}."
                self._report.user_error(ServerRefusedError(words, _REMOVAL))
            self._refused = refused

    def _say_not_kept(self, summary: Summary) -> None:
        error = summary.journal_error
        if error == self._journal_error:
            return
        self._journal_error = error
        if error:
            self._report.user_error(NotKeptError(error, _KEEP_SAFE if summary.unwritten else ""))
        else:
            self._report.over(NotKeptError)


def _refused_removal(session: Session) -> Cue | None:
    """A cue that was removed here and is on the server, which refuses that."""
    cues = session.document.snapshot.cues
    refused = (one for one in session.sync.segments.values() if one.phase is Phase.REFUSED)
    found = (cue_of(one, cues) for one in refused)
    return next((cue for cue in found if cue is not None and not cues.has(cue.id)), None)
