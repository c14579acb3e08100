"""Cue text: the tokenizer and the tree of WebVTT 6.4 and 6.5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import html5
from typing import Any

from vtt_desktop.formats.webvtt_cue import parse_timestamp

_NAMED = re.compile(r"[0-9A-Za-z]{1,32};?")
_NUMERIC = re.compile(r"#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_LONGEST_NUMBER = 8  # digits of a code point that can be one
# HTML 13.2.5.80 "numeric character reference end state": what the C1 controls stand for.
_UNASSIGNED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_C1 = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in _UNASSIGNED}
_TAG = re.compile(r"([^ \t\n\f.>]*)((?:\.[^ \t\n\f.>]*)*)(?:[ \t\n\f]([^>]*))?>?")
_SPACE = re.compile(r"[ \t\n\f\r]+")


@dataclass(frozen=True, slots=True)
class StartTag:
    """`<name.class.class annotation>`; classes that are empty are left out."""

    name: str
    classes: tuple[str, ...] = ()
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class EndTag:
    """`</name>`."""

    name: str


@dataclass(frozen=True, slots=True)
class TimestampTag:
    """`<00:01.000>` as written between the angle brackets."""

    value: str


Token = str | StartTag | EndTag | TimestampTag


@dataclass(slots=True)
class Node:
    """A node object of WebVTT 6.4. `type` is `text`, `timestamp`, a tag's name or `root`.

    `value` is the text, the annotation of a `v`, the language of a `lang`, or the ms of a timestamp.
    """

    type: str
    value: str | int = ""
    classes: tuple[str, ...] = ()
    children: list[Node] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The node as `inspect --json` prints it."""
        if self.type == "text":
            return {"type": "text", "value": self.value}
        if self.type == "timestamp":
            return {"type": "timestamp", "value": self.value}
        made: dict[str, Any] = {"type": self.type, "classes": list(self.classes)}
        if self.type == "v":
            made["value"] = self.value
        elif self.type == "lang":
            made["lang"] = self.value
        return made | {"children": [child.plain() for child in self.children]}


def decode_references(text: str) -> str:
    """Every HTML character reference in `text` decoded (HTML 13.2.5.72 to 80, in data, not in attributes)."""
    if "&" not in text:
        return text
    first, *rest = text.split("&")
    return first + "".join(map(_decoded, rest))


def _decoded(text: str) -> str:
    """What follows an ampersand, with the reference that it may begin with decoded."""
    number = _NUMERIC.match(text)
    if number:
        return _code_point(number[1], number[2]) + text[number.end() :]
    name = _NAMED.match(text)
    if name:
        for end in range(name.end(), 0, -1):
            if text[:end] in html5:
                return html5[text[:end]] + text[end:]
    return "&" + text


def _code_point(hexadecimal: str | None, decimal: str | None) -> str:
    digits = (hexadecimal or decimal or "").lstrip("0")
    code = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= _LONGEST_NUMBER else 0
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return _C1.get(code) or chr(code)


def tokens(text: str) -> Iterator[Token]:
    """WebVTT 6.4 "WebVTT cue text tokenizer". One pass; time grows with the length only."""
    at = 0
    while at < len(text):
        tag_at = text.find("<", at)
        if tag_at < 0:
            yield decode_references(text[at:])
            return
        if tag_at > at:
            yield decode_references(text[at:tag_at])
        end = text.find(">", tag_at)
        end = len(text) if end < 0 else end
        inside = text[tag_at + 1 : end]
        yield _short_tag(inside) if len(inside) <= _SHORT else _tag(inside)
        at = end + 1


def _tag(inside: str) -> Token:
    """The token of what stands between `<` and `>` (or the end of the text)."""
    if inside.startswith("/"):
        return EndTag(inside[1:])
    if inside[:1] in _DIGITS and inside:
        return TimestampTag(inside)
    found = _TAG.match(inside)
    assert found is not None  # every part of the pattern may be empty
    classes = tuple(name for name in found[2].split(".") if name)
    return StartTag(found[1], classes, _annotation(found[3] or ""))


_DIGITS = "0123456789"


_SHORT = 40  # characters; a film has few different tags, many times each
_short_tag = lru_cache(maxsize=1024)(_tag)


def _annotation(text: str) -> str:
    return _SPACE.sub(" ", decode_references(text)).strip(" ")


def parse_text(text: str) -> list[Node]:
    """WebVTT 6.4 "WebVTT cue text parsing rules": the children of the root. Unknown tags are dropped."""
    root = Node("root")
    path = [("root", root)]
    for token in tokens(text):
        kind, current = path[-1]
        if isinstance(token, str):
            current.children.append(Node("text", token))
        elif isinstance(token, StartTag):
            if token.name in _CONTAINERS or (token.name == "rt" and kind == "ruby"):
                node = current
                if len(path) <= DEEPEST:
                    value = token.annotation if token.name in ("v", "lang") else ""
                    node = Node(token.name, value, token.classes)
                    current.children.append(node)
                path.append((token.name, node))
        elif isinstance(token, EndTag):
            if len(path) > 1 and token.name == kind:
                path.pop()
            elif token.name == "ruby" and kind == "rt":
                del path[-2:]
        else:
            moment = parse_timestamp(token.value)
            if moment is not None:
                current.children.append(Node("timestamp", moment))
    return root.children


DEEPEST = 256
"""Tags nested deeper are read as if they stood at that depth: no person nests so, an attack does."""
_CONTAINERS = frozenset({"c", "i", "b", "u", "ruby", "v", "lang"})
