"""What a backend tells beside its segments, tried for a probe: an event stream, past versions, who is where.

No edit depends on any of it, so that a wrong address is a note: it says which feature will not be there.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.probe_scratch import Scratch, Seen
from vtt_desktop.sync.versions import told_versions

ANSWERS_IN_S = 2.0
"""So long an event stream may take to begin its answer."""


async def look_beside(on: Scratch, seen: Seen) -> None:
    """Tries the addresses that the profile names. `seen`: the scratch segment now, after several saves."""
    if on.profile.changes.events:
        await _events(on)
    if on.profile.history.url:
        await _history(on, seen)
    if on.profile.presence.url:
        await _presence(on)


async def _events(on: Scratch) -> None:
    answered = False
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWERS_IN_S), aclosing(on.repository().knocks(0)) as knocks:
            async for _ in knocks:
                answered = True
                break
    if answered:
        on.good("events", "The address of events (changes.events) answers as an event stream.")
    else:
        on.note(
            "events",
            "The address of events (changes.events) does not answer as an event stream within "
            f"{ANSWERS_IN_S:.0f} s: changes by others will be seen later than they could be.",
        )


async def _history(on: Scratch, seen: Seen) -> None:
    how, cues = on.profile.history, seen.body.cues
    try:
        rows = await on.repository().history(on.key)
    except UserError as error:
        on.note("history", f"No past versions will be shown. {error} (history.url, history.items)")
        return
    told = told_versions(rows, how, on.codec, cues, cues[0].id)
    if not told:
        on.note(
            "history",
            f"Of {len(rows)} past versions that are told none can be read (history.items, history.document).",
        )
    elif how.version and all(one.etag != seen.etag for one in told):
        on.note(
            "history",
            f"The past versions can be read, and none is the one that a read shows, {seen.etag} "
            "(history.version).",
        )
    else:
        on.good("history", "The past versions of a segment can be read.")


async def _presence(on: Scratch) -> None:
    answer: Any = None
    with suppress(UserError):
        answer = await on.repository().be_at(on.key, "Probe", None)
    rows = answer.get("items") if isinstance(answer, dict) else None
    if isinstance(rows, list) and any(isinstance(row, dict) and row.get("desk") == on.key for row in rows):
        on.good("presence", "Who is there is told.")
    else:
        on.note(
            "presence",
            "The address of presence (presence.url) does not tell who is there: nobody will be seen.",
        )
