"""What two texts differ in, word by word: to be shown, with marks that do not need colour, and to be told."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.ui.theme import Theme, mixed


class Mark(Enum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what happened to it."""

    text: str
    mark: Mark = Mark.SAME


def marked(base: str, other: str) -> tuple[Piece, ...]:
    """`other` as pieces against `base`: without removed ones it is `other`, without added ones `base`.

    A space that happens to stand between two changed words belongs to the change: one mark reads
    better than two with a hole between them.
    """
    old, new = tokens(base), tokens(other)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    gone, come = "", ""
    for at, (tag, a, b, c, d) in enumerate(steps):
        bridge = (
            tag == "equal"
            and 0 < at < len(steps) - 1
            and not "".join(old[a:b]).strip(" ")
            and steps[at - 1][0] == steps[at + 1][0] == "replace"
        )
        if tag == "equal" and not bridge:
            pieces += _change(gone, come)
            gone = come = ""
            pieces.append(Piece("".join(old[a:b])))
        else:
            gone += "".join(old[a:b])
            come += "".join(new[c:d])
    return (*pieces, *_change(gone, come))


def as_html(pieces: Sequence[Piece], theme: Theme) -> str:
    """Rich text: what was added underlined, what was removed struck out, both also in colour."""
    parts = []
    for at, piece in enumerate(pieces):
        # What came stands right behind what went: a hair of space keeps them from reading as one word.
        if piece.mark is Mark.ADDED and at and pieces[at - 1].mark is Mark.REMOVED:
            parts.append("\u2009")
        parts.append(_span(piece, theme))
    # Without pre-wrap two spaces would be shown as one, and a difference in them not at all.
    return f'<p style="white-space:pre-wrap; margin:0">{"".join(parts)}</p>'


def as_words(pieces: Sequence[Piece]) -> str:
    """For a screen reader: the changes in words; nothing where there are none."""
    return ", ".join(
        f"{piece.mark.value} “{' '.join(piece.text.split()) or 'a line end'}”"
        for piece in pieces
        if piece.mark is not Mark.SAME
    )


def _change(gone: str, come: str) -> list[Piece]:
    return [Piece(text, mark) for text, mark in ((gone, Mark.REMOVED), (come, Mark.ADDED)) if text]


def _span(piece: Piece, theme: Theme) -> str:
    text = html.escape(piece.text)
    if piece.mark is Mark.SAME:
        return text.replace("\n", "<br>")
    # A changed line end has no letters that a line could go under or through.
    text = text.replace("\n", "↵<br>")
    color, line = (theme.ok, "underline") if piece.mark is Mark.ADDED else (theme.bad, "line-through")
    ground = mixed(color, theme.base, 0.14).name()
    style = f"color:{color.name()}; background-color:{ground}; text-decoration:{line}"
    return f'<span style="{style}">{text}</span>'
