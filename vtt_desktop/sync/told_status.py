"""What an answer of success says of itself, at backends that answer everything with status 200."""

from __future__ import annotations

from typing import Any

from vtt_desktop.sync import pointer
from vtt_desktop.sync.profile import Statuses

_REFUSED = 400
"""What a refusal counts as that says no more: the words of it are shown, and nothing was carried out."""


def told_status(statuses: Statuses, document: Any) -> int:
    """The status that stands in a document, as `status.ok`, `status.code` and `status.codes` say; 0: it
    speaks of no refusal, and the answer's own status counts."""
    ok = statuses.ok
    said = pointer.has(document, ok) if ok else False
    if said and pointer.get(document, ok):
        return 0
    why = pointer.get(document, statuses.code) if statuses.code else None
    if isinstance(why, (str, int)) and not isinstance(why, bool):
        word = str(why)
        if word in statuses.codes:
            return statuses.codes[word]
        if word.isascii() and word.isdecimal() and 400 <= int(word[:4]) <= 599:
            return int(word)
    return _REFUSED if said else 0
