"""STYLE blocks read into rules, as far as cues can be styled (CSS Syntax 3, WebVTT 8.2).

What CSS would drop is dropped: a declaration that is wrong alone, a rule whose selector is wrong whole. Of
at-rules `@media` for every screen counts; others ask for what is not known here, or come from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from vtt_desktop.ui.rendering.selectors import Selector, parse_selectors

# A string, an escape, a comment, or one other character: what a bracket or a semicolon may hide in.
_PIECE = re.compile(r""""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\\.|/\*.*?(?:\*/|\Z)|.""", re.DOTALL)
_PSEUDO_ELEMENT = re.compile(r"(.*?)::(cue-region|cue)(?:\((.*)\))?", re.DOTALL | re.IGNORECASE)
_LONGEST = 200_000  # characters of a style sheet: beyond them it is no style sheet
_EVERY_SCREEN = re.compile(r"@media(\s+(only\s+)?(all|screen))?", re.IGNORECASE)
_DEEPEST = 4  # at-rules in each other: nobody means more
_CLOSES = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name: value`, both without the space around them; the name is in lower case."""

    name: str
    value: str
    important: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations for what one selector of `::cue(…)` or `::cue-region(…)` matches.

    `selector` None is the pseudo-element without an argument.
    """

    region: bool
    selector: Selector | None
    declarations: tuple[Declaration, ...]
    order: int

    @property
    def specificity(self) -> tuple[int, int, int]:
        a, b, c = self.selector.specificity if self.selector else (0, 0, 0)
        return a, b, c + 1  # the pseudo-element itself


@lru_cache(maxsize=32)
def parse_styles(styles: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of several style sheets in their order."""
    rules: list[Rule] = []
    for sheet in styles:
        for prelude, block in _rules(sheet[:_LONGEST]):
            declarations = tuple(_declarations(block))
            for region, selector in _pseudo_elements(prelude):
                rules.append(Rule(region, selector, declarations, len(rules)))
    return tuple(rules)


def _pieces(text: str) -> Iterator[str]:
    for found in _PIECE.finditer(text):
        if not found[0].startswith("/*"):
            yield found[0]


def _rules(sheet: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(prelude, block) of every qualified rule that holds on a screen."""
    prelude: list[str] = []
    pieces = _pieces(sheet)
    for piece in pieces:
        if piece == "{":
            block = _until(pieces, "}")
            words = "".join(prelude).strip()
            if not words.startswith("@"):
                yield words, block
            elif depth < _DEEPEST and _EVERY_SCREEN.fullmatch(words):
                yield from _rules(block, depth + 1)
            prelude = []
        elif piece == ";" and prelude[:1] == ["@"]:
            prelude = []
        elif piece in "([":
            prelude += (piece, _until(pieces, _CLOSES[piece]), _CLOSES[piece])
        elif prelude or not piece.isspace():
            prelude.append(piece)


def _until(pieces: Iterator[str], end: str) -> str:
    """All up to the bracket that closes; the end of the text closes every one."""
    inside: list[str] = []
    open_brackets = [end]
    for piece in pieces:
        if piece == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                break
        elif piece in _CLOSES:
            open_brackets.append(_CLOSES[piece])
        inside.append(piece)
    return "".join(inside)


def split_outside(text: str, separator: str) -> list[str]:
    """The parts of `text` between separators that stand in no string and no bracket."""
    parts: list[list[str]] = [[]]
    depth = 0
    for piece in _pieces(text):
        if piece in _CLOSES:
            depth += 1
        elif piece in (")", "]", "}"):
            depth = max(0, depth - 1)
        if piece == separator and not depth:
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]


def _declarations(block: str) -> Iterable[Declaration]:
    for words in split_outside(block, ";"):
        name, colon, value = words.partition(":")
        name, value = name.strip().lower(), value.strip()
        important = re.search(r"!\s*important\s*\Z", value, re.IGNORECASE)
        if important:
            value = value[: important.start()].rstrip()
        if colon and value and re.fullmatch(r"-?[a-z][a-z-]*", name):
            yield Declaration(name, value, important is not None)


def _pseudo_elements(prelude: str) -> list[tuple[bool, Selector | None]]:
    """What a selector list selects of cues and regions; nothing where any part of it is wrong.

    Something before the `::` would have to match the element that plays, which has no name, no class and
    no id here (WebVTT 7.3), so that it selects nothing.
    """
    selected: list[tuple[bool, Selector | None]] = []
    for words in split_outside(prelude, ","):
        found = _PSEUDO_ELEMENT.fullmatch(words.strip())
        if not found:
            if re.fullmatch(r"[\w\s.#*>+~-]+", words.strip()):
                continue  # for something else on a page
            return []
        before, name, argument = found.groups()
        region = name.lower() == "cue-region"
        if argument is None:
            chosen: list[Selector | None] = [None]
        else:
            parsed = parse_selectors(argument)
            if parsed is None:
                return []
            chosen = list(parsed)
        if not before.strip():
            selected += ((region, one) for one in chosen)
    return selected
