"""Who is on which cue: soft, in memory, gone after half a minute of silence. It locks nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vtt_desktop.server.documents import is_name
from vtt_desktop.server.problems import Problem

LIFETIME_SECONDS = 30.0
MOST_DESKS = 500
NAME_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Desk:
    """One running editor: its own id, the name it shows, and the segment it is on (None: nowhere)."""

    desk: str
    name: str
    segment: str | None


class Presence:
    """The desks of each project. `announce(project)` is called when what `listing` says has changed."""

    def __init__(self, announce: Callable[[str], None], lifetime_seconds: float = LIFETIME_SECONDS) -> None:
        self._announce = announce
        self._lifetime = lifetime_seconds
        self._desks: dict[str, dict[str, tuple[Desk, asyncio.TimerHandle]]] = {}

    def put(self, project: str, desk: Desk) -> None:
        """The desk is here now, for the lifetime of the note. Raises Problem 429 above `MOST_DESKS`."""
        desks = self._desks.setdefault(project, {})
        before = desks.get(desk.desk)
        if before is None and len(desks) >= MOST_DESKS:
            raise Problem(
                429, "too-many-desks", "Too many desks are on this project.", headers={"Retry-After": "30"}
            )
        if before is not None:
            before[1].cancel()
        timer = asyncio.get_running_loop().call_later(self._lifetime, self._expire, project, desk.desk)
        desks[desk.desk] = (desk, timer)
        if before is None or before[0] != desk:
            self._announce(project)

    def listing(self, project: str) -> str:
        """The desks by id, as JSON text on one line."""
        desks = sorted(
            (desk for desk, _ in self._desks.get(project, {}).values()), key=lambda desk: desk.desk
        )
        return json.dumps({"items": [{"desk": d.desk, "name": d.name, "segment": d.segment} for d in desks]})

    def _expire(self, project: str, desk: str) -> None:
        desks = self._desks[project]
        del desks[desk]
        if not desks:
            del self._desks[project]
        self._announce(project)


def read_desk(value: Any) -> Desk:
    """A presence note from a request; raises Problem 422."""
    fields = value if isinstance(value, dict) else {}
    desk, name, segment = fields.get("desk"), fields.get("name", ""), fields.get("segment")
    if not isinstance(desk, str) or not is_name(desk):
        raise Problem(422, "bad-document", "desk must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -.")
    if not isinstance(name, str) or len(name) > NAME_CHARACTERS:
        raise Problem(422, "bad-document", f"name must be a string of at most {NAME_CHARACTERS} characters.")
    if segment is not None and (not isinstance(segment, str) or not is_name(segment)):
        raise Problem(422, "bad-document", "segment must be the id of a segment, or null.")
    return Desk(desk, name, segment)
