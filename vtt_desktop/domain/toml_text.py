"""TOML that a person writes: where a key stands in it, and what is said of a mistake there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any

from vtt_desktop.domain.errors import UserError

KINDS = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
"""What a value of each type is called to a person."""


def read_toml(text: str, where: str) -> dict[str, Any]:
    """What the text says; `where` names the file in errors. UserError, with the line, for what is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(text, where, str(error)) from None


def wrong_key(text: str, where: str, key: str, what: str) -> UserError:
    """That `what` is wrong with a dotted key, with the line that it stands in."""
    line = line_of(text, key)
    return UserError(f"{where}{f', line {line}' if line else ''}: “{key}” {what}.")


def no_key(text: str, where: str, key: str, allowed: Iterable[str]) -> UserError:
    """That there is no such key, and which there are."""
    return wrong_key(text, where, key, f"is not a key here; allowed are {', '.join(sorted(allowed))}")


def not_among(text: str, where: str, key: str, value: object, allowed: Iterable[str]) -> UserError:
    """That a key has none of the values that it can have."""
    return wrong_key(text, where, key, f"is {value!r}; allowed are {', '.join(map(repr, allowed))}")


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
