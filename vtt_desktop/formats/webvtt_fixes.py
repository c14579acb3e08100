"""Repairs of what the specification forbids an author, where no player shows anything else afterwards.

Whether that holds is not argued but looked at: the tree of the text and the meaning of the settings must be
those from before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.formats.webvtt_checks import check_cue
from vtt_desktop.formats.webvtt_cue import CueSettings, parse_setting, parse_settings, split_on_spaces
from vtt_desktop.formats.webvtt_text import Node, decode_references, parse_text

_TAG = re.compile(r"<[^>]*>?")
_NAME = re.compile(r"[^ \t\n\f.>]*")
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[0-9A-Za-z]+;?)?")
_CONTAINERS = frozenset({"c", "i", "b", "u", "ruby", "v", "lang"})
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"}


def repaired(snapshot: Snapshot, regions: Iterable[str] = (), kind: str = "captions") -> Snapshot:
    """The document with every cue repaired that can be, and its cues in the order of their in-times, which
    is the order in which players have them anyway (HTML "text track cue order")."""
    defined = frozenset(regions)
    cues = list(snapshot.cues)
    made = [repaired_cue(cue, defined, kind) for cue in cues]
    made.sort(key=lambda cue: cue.start)  # stable
    same = all(a is b for a, b in zip(cues, made, strict=True))
    return snapshot if same else Snapshot(snapshot.head, CueList.of(made))


def repaired_cue(cue: Cue, regions: frozenset[str] = frozenset(), kind: str = "captions") -> Cue:
    """The cue without those of its problems that can be repaired; the same object where none can."""
    rules = {problem.rule for problem in check_cue(cue, regions, kind)}
    if not rules:
        return cue
    fresh = cue
    if rules & {"repeated-setting", "bad-setting"}:
        fresh = fresh.with_(settings=_settings(fresh.settings))
    if rules & {"bare-ampersand", "unclosed-tag", "unmatched-tag", "wrong-nesting"}:
        text = _text(fresh.text)
        if _shown(parse_text(text)) == _shown(parse_text(fresh.text)):
            fresh = fresh.with_(text=text)
    if "timing-line" in rules and cue.source is not None and "\ufffd" not in cue.text + cue.identifier:
        fresh = fresh.with_(source=None)  # written anew, in the file's style
    return fresh


def _shown(nodes: Iterable[Node]) -> list[object]:
    """The tree with neighbouring texts as one: an end tag that closes nothing parts them, unseen."""
    made: list[object] = []
    for node in nodes:
        last = made[-1] if made else None
        if node.type != "text":
            made.append((node.type, node.value, node.classes, _shown(node.children)))
        elif isinstance(last, str):
            made[-1] = last + str(node.value)
        else:
            made.append(str(node.value))
    return made


def _settings(settings: str) -> str:
    """Without the words of a known name that a parser ignores: bad ones, and all but the last good one."""
    said = CueSettings()
    last: dict[str, int] = {}
    words = split_on_spaces(settings)
    for at, word in enumerate(words):
        name, _, value = word.partition(":")
        better = parse_setting(said, name, value) if value and name in _NAMES else None
        if better is not None:
            said = better
            last[name] = at
    kept = [
        word
        for at, word in enumerate(words)
        if (name := word.partition(":")[0]) not in _NAMES or last.get(name) == at
    ]
    fresh = " ".join(kept)
    return fresh if parse_settings(fresh) == parse_settings(settings) else settings


_NAMES = frozenset({"vertical", "line", "position", "size", "align", "region"})


def _text(text: str) -> str:
    if text.rfind("<") > text.rfind(">"):
        return text  # a tag without end takes in all that is written behind it
    out: list[str] = []
    opened: list[str] = []
    at = 0
    for found in _TAG.finditer(text):
        out += [_references(text[at : found.start()]), _tag(found[0], opened)]
        at = found.end()
    out.append(_references(text[at:]))
    spans_all = opened[:1] == ["v"] and text.startswith("<v")  # WebVTT 4.2.2: its end may be left out
    closing = [f"</{name}>" for name in reversed(opened[1:] if spans_all else opened)]
    return "".join(out + closing)


def _tag(tag: str, opened: list[str]) -> str:
    """The tag as it stays: an end that a parser ignores goes, one that it adds is written."""
    inside = tag[1:].removesuffix(">")
    if inside.startswith("/"):
        name = inside[1:]
        if opened and opened[-1] == name:
            opened.pop()
        elif name == "ruby" and opened[-1:] == ["rt"]:
            del opened[-2:]
            return "</rt></ruby>"
        elif name in _CONTAINERS or name == "rt":
            return ""
        return tag
    found = _NAME.match(inside)
    name = found[0] if found else ""
    if name in _CONTAINERS or (name == "rt" and opened[-1:] == ["ruby"]):
        opened.append(name)
    return tag


def _references(text: str) -> str:
    """Bare ampersands as `&amp;`; a reference without its semicolon as the character that it stands for."""

    def made(found: re.Match[str]) -> str:
        meant = decode_references(found[0])
        if found[0].endswith(";") and meant != found[0]:
            return found[0]
        return "".join(_ESCAPED.get(c, c) for c in meant)

    return _REFERENCE.sub(made, text)
