"""The versions of the current cue: who wrote what and when, what each would change, and one restored."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from contextlib import suppress

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_back import put_all_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.sync.versions import CueVersion, blame, seen_versions, together
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.conflict_words import field_name
from vtt_desktop.ui.panels.differences import difference_html, difference_words
from vtt_desktop.ui.panels.put_back_words import beside_words
from vtt_desktop.ui.panels.side_window import SideWindow, side_button
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme

_NAMES = 160  # px: the column that says what a version is; up to twice that where the words are long
ASK_AFTER_MS = 250
"""Who walks through the cues asks the server only where they stay."""


class CueHistoryWindow(SideWindow):
    """It follows the current cue. What is known here shows at once; what the server tells joins
    it when it comes, unless another cue is current by then."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        theme: Theme,
        spawn: Spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Versions of the cue", (780, 520), session, parent)
        self._selection, self._theme, self._spawn = selection, theme, spawn
        self._cue_id: int | None = None
        self._asked = 0
        self._told: tuple[CueVersion, ...] = ()
        self._versions: Sequence[CueVersion] = ()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(ASK_AFTER_MS)
        self._later.timeout.connect(self.ask)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.by = QLabel()
        self.by.setWordWrap(True)
        self.by.setProperty("role", "muted")
        self.list = _list()
        self.list.currentItemChanged.connect(lambda *_: self._show_version())
        self.list.setProperty("fills", True)
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setMinimumHeight(96)
        self.restore = side_button(
            "Restore this version", "As an edit of yours, which can be undone", self._restore
        )
        self.restore.setProperty("role", "primary")
        self._lay_out((self.title, self.by, self.list, self.detail, self.said), self.restore)
        selection.changed.connect(lambda _selection: self._follow())
        self.set_session(session)

    def _listen(self, session: Session) -> Sequence[Callable[[], None]]:
        return session.document.changed.connect(self._edited), session.sync.changed.connect(self._synced)

    def _begin(self) -> None:
        self._cue_id = None
        if self.isVisible():
            self._follow()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.isVisible():
            self._show_version()

    @property
    def versions(self) -> Sequence[CueVersion]:
        """What is listed, the newest first."""
        return self._versions

    # What is heard

    def showEvent(self, event: QShowEvent) -> None:
        self._cue_id = None
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        """The current cue, if it is another one than before."""
        if not self.isVisible():
            return
        current = self._selection.current
        if current != self._cue_id:
            self._cue_id, self._told = current, ()
            self._asked += 1
            self.said.hide()
            self._fill(keep=False)
            self._later.start()

    def _edited(self, change: Change) -> None:
        if self.isVisible() and self._cue_id in change.edit.ids:
            self._fill(keep=True)

    def _synced(self, change: SyncChange) -> None:
        if self.isVisible() and self._cue_id in change.cue_ids:
            before = [version.etag for version in self._versions]
            self._fill(keep=True)
            if [version.etag for version in self._versions] != before:
                self._later.start()  # another version is on the server

    def ask(self) -> None:
        """Asks the server for its versions of the current cue."""
        self._later.stop()
        if self._cue_id is not None and self.isVisible() and self._session.shared_url:
            self._asked += 1
            self._spawn(self._ask(self._session, self._cue_id, self._asked))

    async def _ask(self, session: Session, cue_id: int, number: int) -> None:
        try:
            told = await session.told_versions(cue_id)
        except UserError as error:
            if number == self._asked and self.isVisible():
                self._say(f"{error.message} Shown is what was seen here.", "muted")
            return
        if number == self._asked and self.isVisible():
            self._told = told
            self._fill(keep=True)

    # What is shown

    def _now(self) -> Cue | None:
        return self._session.document.snapshot.cues.get(self._cue_id) if self._cue_id is not None else None

    def _fill(self, *, keep: bool) -> None:
        chosen = self._chosen() if keep else None
        cue_id, now = self._cue_id, self._now()
        self._versions = ()
        if cue_id is not None:
            self._versions = together(seen_versions(self._session.sync, cue_id, now), self._told)
        cues = self._session.document.snapshot.cues
        there = cue_id is not None and cues.has(cue_id)
        self.title.setText(f"Cue {cues.index_of(cue_id) + 1}" if there and cue_id else "No cue")
        self.by.setText(_blame_words(self._told))
        self.by.setVisible(bool(self.by.text()))
        items = [_item(version) for version in self._versions]
        self.list.clear()
        self.list.addTopLevelItems(items)
        self.list.setColumnWidth(0, min(max(self.list.sizeHintForColumn(0), _NAMES), 2 * _NAMES))
        row = next((i for i, version in enumerate(self._versions) if version == chosen), 0)
        if items:
            self.list.setCurrentItem(items[row])
        self._show_version()

    def _chosen(self) -> CueVersion | None:
        at = self.list.currentIndex().row()
        return self._versions[at] if 0 <= at < len(self._versions) else None

    def _show_version(self) -> None:
        version, now = self._chosen(), self._now()
        self.restore.setEnabled(version is not None and version.cue != now)
        if version is None:
            self.detail.setText("")
            return
        intro = "" if version.cue == now else "<p style='margin:0 0 4px 0'>Restored, it would become:</p>"
        if version.cue is None and now is not None:
            intro = "<p style='margin:0 0 4px 0'>Restored, the cue would be removed:</p>"
        also = ""
        with suppress(UserError):  # it is so already
            edit, stays = self._edit_back(version)
            also = beside_words(self._session, self.restore.text(), edit, self._cue_id or 0, stays)
        more = f"<p style='margin:4px 0 0 0'>{html.escape(also)}</p>" if also else ""
        self.detail.setText(intro + difference_html(now, version.cue, self._theme) + more)
        self.detail.setAccessibleName(". ".join(filter(None, (difference_words(now, version.cue), also))))

    def _edit_back(self, version: CueVersion) -> tuple[Edit, Sequence[Cue]]:
        """What restoring it changes, and what it leaves though it belongs to it."""
        others = (one.pair for one in version.others)
        first = (version.cue, self._now())
        return put_all_back(self._session.document.snapshot, first, others, "Restore version")

    # What the person does

    def _restore(self) -> None:
        version = self._chosen()
        if version is None:
            return
        try:
            self._session.submit(self._edit_back(version)[0])
        except UserError as error:
            self._say(str(error), "bad")
        else:
            self.list.setFocus()  # the button has nothing more to do, and would hand the focus on
            self._say("Restored, as an edit of yours: Ctrl+Z takes it back.", "muted")


def when_words(when: str | float) -> str:
    """A version's time on this machine's clock and in its language; as it was told where it is no time."""
    if isinstance(when, str):
        at = QDateTime.fromString(when, Qt.DateFormat.ISODateWithMs)
        if not at.isValid():
            return when
        at = at.toLocalTime()
    elif not when:
        return ""
    else:
        at = QDateTime.fromMSecsSinceEpoch(round(when * 1000))
    return QLocale().toString(at, QLocale.FormatType.ShortFormat)


def _blame_words(versions: Sequence[CueVersion]) -> str:
    """`Text by Ann (…) · Start, End by Bo (…)`: who gave each field the value it has on the server."""
    by: dict[tuple[str, str], list[str]] = {}
    for name, version in blame(versions):
        who = version.author or "somebody"
        by.setdefault((who, when_words(version.when)), []).append(field_name(name))
    return " · ".join(f"{', '.join(names)} by {who}, {when}" for (who, when), names in by.items())


def _item(version: CueVersion) -> QTreeWidgetItem:
    text = spoken_text(version.cue.text).replace("\n", " ⏎ ") if version.cue is not None else "removed"
    cells = [version.name or "Earlier", version.author, when_words(version.when), text or "no text"]
    item = QTreeWidgetItem(cells)
    for column, cell in enumerate(cells):
        item.setToolTip(column, cell)
    item.setToolTip(3, version.cue.text if version.cue is not None else "removed")
    return item


def _list() -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Versions")
    made.setHeaderLabels(["What it is", "By", "When", "Text"])
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    header = made.header()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate((_NAMES, 90, 130)):
        made.setColumnWidth(column, width)
    return made
