"""Drives the program's real window in a story: keys and clicks in, what a person reads out. It never sleeps.

A story waits with `until` for what a person would wait to see; everything that could have changed wakes it.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QMessageBox, QPushButton, QWidget

from vtt_desktop.app.desk import Desk
from vtt_desktop.app.editor import Editor
from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.session import Session
from vtt_desktop.app.start import make_application
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.dialogs.conflict import ConflictDialog

PATIENCE = 20.0
"""Seconds after which something that a story waits for has not come."""
_TELLING = {
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.FocusIn,
    QEvent.Type.EnabledChange,
    QEvent.Type.WindowTitleChange,
    QEvent.Type.ModifiedChange,
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
    QEvent.Type.WindowUnblocked,
    QEvent.Type.DeferredDelete,
}


@dataclass(frozen=True)
class Row:
    """A row of the table as a person reads it."""

    start: str
    end: str
    text: str
    sync: str


class _Ear(QObject):
    """Wakes a waiting story whenever something in the window came, went or changed its name."""

    def __init__(self, wake: Callable[[], object]) -> None:
        super().__init__()
        self._wake = wake

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TELLING:
            self._wake()
        return False


class Driver:
    """One life of the program. Make it with `program_running`."""

    def __init__(self, settings: Path) -> None:
        self.app = make_application()
        self.bugs: list[BaseException] = []
        self._woken = asyncio.Event()
        self._ear = _Ear(self._woken.set)
        self.editor = Editor(self.app, QSettings(str(settings), QSettings.Format.IniFormat))
        sys.excepthook = self._hear_failures(sys.excepthook)
        self.window = self.editor.window
        self.editor.workspace.opened.connect(self._listen)
        self._listen(self.editor.workspace.session)
        self.app.installEventFilter(self._ear)
        self.window.show()
        self.window.activateWindow()

    # Reading

    @property
    def session(self) -> Session:
        return self.editor.workspace.session

    @property
    def status(self) -> str:
        """What the status bar says of the sync."""
        return self.window.status.words

    @property
    def message(self) -> str:
        """What the report bar says; nothing while it is hidden."""
        return self.window.report.message

    @property
    def title(self) -> str:
        return self.window.windowTitle()

    @property
    def texts(self) -> list[str]:
        """The text column, from top to bottom."""
        return [self.row(number).text for number in range(1, len(self.session.document.snapshot.cues) + 1)]

    @property
    def caret(self) -> int:
        return self.window.editor.caret_offset

    @property
    def typed(self) -> str:
        """What stands in the text box."""
        return self.window.editor.text_box.toPlainText()

    @property
    def current(self) -> int | None:
        """The number of the selected row."""
        current, cues = self.window.selection.current, self.session.document.snapshot.cues
        return cues.index_of(current) + 1 if current is not None and cues.has(current) else None

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that stands before the window."""
        found = self.app.activeModalWidget()
        return found if isinstance(found, QDialog) else None

    @property
    def conflict(self) -> ConflictDialog:
        dialog = self.window.conflict_dialog
        assert dialog is not None, "no conflict dialog is open"
        return dialog

    def filled(self, label: str) -> str:
        """What stands in a field of the dialog."""
        field = self._field(label)
        return field.text() if isinstance(field, QLineEdit) else field.currentText()

    def row(self, number: int) -> Row:
        model = self.window.table.model()

        def cell(column: Column) -> str:
            return str(model.data(model.index(number - 1, column), Qt.ItemDataRole.AccessibleTextRole))

        return Row(cell(Column.START), cell(Column.END), cell(Column.TEXT), cell(Column.SYNC))

    def sync(self, number: int) -> str:
        """The badge of a row, in words."""
        return self.row(number).sync

    # Doing

    async def open(self, place: str | Path, token: str = "", media: str = "") -> None:
        """As `vtt-desktop PLACE`; what cannot be opened is in the report bar."""
        try:
            await self.editor.open(str(place), media=media, profile="", ids=(), token=token)
        except UserError as error:
            self.window.report.user_error(error)

    def select(self, number: int) -> None:
        """As a click on a row."""
        self.window.selection.select_one(self.session.document.snapshot.cues[number - 1].id)

    def run(self, command: str) -> bool:
        """A command as from the menu or the palette."""
        return self.window.commands.run(command)

    def type(self, text: str, number: int | None = None) -> None:
        """Types at the end of a cue's text, or where the focus is."""
        if number is not None:
            self.select(number)
            self.window.editor.focus_text()
            self.press("Ctrl+End")
        where = self._focused()
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = Qt.Key.Key_Return if character == "\n" else Qt.Key.Key_unknown
                said = "\r" if character == "\n" else character
                self.app.sendEvent(where, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, said))

    def press(self, keys: str) -> None:
        """A key with its modifiers, where the focus is: `Ctrl+Z`, `Esc`."""
        combination = QKeySequence(keys)[0]
        QTest.keyClick(self._focused(), combination.key(), combination.keyboardModifiers())

    def click(self, words: str) -> None:
        """The button of the dialog that has these words on it."""
        assert self.dialog is not None, "no dialog is open"
        buttons = self.dialog.findChildren(QPushButton)
        found = [b for b in buttons if b.text().replace("&", "") == words and b.isVisible()]
        assert found, f"no button “{words}” among {[b.text() for b in buttons]}"
        found[0].click()

    def fill(self, label: str, text: str) -> None:
        """A field of the dialog, by its name."""
        field = self._field(label)
        (field.setText if isinstance(field, QLineEdit) else field.setEditText)(text)

    def drop(self, path: Path) -> None:
        """A file dropped on the window."""
        said = QMimeData()
        said.setUrls([QUrl.fromLocalFile(str(path))])
        keys = (Qt.DropAction.CopyAction, said, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        middle = self.window.rect().center()
        self.app.sendEvent(self.window, QDragEnterEvent(middle, *keys))
        self.app.sendEvent(self.window, QDropEvent(QPointF(middle), *keys))

    # Waiting

    async def until(self, what: str, so: Callable[[], object]) -> None:
        """Returns when something is so; fails in its words when it does not come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not so():
                    self._woken.clear()
                    await self._woken.wait()
        except TimeoutError:
            raise AssertionError(f"{what}: did not come; {self._as_it_is()}") from None

    async def status_is(self, words: str) -> None:
        await self.until(f"the status “{words}”", lambda: self.status == words)

    async def badge(self, number: int, words: str) -> None:
        await self.until(f"row {number} says “{words}”", lambda: self.sync(number) == words)

    async def idle(self) -> None:
        """Nothing that will end by itself is under way."""
        await asyncio.wait_for(self.editor.tasks.until_idle(), PATIENCE)

    async def dialog_opens(self) -> None:
        """A dialog stands before the window and hears the keys."""
        await self.until("a dialog", lambda: self.dialog is not None and self.dialog.isActiveWindow())

    async def dialog_closes(self) -> None:
        """The window hears the keys again, which a window manager would see to; here there is none."""
        await self.until("the end of the dialog", lambda: self.dialog is None)
        self.window.activateWindow()
        await self.until("the window is active", self.window.isActiveWindow)

    async def question(self) -> QMessageBox:
        """The question that stands before the window."""
        await self.until("a question", lambda: isinstance(self.dialog, QMessageBox))
        found = self.dialog
        assert isinstance(found, QMessageBox)
        return found

    # Inside

    def _field(self, label: str) -> QLineEdit | QComboBox:
        assert self.dialog is not None, "no dialog is open"
        fields = [*self.dialog.findChildren(QLineEdit), *self.dialog.findChildren(QComboBox)]
        (field,) = [one for one in fields if one.accessibleName() == label]
        return field

    def _focused(self) -> QWidget:
        modal = self.app.activeModalWidget()
        found = modal.focusWidget() or modal if modal is not None else self.app.focusWidget() or self.window
        assert isinstance(found, QWidget)
        return found

    def _listen(self, session: object) -> None:
        assert isinstance(session, Session)
        for signal in (
            session.changed,
            session.document.changed,
            session.sync.changed,
            session.history.changed,
        ):
            signal.connect(lambda _told: self._woken.set())
        self._woken.set()

    def _hear_failures(self, hook: Callable[..., object]) -> Callable[..., None]:
        def heard(kind: type[BaseException], error: BaseException, trace: Any) -> None:
            if not isinstance(error, UserError):
                self.bugs.append(error)
            hook(kind, error, trace)
            self._woken.set()

        return heard

    def _as_it_is(self) -> str:
        return f"status “{self.status}”, message “{self.message}”, {self.texts[:5]}, failures {self.bugs}"

    async def leave(self) -> None:
        """The end of the program, without any question."""
        self.window.leave()
        await self.editor.close()
        self.app.removeEventFilter(self._ear)


@asynccontextmanager
async def program_running(settings: Path) -> AsyncIterator[Driver]:
    """The program from its start to its end. A failure that nobody expected fails the story."""
    hook, collecting = sys.excepthook, gc.isenabled()
    gc.disable()  # in a worker thread it might destroy a widget
    driver = Driver(settings)
    try:
        yield driver
    finally:
        await driver.leave()
        sys.excepthook = hook
        driver.window.deleteLater()
        driver.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no event of the loop's own among them
        gc.collect()
        if collecting:
            gc.enable()
    assert driver.bugs == [], driver.bugs


def story(play: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    """A test whose parameter `editor` is the program, started on nothing, from its start to its end.

    All in one run of the loop, which an async fixture would not be: between two runs pytest-qt hands out
    Qt's events, and the loop's own must not be among them.
    """

    @functools.wraps(play)
    async def test(tmp_path: Path, **fixtures: Any) -> None:
        if "tmp_path" in wanted:
            fixtures["tmp_path"] = tmp_path
        async with program_running(tmp_path / "settings.ini") as editor:
            await play(editor=editor, **fixtures)

    wanted = dict(inspect.signature(play).parameters)
    place = inspect.Parameter("tmp_path", inspect.Parameter.KEYWORD_ONLY)
    others = [one for name, one in wanted.items() if name not in ("editor", "tmp_path")]
    test.__signature__ = inspect.Signature([*others, place])  # type: ignore[attr-defined]  # PEP 362
    return test


@asynccontextmanager
async def colleague(url: str, token: str) -> AsyncIterator[Desk]:
    """Another desk on the same project: what it did is on the server when the block ends."""
    tasks = Tasks()
    session = await open_source(Source(url, token=token, author="colleague"), tasks)
    try:
        desk = Desk(session)
        yield desk
        await desk.sync()
        assert not desk.conflicts and {desk.status(cue.id) for cue in desk.cues} <= {"synced"}
    finally:
        await session.close()
        await tasks.close()
