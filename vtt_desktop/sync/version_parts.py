"""A version as one text, also where a backend shows it in several parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote

_KEPT = "!\"#$&'()*+-./:;<=>?@[\\]^_`{|}~"
"""What stands in a part as it is: all that is printable ASCII but the comma, “%” and the space."""


def joined(parts: Iterable[str | None]) -> str | None:
    """The parts as one text; None where one of them is not there. A single part is the text itself."""
    found = list(parts)
    if len(found) == 1:
        return found[0] or None
    if not found or not all(found):
        return None
    return ",".join(quote(part or "", safe=_KEPT) for part in found)


def parted(version: str, count: int) -> list[str]:
    """The parts of what `joined` made of `count`."""
    if count == 1:
        return [version]
    parts = [unquote(part) for part in version.split(",")]
    return [*parts, *[""] * (count - len(parts))][:count]


def written(value: Any, form: str) -> str | None:
    """A part from JSON as text; None where it is neither text nor a whole number."""
    if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
        return str(value) if form == "{v}" else form.replace("{v}", str(value))
    return None


def bare(version: str | None) -> str:
    """What is left of a version without what something between may have made of it: `W/`, quotes, `-gzip`."""
    return re.sub(r'^("|W/)+|"|-(gzip|br|deflate|df)(?="?$)', "", version or "")
