"""The safety net under a backend that nobody tried: before the first write, a write that must be refused.

It carries just what the server holds, under a version that cannot be the current one. Who refuses it looks at
versions; who takes it was told nothing new, and is not written to.

Where only versions may be sent that the server gave, it is one that was given for another segment, and
differs; of a single segment the first that was given for it, before its second write. (Versions may be
hashes: a text that came to be what that version stood for, in the moment after a read showed another, would
be put back to what it was. It is tried once in the life of a backend.)
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import Answer, Done, NotReached, StaleTag, TokenNeeded, Unproven
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.version_parts import joined, parted

UNSAFE = (
    "The server ACCEPTED a save that named an old version (of what it had already, so nothing was changed): "
    "it would overwrite others' work without a word. “probe” tries it thoroughly."
)


class Guard:
    """One for a connection. `kept` hears what was found, once: why nothing may be written, or nothing.

    `known_by_mark`: a server that tells a mark (`profile.mark`) is known to look at versions. `given_only`:
    no version is sent that the server did not give.
    """

    def __init__(
        self, kept: Callable[[str], object], *, known_by_mark: bool = False, given_only: bool = False
    ) -> None:
        self._kept = kept
        self._known_by_mark = known_by_mark
        self._given_only = given_only
        self._given: dict[str, str] = {}
        """The first version that was given for each segment."""
        self._settled = False
        self._one_at_a_time = asyncio.Lock()

    def given(self, key: str, etag: str | None) -> None:
        """A read showed that version of a segment."""
        if self._given_only and not self._settled and etag is not None:
            self._given.setdefault(key, etag)

    def _outdated(self, key: str, etag: str, profile: Profile) -> str:
        """A version that is not the current one of that segment; nothing: there is none that may be sent."""
        if not self._given_only:
            return altered(etag, len(profile.item.version))
        others = (tag for one, tag in self._given.items() if one != key)
        return next((tag for tag in (*others, self._given.get(key, "")) if tag != etag), "")

    async def first(
        self,
        profile: Profile,
        key: str,
        etag: str,
        read: Callable[[], Awaitable[Answer]],
        send: Callable[[dict[str, Any], str], Awaitable[Answer]],
        mark: str = "",
    ) -> Answer | str | None:
        """Tries it on the segment that is about to be written under `etag`; `read` shows it under that, or
        else what to answer; `mark` is the one we were told.

        None: go on. An answer: that is the answer to the write, which has to wait. A text: why nothing may be
        written there. A refusal that names no conflict settles nothing; the next write tries again.
        """
        async with self._one_at_a_time:
            outdated = self._outdated(key, etag, profile)
            if self._settled or (mark and self._known_by_mark) or not outdated:
                return None
            now = await read()
            if not isinstance(now, Done):
                return now
            if not (same := unchanged(profile, now.document)):
                return None
            answer = await send(same, outdated)
            match answer:
                case NotReached() | TokenNeeded():
                    return answer
                case Unproven(why, after):
                    return NotReached(why, after, link_down=False)  # of the write itself nothing went out
                case Done() | StaleTag():
                    self._settled = True
                    unsafe = UNSAFE if isinstance(answer, Done) else ""
                    self._kept(unsafe)
                    return unsafe or None
            return None


def unchanged(profile: Profile, document: dict[str, Any]) -> dict[str, Any]:
    """What a save carries that changes nothing: our places as the server spells them, or the whole of it."""
    if profile.write.body == "full":
        whole: dict[str, Any] = json.loads(json.dumps(document))
        return whole
    content = profile.content
    same: dict[str, Any] = {}
    places = [at.pointer for at in content.fields.values()] if content.kind == "fields" else [content.pointer]
    for at in places:
        if pointer.has(document, at):
            pointer.put(same, at, pointer.get(document, at))
    return same


def altered(version: str, parts: int = 1) -> str:
    """A version of the same form that is not that one: the one before it, where it counts something.

    Of several parts the first alone differs: a backend has to look at each.
    """
    first, *others = parted(version, parts)
    return joined((_before(first), *others)) or version


def _before(part: str) -> str:
    if found := re.search(r"[1-9](?=[^1-9]*$)", part):
        instead = str(int(found[0]) - 1)
    elif found := re.search(r"0(?=[^0]*$)", part):
        instead = "1"
    elif found := re.search(r"[A-Za-z](?=[^A-Za-z]*$)(?!/)", part):
        instead = {"a": "b", "A": "B"}.get(found[0], "a" if found[0].islower() else "A")
    else:
        return f"{part}0"
    return part[: found.start()] + instead + part[found.end() :]
