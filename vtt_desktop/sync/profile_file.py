"""Reads a backend profile from TOML and says of every mistake where it is and what is allowed."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile import FieldAt, Profile
from vtt_desktop.sync.profile_rules import broken_rules


def read_profile(text: str, where: str) -> Profile:
    """A profile from TOML text; `where` names the file in errors.

    UserError with file, line, key and what is allowed.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(text, where, str(error)) from None
    profile: Profile = _made(Profile, {"name": where, **data}, text, where, "")
    for key, what in broken_rules(profile):
        raise _wrong(text, where, key, what)
    return profile


def _made(cls: Any, data: Mapping[str, Any], text: str, where: str, path: str) -> Any:
    hints = get_type_hints(cls)
    values = {}
    for key, value in data.items():
        if key not in hints:
            allowed = ", ".join(sorted(hints))
            raise _wrong(text, where, f"{path}{key}", f"is not a key here; allowed are {allowed}")
        values[key] = _value(hints[key], value, text, where, f"{path}{key}")
    missing = [
        one.name
        for one in dataclasses.fields(cls)
        if one.name not in values
        and one.default is dataclasses.MISSING
        and one.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise _wrong(text, where, path.rstrip("."), f"must have a key “{missing[0]}”")
    return cls(**values)


def _value(hint: Any, value: Any, text: str, where: str, key: str) -> Any:
    origin = get_origin(hint)
    if dataclasses.is_dataclass(hint):
        if hint is FieldAt and isinstance(value, str):
            return FieldAt(value)
        if not isinstance(value, dict):
            raise _wrong(text, where, key, "must be a table")
        return _made(hint, value, text, where, f"{key}.")
    if origin is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            allowed = ", ".join(repr(one) for one in get_args(hint))
            raise _wrong(text, where, key, f"is {value!r}; allowed are {allowed}")
        return value
    if origin is tuple:
        if isinstance(value, str) and key.endswith((".version", ".precondition")):
            value = [value] if value else []  # most have one part
        if not isinstance(value, list):
            raise _wrong(text, where, key, "must be a list")
        return tuple(_value(get_args(hint)[0], one, text, where, key) for one in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise _wrong(text, where, key, "must be a table")
        return {k: _value(get_args(hint)[1], v, text, where, f"{key}.{k}") for k, v in value.items()}
    if origin in (Union, types.UnionType) or hint is object:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise _wrong(text, where, key, f"is {value!r}; it must be {_KINDS.get(hint, hint.__name__)}")
    return value


_KINDS = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _wrong(text: str, where: str, key: str, what: str) -> UserError:
    line = line_of(text, key)
    return UserError(f"{where}{f', line {line}' if line else ''}: “{key}” {what}.")


def _no_toml(text: str, where: str, said: str) -> UserError:
    """`said`: the parser's words, with the place behind them; that may be the end."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z", said)
    what = said[: place.start()] if place else said
    if place and place[1]:
        line, column = int(place[1]), f" at column {place[2]}"
    else:
        line, column = max(1, len(text.splitlines())), " where the file ends"
    return UserError(f"{where}, line {line}: this is not valid TOML{column}: {what}.")


def line_of(text: str, key: str) -> int:
    """The line (from 1) of a dotted key in TOML text; of the nearest table around it; 0: not found."""
    table, best, best_length = "", 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        named = re.match(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=", line)
        if header:
            table = _plain(header[1])
            found = table
        elif named:
            found = f"{table}.{_plain(named[1])}".lstrip(".")
        else:
            continue
        if (key == found or key.startswith(f"{found}.")) and len(found) > best_length:
            best, best_length = number, len(found)
    return best


def _plain(name: str) -> str:
    return re.sub(r"[\s\"']", "", name)
