"""Reads a backend profile from TOML and says of every mistake where it is and what is allowed."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile import Content, FieldAt, Profile

CUE_FIELDS = ("text", "start", "end", "identifier", "settings")


def read_profile(text: str, where: str) -> Profile:
    """A profile from TOML text; `where` names the file in errors.

    UserError with file, line, key and what is allowed.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{where} is not valid TOML: {error}.") from None
    profile: Profile = _made(Profile, {"name": where, **data}, text, where, "")
    _check(profile, text, where)
    return profile


def _made(cls: Any, data: Mapping[str, Any], text: str, where: str, path: str) -> Any:
    hints = get_type_hints(cls)
    values = {}
    for key, value in data.items():
        if key not in hints:
            allowed = ", ".join(sorted(hints))
            raise _wrong(text, where, f"{path}{key}", f"is not a key here; allowed are {allowed}")
        values[key] = _value(hints[key], value, text, where, f"{path}{key}")
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
        if value not in get_args(hint):
            allowed = ", ".join(repr(one) for one in get_args(hint))
            raise _wrong(text, where, key, f"is {value!r}; allowed are {allowed}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(text, where, key, "must be a list")
        return tuple(_value(get_args(hint)[0], one, text, where, key) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise _wrong(text, where, key, "must be a table")
        return {k: _value(get_args(hint)[1], v, text, where, f"{key}.{k}") for k, v in value.items()}
    if origin in (Union, types.UnionType) or hint is object:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise _wrong(text, where, key, f"is {value!r}; it must be of the kind “{hint.__name__}”")
    return value


def _check(profile: Profile, text: str, where: str) -> None:
    content: Content = profile.content
    if "{id}" not in profile.item.url:
        raise _wrong(text, where, "item.url", "must hold {id}")
    for key, value in (("item.version", profile.item.version), ("write.version", profile.write.version)):
        if not re.fullmatch(r"header:[\w-]+|json:(/.*)?|header|reget", value):
            raise _wrong(
                text, where, key, f"is {value!r}; allowed are 'header:NAME', 'json:/pointer', 'reget'"
            )
    if not re.fullmatch(r"header:If-Match|body:/.*", profile.write.precondition):
        raise _wrong(text, where, "write.precondition", "must be 'header:If-Match' or 'body:/pointer'")
    if content.kind == "fields":
        unknown = sorted(set(content.fields) - set(CUE_FIELDS))
        if unknown or "text" not in content.fields:
            raise _wrong(
                text, where, "content.fields", f"must hold text, and may hold {', '.join(CUE_FIELDS)}"
            )
    pointers = {
        "item.read": profile.item.read,
        "content.pointer": content.pointer,
        "content.order": content.order,
        "write.wrap": profile.write.wrap,
        "list.items": profile.list.items,
        **{f"content.fields.{k}": at.pointer for k, at in content.fields.items()},
    }
    for key, pointer in pointers.items():
        if pointer and not pointer.startswith("/"):
            raise _wrong(text, where, key, f"is {pointer!r}; a JSON pointer begins with “/” (RFC 6901)")


def _wrong(text: str, where: str, key: str, what: str) -> UserError:
    leaf = key.rpartition(".")[2]
    found = re.search(rf"^[ \t]*(?:[\w.\"-]+\.)?\"?{re.escape(leaf)}\"?[ \t]*=", text, re.MULTILINE)
    line = f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""
    return UserError(f"{where}{line}: “{key}” {what}.")
