"""The status bar: the truth about the sync at a glance, in words and by shape, never by colour alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from vtt_desktop.sync.segment import Phase
from vtt_desktop.sync.state import Link, Summary
from vtt_desktop.ui.icons import icon, pixmap
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT, Theme


@dataclass(frozen=True, slots=True)
class Words:
    """What the status bar says of the link: an icon's name, the colour's name in the theme, a sentence."""

    icon: str
    color: str
    text: str


def sync_words(summary: Summary) -> Words:
    """The state of the sync in words. `All saved on server` is said only where nothing at all is left."""
    waiting = summary.waiting
    queued = f"{_edits(waiting)} queued" if waiting else "nothing queued"
    match summary.link:
        case Link.LOCAL:
            return Words("file", "muted", "Local file")
        case Link.OFFLINE:
            return Words("offline", "warn" if waiting else "muted", f"Offline — {queued}")
        case Link.UNREACHABLE:
            return Words("unreachable", "warn", f"Cannot reach server — {queued}")
        case Link.NEEDS_TOKEN:
            return Words("key", "warn", f"Token needed — {queued}")
        case Link.READ_ONLY if summary.setback is not None:
            unsent = f"{queued}, " if waiting else ""
            return Words("conflict", "warn", f"The server went back — {unsent}choose how to go on")
        case Link.READ_ONLY:
            unsent = f" — {_edits(waiting)} not sent" if waiting else ""
            return Words("lock", "warn", f"Read-only{unsent}")
    unconfirmed = summary.phases.get(Phase.UNKNOWN, 0)
    if unconfirmed:
        return Words("badge-unknown", "warn", f"{_edits(unconfirmed)} unconfirmed")
    if summary.phases.get(Phase.SENDING, 0):
        return Words("badge-sending", "accent", f"Sending {_edits(waiting)}")
    if waiting:
        return Words("badge-dirty", "accent", f"{_edits(waiting)} waiting")
    if summary.conflicts or summary.refused:
        return Words("online", "muted", "All else saved on server")
    return Words("online", "ok", "All saved on server")


def file_words(session: Session, typing: bool = False) -> str:
    """Whether the file on disk has what the window shows; `typing`: a field shows what the document lacks."""
    if session.path is None:
        return "No file" if session.shared_url else "Not saved yet"
    return "Edited" if session.unsaved or typing else "Saved"


def _edits(count: int) -> str:
    return "1 edit" if count == 1 else f"{count:,} edits"


class StatusRow(QWidget):
    """The status bar's one widget. Every announcement costs the same, however long the document is."""

    conflicts_requested = Signal()
    refused_requested = Signal()
    token_requested = Signal()
    setback_requested = Signal()
    """The server went back, and the person wants to decide."""
    problems_requested = Signal()
    offline_requested = Signal()
    encoding_requested = Signal()
    """The person wants the file read or written with another encoding."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._theme = session, selection, theme
        self._disconnect: list[Callable[[], None]] = []
        self._typing = False
        self._drawn: tuple[object, ...] = ()
        self._alarm = QLabel()
        self._alarm.setProperty("role", "alarm")
        self._sign = QLabel()
        self._link = QToolButton()
        self._link.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._link.clicked.connect(self._link_clicked)
        self._conflicts = self._button("Open the conflicts (Ctrl+Shift+K)", self.conflicts_requested)
        self._refused = self._button("List what the server refused (Ctrl+Alt+R)", self.refused_requested)
        self._problems = self._button("Show or hide the problems (Ctrl+F8)", self.problems_requested)
        self._problems.hide()
        self._problem_count = 0
        self._offline = self._button("", self.offline_requested)
        self._offline.setText(" Work offline")  # a little room between icon and words
        self._offline.setAccessibleName("Work offline")
        self._offline.setCheckable(True)
        self._place, self._clock, self._file = QLabel(), QLabel(), QLabel()
        self._clock.hide()
        self._kind = self._button("", self.encoding_requested)
        self._kind.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, 0, 2 * UNIT, 0)
        row.setSpacing(UNIT)
        for widget in (self._sign, self._link, self._conflicts, self._refused, self._alarm):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._problems)
        row.addSpacing(2 * UNIT)
        for part in (self._place, self._clock, self._kind, self._file):
            part.setProperty("role", "muted")
            row.addWidget(part)
            row.addSpacing(2 * UNIT)
        row.addWidget(self._offline)
        selection.changed.connect(lambda _selection: self._show_place())
        self.set_session(session)

    def set_session(self, session: Session) -> None:
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [
            session.sync.changed.connect(lambda _change: self._show_sync()),
            session.document.changed.connect(lambda _change: self._show_document()),
            session.changed.connect(lambda _nothing: self._show_document()),
        ]
        self._drawn = ()
        self._show_sync()
        self._show_document()

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._drawn = theme, ()
        self._show_sync()
        self._draw_problems()

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown."""
        self._clock.setVisible(bool(ms))
        words = f"Times {'+' if ms > 0 else '−'} {abs(ms) / 1000:.3f} s"
        self._clock.setText(words)
        self._clock.setToolTip(
            f"The header line X-TIMESTAMP-MAP puts the cues on the film's clock: all times that you see and "
            f"type are {abs(ms) / 1000:.3f} s {'later' if ms > 0 else 'earlier'} than those in the file."
        )
        self._clock.setAccessibleName(f"{words}, by X-TIMESTAMP-MAP")

    def set_typing(self, typing: bool) -> None:
        """Whether a field shows what the document does not have yet."""
        if typing != self._typing:
            self._typing = typing
            self._show_document()

    def set_problems(self, count: int) -> None:
        """How many problems the checks know of."""
        if count != self._problem_count:
            self._problem_count = count
            self._draw_problems()

    def _draw_problems(self) -> None:
        count = self._problem_count
        self._count(self._problems, "error", self._theme.muted, count, "1 problem", "problems")

    @property
    def words(self) -> str:
        """All that the bar says of the sync, as a person reads it from left to right."""
        shown = (self._link, self._conflicts, self._refused, self._alarm)
        return " · ".join(widget.text().strip() for widget in shown if not widget.isHidden())

    def _show_sync(self) -> None:
        summary = self._session.sync.summary
        held = self._session.read_only
        words = Words("lock", "warn", "Read only: open in another program") if held else sync_words(summary)
        offline, shared = self._session.offline, summary.link is not Link.LOCAL
        state = (
            words,
            summary.detail,
            summary.conflicts,
            summary.refused,
            summary.journal_error,
            offline,
            shared,
        )
        if state == self._drawn:
            return
        self._drawn = state
        t = self._theme
        color = getattr(t, words.color)
        self._sign.setPixmap(pixmap(words.icon, color, 16, self.devicePixelRatioF()))
        self._link.setText(words.text)
        where = self._session.shared_url or ""
        self._link.setToolTip(
            "\n".join(line for line in (held or words.text, "" if held else summary.detail, where) if line)
        )
        self._link.setAccessibleName(f"Sync: {words.text}")
        self._count(self._conflicts, "conflict", t.warn, summary.conflicts, "1 conflict", "conflicts")
        self._count(self._refused, "badge-refused", t.bad, summary.refused, "1 refused", "refused")
        self._alarm.setVisible(bool(summary.journal_error))
        self._alarm.setText(
            "Edits are not being written down" if summary.unwritten else "The project was moved"
        )
        self._alarm.setToolTip(summary.journal_error)
        self._alarm.setAccessibleDescription(summary.journal_error)
        self._offline.setVisible(shared and not held)
        self._offline.setChecked(offline)
        self._offline.setIcon(icon("offline", t.warn if offline else t.text))
        tip = "Send what is queued and listen to the server again" if offline else "Keep editing; send later"
        self._offline.setToolTip(tip)

    def _show_document(self) -> None:
        words = file_words(self._session, self._typing)
        if self._file.text() != words:
            self._file.setText(words)
            self._file.setToolTip(str(self._session.path or "Save As… (Ctrl+Shift+S) makes a file"))
        kind = f"{self._session.format_name} · {self._session.encoding.upper()}"
        if self._kind.text() != kind:
            self._kind.setText(kind)
            self._kind.setAccessibleName(f"Format and encoding: {kind}")
            self._kind.setToolTip(
                "WebVTT is always UTF-8"
                if self._session.format_name == "WebVTT"
                else "Read the file again with another encoding"
            )
        self._show_place()

    def _show_place(self) -> None:
        cues = self._session.document.snapshot.cues
        current, chosen = self._selection.current, len(self._selection.selected)
        total = "1 cue" if len(cues) == 1 else f"{len(cues):,} cues"
        if chosen > 1:
            total = f"{chosen:,} of {total} selected"
        elif current is not None and cues.has(current):
            total = f"Cue {cues.index_of(current) + 1:,} of {len(cues):,}"
        if self._place.text() != total:
            self._place.setText(total)

    def _count(self, button: QToolButton, name: str, color: QColor, count: int, one: str, many: str) -> None:
        button.setVisible(count > 0)
        words = one if count == 1 else f"{count:,} {many}"
        button.setText(f" {words}")
        button.setAccessibleName(words)
        button.setIcon(icon(name, color))

    def _link_clicked(self) -> None:
        if self._session.sync.link is Link.NEEDS_TOKEN:
            self.token_requested.emit()
        elif self._session.sync.setback is not None:
            self.setback_requested.emit()

    def _button(self, tip: str, signal: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.clicked.connect(lambda: signal.emit())
        return button
