"""The header: what stands behind WEBVTT, and the lines of the kind `Language: en`."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from vtt_desktop.ui.authoring import HeadText
from vtt_desktop.ui.document_dialog.live import LiveText, set_tab_order
from vtt_desktop.ui.document_dialog.pages import HeadPage
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT

_KINDS = ("", "captions", "subtitles", "descriptions", "chapters", "metadata")


class HeaderPage(HeadPage):
    """Title, kind and language as fields, and all header lines as they are written."""

    def __init__(self, session: Session, head: HeadText, parent: QWidget | None = None) -> None:
        super().__init__(session, head, parent)
        self.heading = FieldLine("Title", "What stands behind WEBVTT in the first line", str.strip, self)
        self.heading.setPlaceholderText("none")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind")
        self.kind.setToolTip("Kind: what the cues are for")
        for kind in _KINDS:
            self.kind.addItem(kind.capitalize() or "Not said", kind)
        self.language = FieldLine("Language", "Language: a tag such as en or pt-BR", str.strip, self)
        self.language.setPlaceholderText("not said")
        self.lines = LiveText("Header lines", "All lines of the header, e.g. X-TIMESTAMP-MAP=…", self)
        form = QFormLayout()
        form.setHorizontalSpacing(3 * UNIT)
        form.setVerticalSpacing(2 * UNIT)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Title", self.heading)
        form.addRow("Kind", self.kind)
        form.addRow("Language", self.language)
        words = QLabel("All lines as written")
        words.setBuddy(self.lines)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 3 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addLayout(form)
        column.addSpacing(UNIT)
        column.addWidget(words)
        column.addWidget(self.lines, 1)
        column.addWidget(self.said)
        set_tab_order(self.heading, self.kind, self.language, self.lines)
        self.heading.textEdited.connect(self._title_typed)
        self.kind.activated.connect(lambda _at: self._set_line("Kind", str(self.kind.currentData())))
        self.language.textEdited.connect(lambda text: self._set_line("Language", text.strip()))
        self.lines.typed.connect(self._lines_typed)
        for line in (self.heading, self.language):
            line.editingFinished.connect(self.seal)
        self.lines.left.connect(self._left)

    @property
    def first_field(self) -> QWidget:
        return self.heading

    def show_head(self) -> None:
        signature, *lines = self._text().split("\n")
        self.hearing = True
        try:
            self.heading.show_change(signature[len("WEBVTT") :].strip())
            self.language.show_change(_value(lines, "Language"))
            at = self.kind.findData(_value(lines, "Kind").lower())
            if at != self.kind.currentIndex():
                self.kind.setCurrentIndex(at)
            if [line for line in self.lines.toPlainText().split("\n") if line] != lines:
                self.lines.show_change("\n".join(lines))
        finally:
            self.hearing = False

    def _text(self) -> str:
        blocks = self.blocks()
        return blocks[0][1].text if blocks else "WEBVTT"

    def _title_typed(self, typed: str) -> None:
        _, *lines = self._text().split("\n")
        first = f"WEBVTT {typed.strip()}" if typed.strip() else "WEBVTT"
        self.heading.mark(not self._put([first, *lines], "title"))

    def _lines_typed(self, typed: str) -> None:
        signature = self._text().split("\n")[0]
        self.lines.mark(not self._put([signature, *typed.split("\n")], "lines"))

    def _left(self) -> None:
        self.seal()
        self.show_head()

    def _set_line(self, name: str, value: str) -> None:
        signature, *lines = self._text().split("\n")
        at = next((i for i, line in enumerate(lines) if _named(line, name)), None)
        if at is None:
            lines += [f"{name}: {value}"] if value else []
        elif value:
            lines[at] = f"{name}: {value}"
        else:
            del lines[at]
        self._put([signature, *lines], name)

    def _put(self, lines: list[str], what: str) -> bool:
        text = "\n".join(line for line in lines if line)
        return self.submit_head(lambda s: self.head.changed(s, 0, text), "Edit header", f"head:{what}")


def _named(line: str, name: str) -> bool:
    return re.match(rf"{name}\s*:", line, re.IGNORECASE) is not None


def _value(lines: list[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in lines if _named(line, name)), "")
