"""Cue text as pieces under tags: what of it is italic, and how to make it so without breaking the nesting.

Follows WebVTT 6.4 for what opens and closes what; whatever is no tag by it stays in the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import NamedTuple

COLOURS = ("white", "lime", "cyan", "red", "yellow", "magenta", "blue", "black")
"""Classes with a colour of their own (WebVTT 5, default text colours)."""

_TAG = re.compile(r"<[^>]*>")
_INSIDE = re.compile(r"<([^ \t\n\f.>/]+)((?:\.[^ \t\n\f.>]*)*)(?:[ \t\n\f]([^>]*))?>")
_REFERENCE = re.compile(r"&(?:#\w+|\w+);")
_KNOWN = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_WHOLE = frozenset({"ruby", "rt", "v"})  # not to be cut in two by what is put around a part
_BARE = re.compile(
    r"&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[0-9A-Za-z]+);)"
    r"|<(?!/?(?:[cibuv]|ruby|rt|lang)(?:[.\s][^<>]*)?>|(?:\d+:)?\d\d:\d\d\.\d{3}>)"
)


@dataclass(eq=False, slots=True)
class Element:
    """A tag that is open over some pieces. `tag` is how it was written; `closed` whether its end was."""

    name: str
    tag: str
    closed: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        found = _INSIDE.fullmatch(self.tag)
        return tuple(name for name in found[2].split(".") if name) if found else ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or something that counts for nothing (a timestamp, an end without a beginning),
    from `start` of the text on, under the elements of `path`, outermost first."""

    raw: str
    path: tuple[Element, ...]
    start: int
    text: bool = field(default=True)

    @property
    def end(self) -> int:
        return self.start + len(self.raw)


class Marked(NamedTuple):
    """A text and what is selected in it."""

    text: str
    start: int
    end: int


Matches = Callable[[Element], bool]


def pieces(text: str) -> list[Piece]:
    """The text cut at its tags. `written(pieces(text))` is `text` again."""
    made: list[Piece] = []
    path: list[Element] = []
    begun: list[int] = []  # how many pieces there were when each element opened
    at = 0

    def close() -> None:
        if begun.pop() == len(made):
            made.append(Piece("", tuple(path), at, text=False))
        path.pop()

    for found in _TAG.finditer(text):
        if found.start() > at:
            made.append(Piece(text[at : found.start()], tuple(path), at))
        at = found.start()
        tag = found[0]
        inside = _INSIDE.fullmatch(tag)
        name = tag[2:-1] if tag.startswith("</") else inside[1] if inside else ""
        inner = path[-1].name if path else ""
        if tag.startswith("</") and name == inner:
            path[-1].closed = True
            close()
        elif tag == "</ruby>" and inner == "rt":
            close()
            path[-1].closed = True
            close()
        elif inside and name in _KNOWN and (name != "rt" or inner == "ruby"):
            path.append(Element(name, tag))
            begun.append(len(made))
        else:
            made.append(Piece(tag, tuple(path), at, text=False))
        at = found.end()
    if at < len(text):
        made.append(Piece(text[at:], tuple(path), at))
    while path:
        at = len(text)
        close()
    return made


def written(every: Sequence[Piece]) -> str:
    """The text of pieces: each tag opened where it begins to hold and closed where it ends."""
    return _written(every)[0]


def _written(every: Sequence[Piece]) -> tuple[str, list[int]]:
    """The text, and where in it each piece begins."""
    out: list[str] = []
    starts: list[int] = []
    size = 0
    stack: list[Element] = []

    def put(words: str) -> None:
        nonlocal size
        out.append(words)
        size += len(words)

    def pop_to(depth: int, *, more: bool) -> None:
        while len(stack) > depth:
            last = stack.pop()
            implied = last.name == "rt" and len(stack) > depth and stack[-1].closed
            if last.closed or (more and not implied):
                put(f"</{last.name}>")

    for piece in every:
        common = 0
        while common < min(len(stack), len(piece.path)) and stack[common] is piece.path[common]:
            common += 1
        pop_to(common, more=True)
        for element in piece.path[common:]:
            stack.append(element)
            put(element.tag)
        starts.append(size)
        put(piece.raw)
    pop_to(0, more=False)
    return "".join(out), starts


def loose_tags(text: str) -> set[str]:
    """Names of the tags that open and are not closed (`i`), or close what is not open (`/i`).

    A voice that holds to the end of the text needs no end (WebVTT 4.2.2).
    """
    if "<" not in text:
        return set()
    every = pieces(text)
    ends = {one.raw[1:-1] for one in every if not one.text and one.raw.startswith("</")}
    last = every[-1].path if every else ()
    open_ = {e.name for one in every for e in one.path if not e.closed and (e.name != "v" or e not in last)}
    return ends | open_


def toggled(text: str, start: int, end: int, tag: str, on: bool | None = None) -> Marked:
    """`text` with what is selected put under `tag` (`<i>`, `<c.yellow>`, `<lang fr>`), or taken from under
    such a tag where all of it is; `on` says which. Words selected in part of a reference are taken whole.
    """
    wanted = Element(_name_of(tag), tag, closed=True)
    matches = _same_kind(wanted)
    start, end = _whole_references(text, start, end)
    every = _cut(pieces(text), start, end)
    chosen = [i for i, p in enumerate(every) if p.text and p.raw and start <= p.start and p.end <= end]
    if not chosen:
        return Marked(text, start, end)
    if on is None:
        counted = [i for i in chosen if every[i].raw.strip()] or chosen
        on = not all(any(e.tag == tag or _plain(e, wanted) for e in every[i].path) for i in counted)
    first, last = chosen[0], chosen[-1]
    for i in range(first, last + 1):
        every[i] = replace(every[i], path=tuple(e for e in every[i].path if not matches(e)))
    if on:
        _put_under(every, first, last, wanted)
    fresh, starts = _written(every)
    return Marked(fresh, starts[first], starts[last] + len(every[last].raw))


def is_under(text: str, start: int, end: int, tag: str) -> bool:
    """Whether all that is selected stands under `tag`."""
    wanted = Element(_name_of(tag), tag)
    inside = [p for p in _cut(pieces(text), start, end) if p.text and start <= p.start and p.end <= end]
    words = [p for p in inside if p.raw.strip()] or inside
    return bool(words) and all(any(e.tag == tag or _plain(e, wanted) for e in p.path) for p in words)


def without(text: str, matches: Matches) -> str:
    """`text` without the tags that match; what stood under them stays."""
    return written([replace(p, path=tuple(e for e in p.path if not matches(e))) for p in pieces(text)])


def with_speaker(text: str, name: str) -> str:
    """`text` spoken by `name`: the voice tag that opens it says so, classes kept; no name, no tag."""
    name = escape(" ".join(name.split()), quote=False)
    every = pieces(text)
    opening = every[0].path[0] if every and every[0].path and every[0].path[0].name == "v" else None
    if opening is not None and text.startswith(opening.tag):
        if name:
            found = _INSIDE.fullmatch(opening.tag)
            opening.tag = f"<v{found[2] if found else ''} {name}>"
            return written(every)
        return written([replace(p, path=p.path[1:] if p.path[:1] == (opening,) else p.path) for p in every])
    if not name:
        return text
    until = next((i for i, p in enumerate(every) if any(e.name == "v" for e in p.path)), len(every))
    if not every or not until:
        return f"<v {name}>{text}" if not every else f"<v {name}></v>{text}"
    # The end of a voice that has all of the text may be left out (WebVTT 4.2.2).
    voice = Element("v", f"<v {name}>", closed=until < len(every))
    return written([replace(p, path=(voice, *p.path)) if i < until else p for i, p in enumerate(every)])


def with_ruby(text: str, start: int, end: int, reading: str) -> Marked | None:
    """What is selected with `reading` over it; None where tags begin or end in the selection."""
    inside = text[start:end]
    if not inside.strip() or "<" in inside or "\n" in inside:
        return None
    if any(e.name == "ruby" for p in pieces(text) if p.start <= start < p.end for e in p.path):
        return None
    over = f"<ruby>{inside}<rt>{escape(reading, quote=False)}</rt></ruby>"
    return Marked(text[:start] + over + text[end:], start + 6, start + 6 + len(inside))


def divided(text: str, at: int) -> tuple[str, str]:
    """The text before and behind a place: tags that are open there end, and begin again behind it.

    White space at the place is dropped; a place inside of a tag or a reference is behind it.
    """
    if "<" not in text and "&" not in text:
        return text[:at].rstrip(), text[at:].lstrip()
    at = _whole_references(text, at, at)[1]
    every = _cut(pieces(text), at)
    before = [piece for piece in every if piece.start < at]
    behind = every[len(before) :]
    while before and not before[-1].raw.strip() and (before[-1].text or not before[-1].raw):
        before.pop()
    while behind and not behind[0].raw.strip() and (behind[0].text or not behind[0].raw):
        behind.pop(0)
    if before:
        before[-1] = replace(before[-1], raw=before[-1].raw.rstrip())
    if behind:
        behind[0] = replace(behind[0], raw=behind[0].raw.lstrip())
    return written(before), written(behind)


def joined(texts: Sequence[str], joiner: str) -> str:
    """Texts as one: what a text leaves open ends with it, and one speaker of all of them is named once."""
    voices = {_voice_of_all(text) for text in texts}
    if len(texts) > 1 and len(voices) == 1 and None not in voices:
        bare = [without(text, lambda element: element.name == "v") for text in texts]
        return f"{voices.pop()}{joined(bare, joiner)}"
    return joiner.join([*(_ended(text) for text in texts[:-1]), *texts[-1:]])


def _ended(text: str) -> str:
    every = pieces(text) if "<" in text else []
    for piece in every:
        for element in piece.path:
            element.closed = True
    return written(every) if every else text


def _voice_of_all(text: str) -> str | None:
    """The tag of the one voice that all of a text stands under."""
    every = pieces(text) if text.startswith("<v") else []
    found = {element for piece in every for element in piece.path if element.name == "v"}
    outer = {piece.path[:1] for piece in every}
    return found.pop().tag if len(found) == len(outer) == 1 and (*found,) in outer else None


def escaped(text: str) -> str:
    """`text` with each & and < that is neither a reference nor a tag written as WebVTT wants it."""
    return _BARE.sub(lambda found: "&amp;" if found[0] == "&" else "&lt;", text)


def _name_of(tag: str) -> str:
    found = _INSIDE.fullmatch(tag)
    assert found is not None, tag
    return found[1]


def _plain(element: Element, wanted: Element) -> bool:
    return element.name == wanted.name and wanted.name in ("i", "b", "u")


def _same_kind(wanted: Element) -> Matches:
    """Tags that `wanted` takes the place of: one colour another, one language another."""
    if wanted.name != "c":
        return lambda element: element.name == wanted.name
    if set(wanted.classes) & set(COLOURS):
        return lambda e: e.name == "c" and len(e.classes) == 1 and e.classes[0] in COLOURS
    return lambda element: element.tag == wanted.tag


def _whole_references(text: str, start: int, end: int) -> tuple[int, int]:
    for found in _REFERENCE.finditer(text):
        if found.start() < start < found.end():
            start = found.start()
        if found.start() < end < found.end():
            end = found.end()
    return start, end


def _cut(every: list[Piece], *places: int) -> list[Piece]:
    """The pieces, cut also at these places."""
    made: list[Piece] = []
    for piece in every:
        for place in sorted(places):
            if piece.text and piece.start < place < piece.end:
                made.append(replace(piece, raw=piece.raw[: place - piece.start]))
                piece = replace(piece, raw=piece.raw[place - piece.start :], start=place)
        made.append(piece)
    return made


def _put_under(every: list[Piece], first: int, last: int, wanted: Element) -> None:
    """Each of the pieces gets the new element, as far out as nothing that must stay whole is cut."""
    paths = [every[i].path for i in range(first, last + 1)]
    common = 0
    while all(len(path) > common and path[common] is paths[0][common] for path in paths):
        common += 1
    for i in range(first, last + 1):
        path = every[i].path
        depth = max([common, *(at + 1 for at, e in enumerate(path) if e.name in _WHOLE)])
        element = wanted if depth == common else None
        if element is None:  # inside of a ruby, say: an element of its own for each
            before = every[i - 1].path if i > first else ()
            beside = before[depth] if len(before) > depth and before[:depth] == path[:depth] else None
            element = (
                beside
                if beside is not None and beside.tag == wanted.tag
                else Element(wanted.name, wanted.tag, closed=True)
            )
        every[i] = replace(every[i], path=(*path[:depth], element, *path[depth:]))
    for neighbour, end in ((first - 1, first), (last + 1, last)):
        _join(every, neighbour, end, wanted)


def _join(every: list[Piece], neighbour: int, end: int, wanted: Element) -> None:
    """A neighbour under the same tag comes under the new one: `<i>a</i><i>b</i>` is `<i>ab</i>`."""
    path = every[end].path
    if wanted not in path or not 0 <= neighbour < len(every):
        return
    depth = path.index(wanted)
    beside = every[neighbour].path
    if len(beside) <= depth or beside[:depth] != path[:depth] or beside[depth].tag != wanted.tag:
        return
    old = beside[depth]
    for i, piece in enumerate(every):
        if len(piece.path) > depth and piece.path[depth] is old:
            every[i] = replace(piece, path=(*piece.path[:depth], wanted, *piece.path[depth + 1 :]))
