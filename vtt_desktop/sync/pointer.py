"""JSON pointers (RFC 6901) into documents from the wire.

One step more than the RFC has: in an array `name=value` is the first element whose member `name` says that.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
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
        elif isinstance(document, list) and (at := _index(document, name)) is not None:
            document = document[at]
        else:
            return None
    return document


@lru_cache(maxsize=512)
def getter(pointer: str) -> Callable[[Any], Any]:
    """`get` for one place of many documents: most are members of the document itself, and those are found
    in a fifth of the time."""
    every = steps(pointer)
    if len(every) != 1:
        return lambda document: get(document, pointer)
    (name,) = every
    return lambda document: document.get(name) if isinstance(document, dict) else get(document, pointer)


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


def drop_out(document: Any, pointer: str) -> None:
    """Takes the place away, and what it was in where nothing else is in that."""
    while pointer:
        drop(document, pointer)
        pointer = pointer.rpartition("/")[0]
        if get(document, pointer) != {}:
            return


def put(document: Any, pointer: str, value: Any) -> None:
    """Sets the place, making objects on the way; an array where the next step is a number or `name=value`."""
    every = steps(pointer)
    inner: Any = document
    for name, following in pairwise(every):
        there = _member(inner, name)
        if not isinstance(there, (dict, list)):
            there = [] if following.isdigit() or "=" in following else {}
            _set(inner, name, there)
        inner = there
    _set(inner, every[-1], value)


def with_value(document: Any, pointer: str, value: Any) -> Any:
    """The document with another value at one place; the one given stays as it is."""
    changed = copy.deepcopy(document)
    put(changed, pointer, value)
    return changed


def leaves(document: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every place of a document that is no object itself, with what stands there."""
    if not isinstance(document, dict):
        return [(pointer, document)]
    found: list[tuple[str, Any]] = []
    for name, value in document.items():
        found += leaves(value, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    return found


def wrapped(value: Any, pointer: str) -> Any:
    """The value inside new objects (an array where a step is a number), so that the pointer points to it."""
    if not pointer:
        return value
    document: Any = [] if steps(pointer)[0].isdigit() else {}
    put(document, pointer, value)
    return document


def _index(array: list[Any], step: str) -> int | None:
    """The number of the element that a step names."""
    if step.isdigit():
        return int(step) if int(step) < len(array) else None
    name, equals, value = step.partition("=")
    if not equals:
        return None
    alike = (i for i, one in enumerate(array) if isinstance(one, dict) and str(one.get(name)) == value)
    return next(alike, None)


def _member(inner: Any, name: str) -> Any:
    if isinstance(inner, list):
        at = _index(inner, name)
        return inner[at] if at is not None else None
    return inner.get(name)


def _set(inner: Any, name: str, value: Any) -> None:
    """Sets a member, or an element; one that is not there is put behind the last."""
    if not isinstance(inner, list):
        inner[name] = value
        return
    at = _index(inner, name)
    member, equals, wanted = name.partition("=")
    if equals and isinstance(value, dict):
        value = {member: wanted, **value}
    if at is None:
        inner.append(value)
    else:
        inner[at] = value
