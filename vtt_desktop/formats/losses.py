"""What a document loses on its way into another format, said before it is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.reading import OVERRIDE, without_overrides
from vtt_desktop.formats.files import OpenedFile
from vtt_desktop.formats.font_colours import is_colour, style_block
from vtt_desktop.formats.foreign_text import PLACES, place_number
from vtt_desktop.formats.webvtt_text import Node, parse_text

NAMES = {
    "webvtt": "WebVTT",
    "srt": "SubRip",
    "ass": "ASS",
    "ssa": "SSA",
    "microdvd": "MicroDVD",
    "mpl2": "MPL2",
    "tmp": "TMP",
    "ttml": "TTML",
    "scc": "SCC",
    "stl": "EBU STL",
    "sami": "SAMI",
    "json": "JSON",
}
_COARSE = {"scc": 33, "ass": 10, "ssa": 10, "mpl2": 100, "tmp": 1000}
_ROUNDED = "the exact times"
_LATEST_TMP = 100 * 3_600_000  # ms: it has two digits for hours
_TAG_NAMES = {
    "v": "the voice tags",
    "c": "the classes",
    "font": "the font colours",
    "ruby": "the ruby",
    "lang": "the language tags",
    "timestamp": "the karaoke timestamps",
    "i": "the italics",
    "b": "the bold",
    "u": "the underline",
}
_KEEPS = {
    "ttml": {"i", "b", "u", "ruby"},
    "srt": {"i", "b", "u", "font"},
    "ass": {"i", "b", "u", "v"},
    "ssa": {"i", "b", "u", "v"},
}


def converted(opened: OpenedFile, target: str) -> tuple[Snapshot, tuple[str, ...]]:
    """The document as the target format can be written from it, and a sentence for each kind of loss.

    The same format keeps everything: its snapshot is given back as it is.
    """
    snapshot = opened.snapshot
    if target == opened.format:
        return snapshot, ()
    cues = CueList.of(_bare(cue, target) for cue in snapshot.cues)
    said = (*opened.losses, *_of_file(opened, target), *_of_cues(snapshot.cues, opened.format, target))
    styles = style_block(cues) if target == "webvtt" else ""
    head = Head(f"WEBVTT\n\n{styles}".encode(), b"\n") if styles else Head()
    return Snapshot(head, cues), said


def _bare(cue: Cue, target: str) -> Cue:
    return cue.with_(source=None, lead=b"", text=without_overrides(cue.text))


def _of_file(opened: OpenedFile, target: str) -> Iterator[str]:
    name = NAMES.get(target, target)
    file = opened.webvtt
    if file is not None:
        title = file.header[0].removeprefix("WEBVTT").strip(" \t")
        lines = len(file.header) - 1 + bool(title)
        yield from _counted(lines, "header line", f"no place in {name}")
        yield from _counted(len(file.styles), "STYLE block", f"no place in {name}")
        yield from _counted(len(file.regions), "region", f"no place in {name}")
        yield from _counted(len(file.notes), "NOTE comment", f"no place in {name}")
    elif opened.format in ("ass", "ssa"):
        yield f"The styles and other sections of an {NAMES[opened.format]} file have no place in {name}."


def _counted(count: int, what: str, why: str) -> Iterator[str]:
    if count:
        yield f"{count} {what}{'s have' if count > 1 else ' has'} {why}."


def _of_cues(cues: Iterable[Cue], source: str, target: str) -> Iterator[str]:
    name = NAMES.get(target, target)
    found: Counter[str] = Counter()
    for cue in cues:
        found.update(_lost(cue, source, target))
    for what, count in sorted(found.items()):
        have = "have" if what.startswith("the ") and what.endswith("s") else "has"
        have = "were rounded in" if what == _ROUNDED else f"{have} no place in"
        yield f"{what[0].upper()}{what[1:]} of {count} cue{'s' if count > 1 else ''} {have} {name}."


def _lost(cue: Cue, source: str, target: str) -> set[str]:
    lost = set()
    if target != "webvtt":
        lost |= {_TAG_NAMES[kind] for kind in _tags(parse_text(cue.text)) - _KEEPS.get(target, set())}
        if cue.identifier:
            lost.add("the identifiers")
        placed = target in ("srt", "ass", "ssa") and cue.settings == PLACES[place_number(cue.settings)]
        if cue.settings and not placed:
            lost.add("the cue settings")
    if OVERRIDE.search(cue.text) and source in ("srt", "ass", "ssa"):
        lost.add("the styling overrides")
    if source == "srt" and cue.source is not None and b"X1:" in cue.source.block:
        lost.add("the screen coordinates")
    if target == "tmp":
        lost |= {"the out-times"} | ({"the late in-times"} if cue.start >= _LATEST_TMP else set())
    step = _COARSE.get(target, 1)
    if cue.start % step or cue.end % step:
        lost.add(_ROUNDED)
    return lost


def _tags(nodes: Iterable[Node]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if node.type == "c" and node.classes:
            found |= {"font" if is_colour(name) else "c" for name in node.classes} | _tags(node.children)
        elif node.type in _TAG_NAMES:
            found |= {node.type} | _tags(node.children)
        else:
            found |= _tags(node.children)
    return found
