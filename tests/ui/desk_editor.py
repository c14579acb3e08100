"""An editor of cues to type in, as tests of typing use it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.ui.editor import CueEditor
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


class EditorDesk:
    """An editor on a session of a few cues, shown and with the caret in the text of cue 2."""

    def __init__(self, qtbot: QtBot, session: DeskSession) -> None:
        self.session = session
        self.selection = Selection()
        session.document.changed.connect(self.selection.follow)
        self.editor = CueEditor(session, self.selection, theme(dark=True))
        qtbot.addWidget(self.editor)
        self.editor.resize(800, 200)
        self.editor.show()
        self.editor.activateWindow()
        self.selection.select_one(2)
        self.box = self.editor.text_box
        self.editor.focus_text()

    def type(self, text: str) -> None:
        """As a keyboard does, with any character (QTest's own aborts on what is not ASCII)."""
        target = QApplication.focusWidget()
        assert target is not None
        for character in text:
            key = Qt.Key.Key_Return if character == "\n" else Qt.Key.Key_unknown
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(target, event)

    def compose(self, preedit: str, commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        event.setCommitString(commit)
        QApplication.sendEvent(self.box, event)

    def put_caret(self, position: int, anchor: int | None = None) -> None:
        cursor = self.box.textCursor()
        cursor.setPosition(position if anchor is None else anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.box.setTextCursor(cursor)

    def text(self, cue_id: int = 2) -> str:
        cue = self.session.document.snapshot.cues.get(cue_id)
        assert cue is not None
        return cue.text

    def cue(self) -> Cue:
        cue = self.session.document.snapshot.cues.get(2)
        assert cue is not None
        return cue

    def theirs(self, text: str, cue_id: int = 2) -> None:
        self.session.remote(set_text(self.session.document.snapshot, cue_id, text))
