"""Colours of a file shown as text: its timing lines, its blocks' names, its comments and tags."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from vtt_desktop.ui.document_dialog.live import units
from vtt_desktop.ui.theme import Theme

_TIMING: Final = re.compile(r"[\d:.]+[ \t]*-->[ \t]*[\d:.]+")
_TAG: Final = re.compile(r"<[^>]*>|&(?:#\w+|\w+);")
_NAMED: Final = re.compile(r"(?:NOTE|STYLE|REGION|WEBVTT)(?=\s|\Z)")


class SourceColours(QSyntaxHighlighter):
    """Timing lines stand out, comments and tags stand back."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._timing, self._dim, self._name = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._timing.setForeground(theme.accent)
        self._dim.setForeground(theme.muted)
        self._name.setForeground(theme.info)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        in_note = self.previousBlockState() == 1 and bool(text)
        named = _NAMED.match(text)
        in_note = in_note or bool(named and named[0] == "NOTE")
        self.setCurrentBlockState(1 if in_note else 0)
        if in_note:
            self.setFormat(0, units(text), self._dim)
            return
        if named:
            self.setFormat(0, len(named[0]), self._name)
        if (found := _TIMING.match(text)) is not None:
            self.setFormat(0, found.end(), self._timing)
            self.setFormat(found.end(), units(text) - found.end(), self._dim)
        elif "<" in text or "&" in text:
            for tag in _TAG.finditer(text):
                self.setFormat(units(text[: tag.start()]), units(tag[0]), self._dim)
