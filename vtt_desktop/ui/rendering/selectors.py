"""Selectors in the brackets of `::cue(…)`, matched against the tree of a cue (WebVTT 8.2.1, Selectors 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

# Told by what of ASCII is not in them: a set with a range up to U+10FFFF takes `re` 30 ms to compile.
_START = r"[^\x00-@\x5b-\x5e\x60\x7b-\x7f]"
_NAME = r"[^\x00-\x2c\x2e\x2f\x3a-@\x5b-\x5e\x60\x7b-\x7f]"
_IDENT = rf"-?(?:{_START}|\\.)(?:{_NAME}|\\.)*"
_SIMPLE = re.compile(
    rf"""(?P<type>{_IDENT}|\*)
    |\#(?P<id>(?:{_NAME}|\\.)+)
    |\.(?P<class>{_IDENT})
    |\[\s*(?P<name>{_IDENT})\s*(?:(?P<op>[~|^$*]?=)\s*(?P<value>"[^"]*"|'[^']*'|{_IDENT})\s*(?P<flag>[iIsS])?\s*)?\]
    |:(?P<pseudo>{_IDENT})(?:\((?P<argument>[^()]*(?:\([^()]*\)[^()]*)*)\))?""",
    re.VERBOSE,
)
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_STATES = ("past", "future", "root")
_LONGEST = 2000  # characters: no person writes more, and matching takes their square


@dataclass(slots=True, eq=False)
class Element:
    """A node of a cue as selectors see it. The root has no name and no classes (WebVTT 8.2.1)."""

    name: str = ""
    classes: tuple[str, ...] = ()
    id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    language: str = ""
    past: bool = False
    future: bool = False
    parent: Element | None = None
    before: Element | None = None


@dataclass(frozen=True, slots=True)
class _Test:
    kind: Literal["type", "id", "class", "attribute", "state", "lang", "not", "is"]
    name: str = ""
    operator: str = ""
    value: str = ""
    fold: bool = False
    inner: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """Compounds from left to right, each with the combinator before it (the first one's is empty)."""

    parts: tuple[tuple[str, tuple[_Test, ...]], ...]

    @property
    def specificity(self) -> tuple[int, int, int]:
        """Selectors 4, 17."""
        total = [0, 0, 0]
        for _, tests in self.parts:
            for test in tests:
                for at, count in enumerate(_weight(test)):
                    total[at] += count
        return total[0], total[1], total[2]

    @property
    def timed(self) -> bool:
        """Whether it has `:past` or `:future`."""
        return any(
            (test.kind == "state" and test.name != "root") or any(one.timed for one in test.inner)
            for _, tests in self.parts
            for test in tests
        )

    def matches(self, element: Element) -> bool:
        return _matches(self.parts, element)


def parse_selectors(text: str) -> tuple[Selector, ...] | None:
    """A selector list, None where any of it is wrong or not known here."""
    if len(text) > _LONGEST:
        return None
    found: list[Selector] = []
    at = 0
    while True:
        selector, at = _selector(text, at)
        if selector is None:
            return None
        found.append(selector)
        if at == len(text):
            return tuple(found)
        if text[at] != ",":
            return None
        at += 1


def _selector(text: str, at: int) -> tuple[Selector | None, int]:
    at += len(text[at:]) - len(text[at:].lstrip())
    parts: list[tuple[str, tuple[_Test, ...]]] = []
    combinator = ""
    while True:
        tests: list[_Test] = []
        while (found := _SIMPLE.match(text, at)) and not (tests and found["type"]):
            test = _test(found)
            if test is None:
                return None, at
            tests.append(test)
            at = found.end()
        if not tests:
            return None, at
        parts.append((combinator, tuple(tests)))
        between = _COMBINATOR.match(text, at)
        if between is None or between.end() == len(text) or text[between.end()] == ",":
            end = between.end() if between and not between[1] else at
            return (None if between and between[1] else Selector(tuple(parts))), end
        combinator, at = between[1] or " ", between.end()


def _test(found: re.Match[str]) -> _Test | None:
    if found["type"]:
        return _Test("type", _plain(found["type"]))
    if found["id"]:
        return _Test("id", _plain(found["id"]))
    if found["class"]:
        return _Test("class", _plain(found["class"]))
    if found["name"]:
        value = found["value"] or ""
        value = _plain(value[1:-1] if value[:1] in ("'", '"') else value)
        fold = (found["flag"] or "").lower() == "i"
        return _Test("attribute", _plain(found["name"]).lower(), found["op"] or "", value, fold)
    name, argument = found["pseudo"].lower(), found["argument"]
    if argument is None:
        return _Test("state", name) if name in _STATES else None
    if name == "lang":
        words = [_plain(word.strip().strip("\"'")) for word in argument.split(",")]
        return _Test("lang", value=",".join(words)) if all(words) else None
    if name in ("not", "is", "where"):
        inner = parse_selectors(argument)
        if inner is not None:
            return _Test("not" if name == "not" else "is", name, inner=inner)
    return None


def _plain(text: str) -> str:
    """Without escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else m[2], text)


def _weight(test: _Test) -> tuple[int, int, int]:
    if test.kind == "id":
        return 1, 0, 0
    if test.kind == "type":
        return 0, 0, int(test.name != "*")
    if test.kind in ("not", "is"):
        return (0, 0, 0) if test.name == "where" else max(one.specificity for one in test.inner)
    return 0, 1, 0


def _matches(parts: tuple[tuple[str, tuple[_Test, ...]], ...], element: Element) -> bool:
    combinator, tests = parts[-1]
    if not all(_holds(test, element) for test in tests):
        return False
    rest = parts[:-1]
    if not rest:
        return True
    other = element.before if combinator in ("+", "~") else element.parent
    if combinator in (">", "+"):
        return other is not None and _matches(rest, other)
    while other is not None:
        if _matches(rest, other):
            return True
        other = other.before if combinator == "~" else other.parent
    return False


def _holds(test: _Test, element: Element) -> bool:
    if test.kind == "type":
        return test.name == "*" or (test.name == element.name and bool(element.name))
    if test.kind == "id":
        return bool(element.id) and test.name == element.id
    if test.kind == "class":
        return test.name in element.classes
    if test.kind == "attribute":
        return _attribute(test, element.attributes.get(test.name))
    if test.kind == "lang":
        return any(_language(word, element.language) for word in test.value.split(","))
    if test.kind in ("not", "is"):
        return any(one.matches(element) for one in test.inner) == (test.kind == "is")
    return {"past": element.past, "future": element.future}.get(test.name, element.parent is None)


def _attribute(test: _Test, value: str | None) -> bool:
    if value is None or not test.operator:
        return value is not None
    wanted = test.value
    if test.fold:
        value, wanted = value.casefold(), wanted.casefold()
    if test.operator == "=":
        return value == wanted
    if test.operator == "|=":
        return value == wanted or value.startswith(wanted + "-")
    if not wanted:
        return False
    if test.operator == "~=":
        return wanted in value.split()
    if test.operator == "^=":
        return value.startswith(wanted)
    return value.endswith(wanted) if test.operator == "$=" else wanted in value


def _language(wanted: str, language: str) -> bool:
    """Selectors 4, 11.2: the range is the tag or its beginning."""
    wanted, language = wanted.lower(), language.lower()
    return bool(language) and (wanted == "*" or language == wanted or language.startswith(wanted + "-"))
