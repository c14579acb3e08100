"""The three versions of a cue side by side, field by field, with what differs marked in the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.timecode import format_duration, format_time
from vtt_desktop.ui.dialogs.conflict_fields import FieldVersions
from vtt_desktop.ui.dialogs.conflict_keys import PLAY
from vtt_desktop.ui.dialogs.conflict_words import field_name
from vtt_desktop.ui.editor_text_box import TEXT_PX
from vtt_desktop.ui.elided_label import ElidedLabel
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.theme import UNIT, Theme, font
from vtt_desktop.ui.word_marks import Mark, Piece, as_html, as_words, marked

SIDES = ("Before", "Mine", "Theirs")
_WHOLE = ("identifier", "start", "end", "speaker")
_NAMES_WIDE = 16 * UNIT
_LEAST_HIGH = 60 * UNIT
"""With all else in the dialog this fits into a window of 600 px."""


class VersionColumns(QScrollArea):
    """Read-only. `play` gets a version's in- and out-time; without it there is nothing to press."""

    def __init__(self, theme: Theme, play: Callable[[int, int], None] | None) -> None:
        super().__init__()
        self._theme, self._play = theme, play
        self._offset = 0
        self._rows: Sequence[FieldVersions] = ()
        self._cues: tuple[Cue | None, ...] = (None, None, None)
        self._times: dict[str, ElidedLabel] = {}
        self._outcomes: tuple[Cue | None, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Versions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the arrow keys scroll it

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_versions(self._rows, self._cues, self._offset)
        self.show_outcomes(*self._outcomes)

    def show_versions(
        self, rows: Sequence[FieldVersions], cues: Sequence[Cue | None], time_offset: int = 0
    ) -> None:
        """The rows, and the cues as they were, are here and are there (for their times, shown `time_offset`
        ms later)."""
        self._offset = time_offset
        self._rows, self._cues = rows, tuple(cues)
        page = QWidget()
        page.setAutoFillBackground(False)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 2 * UNIT, 0)
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(UNIT)
        grid.setColumnMinimumWidth(0, _NAMES_WIDE)
        for column, (side, cue) in enumerate(zip(SIDES, self._cues, strict=True), 1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(self._heading(side, cue), 0, column)
        for at, row in enumerate(rows, 1):
            name = QLabel(field_name(row.field))
            name.setProperty("role", "warn" if row.clash else "muted")
            if row.clash:
                name.setToolTip("Both sides changed this")
            top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
            name.setContentsMargins(0, UNIT + 2, 0, 0)
            grid.addWidget(name, at, 0, top)
            for column, value in enumerate((row.base, row.mine, row.theirs), 1):
                grid.addWidget(self._cell(row, SIDES[column - 1], value, column > 1), at, column)
        texts = [at for at, row in enumerate(rows, 1) if row.field == "text"]
        for at in texts or [len(rows) + 1]:  # what room there is shall be the words' own
            grid.setRowStretch(at, 1)
        self.setWidget(page)
        before: QWidget = self
        for button in page.findChildren(QToolButton):  # made anew each time: else Tab comes to them last
            self.setTabOrder(before, button)
            before = button
        self.updateGeometry()

    def show_outcomes(self, *outcomes: Cue | None) -> None:
        """What choosing mine, and theirs, makes of the cue: its times then, where they are others."""
        self._outcomes = outcomes
        for side, cue, then in zip(SIDES[1:], self._cues[1:], outcomes, strict=False):
            if cue is None:
                continue
            words = self._span(cue)
            if then is not None and (then.start, then.end) != (cue.start, cue.end):
                words += f" → {self._span(then) if then.start != cue.start else _lasts(then)}"
            self._times[side].show_words(words)

    def _span(self, cue: Cue) -> str:
        return f"{format_time(cue.start + self._offset, hours=False)}, {_lasts(cue)}"

    def sizeHint(self) -> QSize:
        """As high as what is shown, at the width that it has."""
        page = self.widget()
        if page is None:
            return super().sizeHint()
        wide = max(self.viewport().width(), page.minimumSizeHint().width())
        high = page.heightForWidth(wide) if page.hasHeightForWidth() else page.sizeHint().height()
        edge = 2 * self.frameWidth()
        return QSize(page.sizeHint().width() + edge, high + edge)

    def minimumSizeHint(self) -> QSize:
        """What differs is seen before all else: it is not for want of room that it has to be scrolled to."""
        least = super().minimumSizeHint()
        return QSize(least.width(), max(least.height(), min(self.sizeHint().height(), _LEAST_HIGH)))

    def _heading(self, side: str, cue: Cue | None) -> QWidget:
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(2 * UNIT, 0, 0, 0)
        line.setSpacing(2 * UNIT)
        name = QLabel(side)
        strong = name.font()
        strong.setWeight(strong.Weight.DemiBold)
        name.setFont(strong)
        line.addWidget(name)
        times = ElidedLabel()
        times.setContentsMargins(0, 0, 0, 0)
        self._times[side] = times
        times.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # the button has them, too
        line.addWidget(times, 1)
        if cue is not None:
            times.show_words(self._span(cue))
        if cue is not None and self._play is not None:
            play, start, end = self._play, cue.start, cue.end
            button = QToolButton()
            button.setIcon(icon("play-cue", self._theme.text))
            keys = PLAY[SIDES.index(side)]
            QShortcut(QKeySequence(keys), bar, lambda: play(start, end))
            seen = f"{format_time(start + self._offset)} to {format_time(end + self._offset)}"
            button.setToolTip(f"Play {seen} ({keys})")
            button.setAccessibleName(f"Play the time of {side.lower()}")
            button.clicked.connect(lambda: play(start, end))
            line.addWidget(button)
        bar.setFixedHeight(7 * UNIT)
        return bar

    def _cell(self, row: FieldVersions, side: str, value: str | None, against_base: bool) -> QLabel:
        cell = QLabel()
        cell.setTextFormat(Qt.TextFormat.RichText)
        cell.setWordWrap(True)
        cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        cell.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        cell.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        cell.setAutoFillBackground(True)
        palette = cell.palette()
        palette.setColor(cell.backgroundRole(), self._theme.base)
        cell.setPalette(palette)
        cell.setMargin(UNIT + 2)
        if row.field == "text":
            large = font()
            large.setPixelSize(TEXT_PX)  # one letter may be all that differs
            cell.setFont(large)
            cell.setMinimumHeight(2 * QFontMetrics(cell.font()).lineSpacing() + 2 * UNIT)
        pieces = self._pieces(row, value, against_base)
        what = as_words(pieces)
        if value:
            cell.setText(as_html(pieces, self._theme))
        else:
            word = "no such cue" if value is None else "none"
            cell.setText(f'<span style="color:{self._theme.muted.name()}"><i>{word}</i></span>')
            what = ""
        cell.setAccessibleName(f"{side}, {field_name(row.field)}: {value or 'none'}")
        cell.setAccessibleDescription(what)
        return cell

    def _pieces(self, row: FieldVersions, value: str | None, against_base: bool) -> tuple[Piece, ...]:
        text = value or ""
        if not against_base or row.base is None:
            return (Piece(text),)
        if row.field in _WHOLE or row.field.startswith("setting:"):
            return (Piece(text, Mark.SAME if value == row.base else Mark.ADDED),)
        return marked(row.base, text)


def _lasts(cue: Cue) -> str:
    return f"{format_duration(cue.duration)} s"
