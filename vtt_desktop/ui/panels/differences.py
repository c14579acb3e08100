"""What one version of a cue, or of the head, would change in another, field by field with marks."""

from __future__ import annotations

import html

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.merge import fields
from vtt_desktop.ui.dialogs.conflict_fields import shown
from vtt_desktop.ui.dialogs.conflict_words import field_name
from vtt_desktop.ui.theme import Theme
from vtt_desktop.ui.word_marks import Mark, Piece, as_html, as_words, marked

_WHOLE = (field_name("start"), field_name("end"))

Side = Cue | Head | None


def differing(now: Side, other: Side) -> list[tuple[str, str, str]]:
    """Name, value now and value there of each field that differs; times as a person reads them."""
    if isinstance(now, Head) or isinstance(other, Head):
        sides = [_head(side) for side in (now, other)]
        return [("Header", sides[0], sides[1])] if sides[0] != sides[1] else []
    names = dict.fromkeys(name for cue in (now, other) if cue is not None for name in fields(cue))
    rows = [(field_name(name), shown(name, now) or "", shown(name, other) or "") for name in names]
    return [row for row in rows if row[1] != row[2]]


def difference_html(now: Side, other: Side, theme: Theme) -> str:
    """Rich text: what putting `other` in the place of `now` brings (underlined) and takes (struck out)."""
    rows = differing(now, other)
    if not rows:
        return '<p style="margin:0">The same as now.</p>'
    cells = "".join(
        f'<tr><td style="padding-right:14px; color:{theme.muted.name()}">{html.escape(name)}</td>'
        f"<td>{as_html(_pieces(name, was, there), theme)}</td></tr>"
        for name, was, there in rows
    )
    return f"<table cellspacing='0' cellpadding='2'>{cells}</table>"


def difference_words(now: Side, other: Side) -> str:
    """The same for a screen reader."""
    found = [f"{name}: {as_words(_pieces(name, was, there))}" for name, was, there in differing(now, other)]
    return "; ".join(found) or "The same as now."


def _pieces(name: str, was: str, there: str) -> tuple[Piece, ...]:
    if name in _WHOLE:  # a time whose digits are marked one by one cannot be read
        return tuple(p for p in (Piece(was, Mark.REMOVED), Piece(there, Mark.ADDED)) if p.text)
    return marked(was, there)


def _head(side: Side) -> str:
    return (side.text + side.tail).decode("utf-8", "replace").strip() if isinstance(side, Head) else ""
