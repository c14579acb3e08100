"""JSON pointers (RFC 6901) into documents from the wire."""

from __future__ import annotations

from typing import Any


def steps(pointer: str) -> list[str]:
    """The reference tokens of a pointer, unescaped (RFC 6901 section 4)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]] if pointer else []


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


def put(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Sets the place, making objects on the way."""
    *way, last = steps(pointer)
    for name in way:
        inner = document.get(name)
        if not isinstance(inner, dict):
            inner = document[name] = {}
        document = inner
    document[last] = value


def wrapped(value: Any, pointer: str) -> Any:
    """The value inside new objects, so that the pointer points to it."""
    if not pointer:
        return value
    document: dict[str, Any] = {}
    put(document, pointer, value)
    return document
