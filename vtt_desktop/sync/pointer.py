"""JSON pointers (RFC 6901) into documents from the wire."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=512)
def steps(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a pointer, unescaped (RFC 6901 section 4)."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def get(document: Any, pointer: str) -> Any:
    """What the pointer points to, or None where there is nothing."""
    for name in steps(pointer):
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def has(document: Any, pointer: str) -> bool:
    """Whether there is something at that place, be it null."""
    above, _, _ = pointer.rpartition("/")
    inner = get(document, above)
    if isinstance(inner, dict):
        return steps(pointer)[-1] in inner
    return get(document, pointer) is not None


def drop(document: Any, pointer: str) -> None:
    """Takes the place away, where it is there."""
    above, _, _ = pointer.rpartition("/")
    inner = get(document, above)
    if isinstance(inner, dict):
        inner.pop(steps(pointer)[-1], None)


def put(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Sets the place, making objects on the way."""
    *way, last = steps(pointer)
    for name in way:
        inner = document.get(name)
        if not isinstance(inner, dict):
            inner = document[name] = {}
        document = inner
    document[last] = value


def leaves(document: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every place of a document that is no object itself, with what stands there."""
    if not isinstance(document, dict):
        return [(pointer, document)]
    found: list[tuple[str, Any]] = []
    for name, value in document.items():
        found += leaves(value, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    return found


def wrapped(value: Any, pointer: str) -> Any:
    """The value inside new objects, so that the pointer points to it."""
    if not pointer:
        return value
    document: dict[str, Any] = {}
    put(document, pointer, value)
    return document
