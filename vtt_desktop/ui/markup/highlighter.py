"""How cue text looks in its box: italics are italic, tags small and dim; as written only the tags are dim."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from vtt_desktop.ui.theme import Theme, contrast, mixed

SMALL_PX: Final = 11
_PIECE: Final = re.compile(r"<(/?)([a-z]*)([^>]*)>|<[^>]*|&(?:#\w+|\w+);", re.ASCII)
_COLOURS: Final = {
    name: QColor(name) for name in ("white", "lime", "cyan", "red", "yellow", "magenta", "blue", "black")
}
_READABLE: Final = 4.5
_KINDS: Final = frozenset({"i", "b", "u", "c", "v", "lang", "ruby", "rt"})
_Open = tuple[tuple[str, str], ...]  # name and classes of the tags that are open


class MarkupHighlighter(QSyntaxHighlighter):
    """Paints one line after the other; which tags are open at a line's end is its state."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._formatted = True
        self._states: list[_Open] = [()]
        self._numbers: dict[_Open, int] = {(): 0}
        self._formats: dict[_Open, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._formats.clear()
        self._dim = QTextCharFormat()
        self._dim.setForeground(theme.muted)
        self._small = QTextCharFormat(self._dim)
        small = QFont()
        small.setPixelSize(SMALL_PX)
        self._small.setFont(
            small, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly
        )
        self.rehighlight()

    def set_formatted(self, formatted: bool) -> None:
        """Whether text looks as its tags say, or stands as written."""
        if formatted != self._formatted:
            self._formatted = formatted
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        before = self.previousBlockState()
        opened = self._states[before] if before > 0 else ()
        if "<" not in text and "&" not in text and not opened:
            self.setCurrentBlockState(0)
            return
        at = units = 0
        for found in _PIECE.finditer(text):
            between = _units(text[at : found.start()])
            self._dress(units, between, opened)
            units += between
            size = _units(found[0])
            self._dress_tag(units, size, found[0], opened)
            units += size
            at = found.end()
            if found[2]:
                opened = _after(opened, found)
        self._dress(units, _units(text[at:]), opened)
        self.setCurrentBlockState(self._number(opened))

    def _dress(self, at: int, count: int, opened: _Open) -> None:
        if count and opened and self._formatted:
            self.setFormat(at, count, self._format(opened))

    def _dress_tag(self, at: int, count: int, tag: str, opened: _Open) -> None:
        if not self._formatted:
            self.setFormat(at, count, self._dim)
        elif tag[0] == "<":
            self.setFormat(at, count, self._small)
        else:  # of `&amp;` the sign itself stays as large as what is read
            self._dress(at, 1, opened)
            self.setFormat(at + 1, count - 1, self._small)

    def _number(self, opened: _Open) -> int:
        if opened not in self._numbers:
            self._numbers[opened] = len(self._states)
            self._states.append(opened)
        return self._numbers[opened]

    def _format(self, opened: _Open) -> QTextCharFormat:
        if opened not in self._formats:
            look = QTextCharFormat()
            names = {name for name, _classes in opened}
            if "i" in names:
                look.setFontItalic(True)
            if "b" in names:
                look.setFontWeight(QFont.Weight.Bold)
            if "u" in names:
                look.setFontUnderline(True)
            for name, classes in opened:
                colour = next((c for c in classes.split(".") if c in _COLOURS), "")
                if name == "c" and colour:
                    look.setForeground(readable(_COLOURS[colour], self._theme))
            if "rt" in names:
                look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            self._formats[opened] = look
        return self._formats[opened]


def readable(colour: QColor, theme: Theme) -> QColor:
    """The colour, as much nearer to the text's as it takes to be read on the box."""
    for share in (1.0, 0.85, 0.7, 0.55, 0.4, 0.25):
        shown = mixed(colour, theme.text, share)
        if contrast(shown, theme.base) >= _READABLE:
            return shown
    return theme.text


def _after(opened: _Open, found: re.Match[str]) -> _Open:
    """The tags that are open behind one (WebVTT 6.4, as far as looks go)."""
    name = found[2]
    if name not in _KINDS:
        return opened
    if not found[1]:
        return (*opened, (name, found[3].split()[0] if found[3].startswith(".") else ""))
    if name == "ruby" and opened and opened[-1][0] == "rt":
        opened = opened[:-1]
    return opened[:-1] if opened and opened[-1][0] == name else opened


def _units(text: str) -> int:
    """Length as Qt counts: UTF-16 code units, two for what lies beyond U+FFFF."""
    return len(text) if text.isascii() else len(text) + sum(1 for c in text if ord(c) > 0xFFFF)
