"""Reads a backend profile from TOML and says of every mistake where it is and what is allowed."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vtt_desktop.domain.toml_text import KINDS, no_key, not_among, read_toml, wrong_key
from vtt_desktop.sync.profile import FieldAt, Profile
from vtt_desktop.sync.profile_rules import broken_rules


def read_profile(text: str, where: str) -> Profile:
    """A profile from TOML text; `where` names the file in errors.

    UserError with file, line, key and what is allowed.
    """
    profile: Profile = _made(Profile, {"name": where, **read_toml(text, where)}, text, where, "")
    for key, what in broken_rules(profile):
        raise wrong_key(text, where, key, what)
    return profile


def _made(cls: Any, data: Mapping[str, Any], text: str, where: str, path: str) -> Any:
    hints = get_type_hints(cls)
    values = {}
    for key, value in data.items():
        if key not in hints:
            raise no_key(text, where, f"{path}{key}", hints)
        values[key] = _value(hints[key], value, text, where, f"{path}{key}")
    missing = [
        one.name
        for one in dataclasses.fields(cls)
        if one.name not in values
        and one.default is dataclasses.MISSING
        and one.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise wrong_key(text, where, path.rstrip("."), f"must have a key “{missing[0]}”")
    return cls(**values)


def _value(hint: Any, value: Any, text: str, where: str, key: str) -> Any:
    origin = get_origin(hint)
    if dataclasses.is_dataclass(hint):
        if hint is FieldAt and isinstance(value, str):
            return FieldAt(value)
        if not isinstance(value, dict):
            raise wrong_key(text, where, key, "must be a table")
        return _made(hint, value, text, where, f"{key}.")
    if origin is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            raise not_among(text, where, key, value, get_args(hint))
        return value
    if origin is tuple:
        if isinstance(value, str) and key.endswith((".version", ".precondition")):
            value = [value] if value else []  # most have one part
        if not isinstance(value, list):
            raise wrong_key(text, where, key, "must be a list")
        return tuple(_value(get_args(hint)[0], one, text, where, key) for one in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise wrong_key(text, where, key, "must be a table")
        return {k: _value(get_args(hint)[1], v, text, where, f"{key}.{k}") for k, v in value.items()}
    if origin in (Union, types.UnionType) or hint is object:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise wrong_key(text, where, key, f"is {value!r}; it must be {KINDS.get(hint, hint.__name__)}")
    return value
