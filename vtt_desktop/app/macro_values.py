"""What a macro gave, checked where it comes in: a mistake is one sentence, with the name of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from reprlib import Repr

from vtt_desktop.domain.errors import UserError

_shown = Repr()
_shown.maxstring = _shown.maxother = 40


def whole(call: str, **values: object) -> None:
    """UserError for what is no whole number: times are whole milliseconds, and ids are numbers."""
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(call, name, "a whole number", value)


def words(call: str, **values: object) -> None:
    """UserError for what is no text."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise _wrong(call, name, "text", value)


def ids_of(call: str, ids: object) -> list[int]:
    """One id or several, as a list."""
    if isinstance(ids, int) and not isinstance(ids, bool):
        return [ids]
    if not isinstance(ids, Iterable) or isinstance(ids, str | bytes):
        raise _wrong(call, "ids", "ids of cues", ids)
    every = list(ids)
    for one in every:
        whole(call, id=one)
    return every


def _wrong(call: str, name: str, wanted: str, value: object) -> UserError:
    return UserError(f"{call}: {name} must be {wanted}, not {_shown.repr(value)}.")
