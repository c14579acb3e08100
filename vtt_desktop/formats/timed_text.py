"""TTML (IMSC), SCC and EBU STL through ttconv: its model read into cues, cues written through its model.

The model is read itself and not by ttconv's WebVTT writer, which cuts cues that overlap into pieces and
leaves bare ampersands. ttconv tells its own log what it skips; that is handed on as losses.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import ttconv.imsc.reader
import ttconv.imsc.writer
import ttconv.scc.reader
import ttconv.scc.writer
import ttconv.stl.reader
import ttconv.vtt.reader
from ttconv import model
from ttconv.scc.config import SccWriterConfiguration
from ttconv.style_properties import (
    DisplayAlignType,
    FontStyleType,
    FontWeightType,
    LengthType,
    StyleProperties,
    TextAlignType,
)

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import RefusedError, UserError

READS = frozenset({"ttml", "scc", "stl"})
WRITES = frozenset({"ttml", "scc"})
_TTML = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?tt[\s>]")
_STL = re.compile(rb"(?s).{3}STL[0-9]{2}\.01")
_MOST_MESSAGES = 5
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_COLOURS = {
    (255, 255, 0): "yellow", (0, 255, 255): "cyan", (0, 255, 0): "lime", (255, 0, 255): "magenta",
    (255, 0, 0): "red", (0, 0, 255): "blue", (0, 0, 0): "black",
}  # fmt: skip
"""WebVTT 8.1 "default text colors"; white is what text is anyway."""
_LOW = 75
"""Per cent of the picture's height from which on a text that stands there is where subtitles stand anyway."""


def kind_of_timed_text(data: bytes) -> str | None:
    """`ttml`, `scc` or `stl` by the content, else None. EBU STL (Tech 3264) is binary, its mark in byte 3."""
    if _STL.match(data):
        return "stl"
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"Scenarist_SCC"):
        return "scc"
    return "ttml" if start.startswith(b"<") and _TTML.search(data[:65536]) else None


def read_timed_text(data: bytes, kind: str, name: str) -> tuple[list[Cue], tuple[str, ...]]:
    """(the cues, a sentence for each thing that they cannot hold). UserError where it cannot be read."""
    with _told() as told:
        try:
            made = _Reading()
            if kind == "ttml":
                root = ElementTree.fromstring(data)
                made.containers_end = any(
                    element.tag.rpartition("}")[2] in ("body", "div") and {"end", "dur"} & set(element.keys())
                    for element in root.iter()
                )
                document = ttconv.imsc.reader.to_model(ElementTree.ElementTree(root))
            elif kind == "scc":
                document = ttconv.scc.reader.to_model(data.decode("ascii", "replace"))
            else:
                document = ttconv.stl.reader.to_model(io.BytesIO(data))
            if document is not None and document.get_body() is not None:
                made.element(document.get_body(), Fraction(0), None, _Look())
        except UserError:
            raise
        except Exception as error:  # the library raises whatever it meets
            reason = (str(error) or type(error).__name__).rstrip(".").splitlines()[0]
            raise RefusedError(f"{name} is not a {kind.upper()} file that can be read: {reason}.") from error
    losses = [f"The {what} of {name} have no place in a cue." for what in sorted(made.lost)]
    losses += [f"{name}: {message.rstrip('.')}." for message in told]
    cues = sorted(made.cues, key=lambda cue: (cue.start, cue.end))
    return [cue.with_(id=i) for i, cue in enumerate(cues, 1)], tuple(losses)


def write_timed_text(webvtt: bytes, kind: str) -> bytes:
    """UTF-8 bytes of a WebVTT document in a format of `WRITES`; UserError where ttconv cannot."""
    with _told():
        try:
            document = ttconv.vtt.reader.to_model(
                io.StringIO(webvtt.decode("utf-8", "replace"), newline=None)
            )
            if kind == "scc":
                written: str = ttconv.scc.writer.from_model(
                    document, SccWriterConfiguration(force_popon=True)
                )
                return written.encode("ascii", "replace")
            tree = ttconv.imsc.writer.from_model(document)
            inside = ElementTree.tostring(tree.getroot(), encoding="unicode")
        except Exception as error:  # as above
            reason = (str(error) or type(error).__name__).rstrip(".").splitlines()[0]
            raise UserError(f"The subtitles cannot be written as {kind.upper()}: {reason}.") from error
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inside}\n'.encode()


class _Look:
    """The styles that reach a text, and the region that it stands in."""

    def __init__(self, said: dict[str, Any] | None = None) -> None:
        self.said = said or {}

    def inside(self, element: Any) -> _Look:
        said = dict(self.said)
        for style, name in _INHERITED.items():
            value = element.get_style(style)
            if value is not None:
                said[name] = value
        return _Look(said)

    @property
    def tags(self) -> list[str]:
        found = []
        colour = self.said.get("colour")
        if colour is not None and tuple(colour.components[:3]) in _COLOURS:
            found.append(f"c.{_COLOURS[tuple(colour.components[:3])]}")
        if self.said.get("weight") is FontWeightType.bold:
            found.append("b")
        if self.said.get("slant") in (FontStyleType.italic, FontStyleType.oblique):
            found.append("i")
        if getattr(self.said.get("line"), "underline", None):
            found.append("u")
        return found


_INHERITED = {
    StyleProperties.Color: "colour",
    StyleProperties.FontWeight: "weight",
    StyleProperties.FontStyle: "slant",
    StyleProperties.TextDecoration: "line",
    StyleProperties.TextAlign: "align",
}
_NOT_KEPT = {
    StyleProperties.BackgroundColor: "background colours",
    StyleProperties.FontFamily: "fonts",
    StyleProperties.FontSize: "font sizes",
    StyleProperties.TextOutline: "outlines",
}


class _Reading:
    """The cues of a model's paragraphs, each as long as the model says, and what they do not hold."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self.lost: set[str] = set()
        self.containers_end = False
        """Whether a body or div says when it ends. Where none does, ttconv makes up an end that is too early
        (it leaves out when they begin)."""

    def element(
        self, element: Any, start: Fraction, end: Fraction | None, look: _Look, region: Any = None
    ) -> None:
        """`start` and `end` are those of what it stands in, in seconds."""
        own = element.get_begin()
        upto = element.get_end() if self.containers_end or isinstance(element, model.P) else None
        begin = start + (own or 0)
        until = end if upto is None else start + upto if end is None else min(end, start + upto)
        if element.get_region() is not None:  # which is false by itself: it is an empty sequence
            region = element.get_region()
            look = look.inside(region)
            self._not_kept(region)
        look = look.inside(element)
        self._not_kept(element)
        if not isinstance(element, model.P):
            for child in element:
                self.element(child, begin, until, look, region)
            return
        text = "\n".join(line.strip() for line in self._text(element, look).split("\n") if line.strip())
        if not text:
            return
        if until is None:
            self.lost.add("cues without an out-time")
            return
        settings = _settings(region, look.said.get("align"))
        self.cues.append(Cue(0, round(begin * 1000), round(until * 1000), text, settings=settings))

    def _text(self, element: Any, look: _Look) -> str:
        out = []
        for child in element:
            if isinstance(child, model.Br):
                out.append("\n")
            elif isinstance(child, model.Text):
                said = re.sub("[&<>]", lambda found: _ESCAPED[found[0]], child.get_text().replace("\n", " "))
                tags = look.tags if said.strip() else []
                opening, closing = (f"<{tag}>" for tag in tags), (f"</{tag[0]}>" for tag in reversed(tags))
                out += [*opening, said, *closing]
            elif isinstance(child, model.Ruby):
                out.append(f"<ruby>{self._text(child, look)}</ruby>")
            elif isinstance(child, model.Rt):
                out.append(f"<rt>{self._text(child, look.inside(child))}</rt>")
            elif not isinstance(child, model.Rp):
                if child.get_begin() or child.get_end():
                    self.lost.add("times of single words")
                self._not_kept(child)
                out.append(self._text(child, look.inside(child)))
        return "".join(out)

    def _not_kept(self, element: Any) -> None:
        self.lost |= {what for style, what in _NOT_KEPT.items() if element.get_style(style) is not None}


_OF_PICTURE = {LengthType.Units.rh, LengthType.Units.pct}


def _settings(region: Any, align: Any) -> str:
    said = []
    if region is not None:
        origin, extent = region.get_style(StyleProperties.Origin), region.get_style(StyleProperties.Extent)
        if origin is not None and extent is not None and {origin.y.units, extent.height.units} <= _OF_PICTURE:
            at = region.get_style(StyleProperties.DisplayAlign)
            top, height = origin.y.value, extent.height.value
            if at is DisplayAlignType.after:
                said += [f"line:{top + height:.4g}%,end"] if top + height < _LOW else []
            elif at is DisplayAlignType.center:
                said += [f"line:{top + height / 2:.4g}%,center"] if top + height / 2 < _LOW else []
            elif top < _LOW and height > 0:
                said.append(f"line:{top:.4g}%")
    if align in (TextAlignType.start, TextAlignType.end):
        said.append(f"align:{align.value}")
    return " ".join(said)


@contextmanager
def _told() -> Iterator[list[str]]:
    """The first warnings of ttconv while this lasts, which would else go to stderr."""
    messages: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said = record.getMessage()
            if said not in messages and len(messages) < _MOST_MESSAGES:
                messages.append(said)

    log = logging.getLogger("ttconv")
    handler, before = Handler(logging.WARNING), log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield messages
    finally:
        log.removeHandler(handler)
        log.propagate = before
