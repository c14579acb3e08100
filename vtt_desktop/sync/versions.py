"""The versions of one cue that were seen: here, on the server, theirs, and those that were put aside."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from math import inf
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.merge import fields
from vtt_desktop.sync import pointer
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.profile import History
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import THEIRS_ASIDE, YOURS_ASIDE, Replaced

_ASIDE = {YOURS_ASIDE: "Yours, put aside", THEIRS_ASIDE: "Theirs, put aside"}


@dataclass(frozen=True, slots=True)
class CueVersion:
    """One version. `cue` None: it was not there. `name` says what it is where it is not a past one of the
    server; `author` and `when` (a date and time, RFC 3339, or seconds since 1970 of this machine) are empty
    where nobody tells. Both are shown, and decide nothing. `logged`: the sync log holds it; `others`
    belong to it, and are restored with it."""

    cue: Cue | None
    name: str = ""
    etag: str | None = None
    author: str = ""
    when: str | float = ""
    logged: bool = False
    others: tuple[Replaced, ...] = ()

    @property
    def at(self) -> float | None:
        """`when` in seconds since 1970, where it is known and can be read."""
        if not isinstance(self.when, str):
            return self.when or None
        try:
            return datetime.fromisoformat(self.when).timestamp()
        except ValueError:
            return None


def seen_versions(state: SyncState, cue_id: int, now: Cue | None) -> tuple[CueVersion, ...]:
    """What is known here without asking anybody, the newest first; what says the same is told once."""
    found: list[CueVersion] = []
    one = state.segment_of(cue_id)
    base = theirs = None
    if one is not None:
        base = _of(one.base, cue_id)
        theirs = _of(one.theirs.body, cue_id) if one.theirs is not None else None
    if now != base or one is None:
        found.append(CueVersion(now, "Here, not on the server yet" if one is not None else "Here"))
    if one is not None and one.theirs is not None:
        found.append(CueVersion(theirs, "Theirs, waiting for your decision", one.theirs.etag))
    if one is not None and one.base is not None:
        name = "What yours was made from" if one.theirs is not None else "On the server"
        found.append(CueVersion(base, name, one.etag))
    for line in reversed(state.log):
        replaced = line.replaced
        if line.cue_id == cue_id and replaced is not None:
            if isinstance(replaced.before, Cue) or replaced.before is None:
                name = _log_name(line.words)
                found.append(CueVersion(replaced.before, name, None, "", line.at, True, line.others))
    return _without_repeats(found)


def told_versions(
    rows: Iterable[Any], how: History, codec: Codec, known: Sequence[Cue], cue_id: int
) -> tuple[CueVersion, ...]:
    """A backend's history of a segment as versions of one of its cues, in the order it came in. Rows that
    changed nothing of this cue are left out, and so is what cannot be read."""
    found: list[CueVersion] = []
    ids = count(-1, -1)  # of cues that are none of ours: never the document's
    for row in rows:
        document = pointer.get(row, how.document)
        cue = None
        if document is not None:
            try:
                cue = _of(codec.read(document, known, lambda: next(ids)), cue_id)
            except UserError:
                continue
        said = [pointer.get(row, at) if at else None for at in (how.version, how.author, how.time)]
        etag, author, when = (str(value) if isinstance(value, (str, int)) else "" for value in said)
        version = CueVersion(cue, "", etag or None, author, when)
        if found and found[-1].cue == cue:
            found[-1] = version  # it came to be with the older of the two
        else:
            found.append(version)
    while found and found[-1].cue is None:
        found.pop()  # before it was made
    return tuple(found)


def together(seen: Sequence[CueVersion], told: Sequence[CueVersion]) -> tuple[CueVersion, ...]:
    """One list: what only this desk knows, then the server's history; the current ones keep their names. What
    the sync log holds stands between the server's versions by its time, as far as clocks tell."""
    names = {version.etag: version.name for version in seen if version.etag is not None}
    tags = {version.etag for version in told}
    cues = [version.cue for version in told]
    first: list[CueVersion] = []
    aside: list[CueVersion] = []
    for version in seen:
        if version.etag in tags or (version.logged and version.cue in cues):
            continue
        (aside if version.logged else first).append(version)
    named = [
        CueVersion(v.cue, names.get(v.etag, "") if v.etag else "", v.etag, v.author, v.when) for v in told
    ]
    return _without_repeats([*first, *_by_time(named, aside)])


def _by_time(named: Sequence[CueVersion], aside: Sequence[CueVersion]) -> list[CueVersion]:
    """Both the newest first. Where a time is not known, the server's stands first."""
    every: list[CueVersion] = []
    left = deque(aside)
    for version in named:
        while left and (left[0].at or 0.0) > (at if (at := version.at) is not None else inf):
            every.append(left.popleft())
        every.append(version)
    return [*every, *left]


def _log_name(words: str) -> str:
    """What the log says of it, short enough for a column."""
    return next((name for end, name in _ASIDE.items() if words.endswith(end)), f"Before: {words}")


def blame(versions: Sequence[CueVersion]) -> tuple[tuple[str, CueVersion], ...]:
    """For each field that the newest of these versions fills, the version that it comes from. `versions`: the
    newest first; only those count that a server tells of."""
    told = [version for version in versions if version.author or version.when]
    if not told or told[0].cue is None:
        return ()
    newest = told[0]
    found: dict[str, CueVersion] = {}
    for name, value in fields(told[0].cue).items():
        if value == "":
            continue
        source = newest
        for older in told:
            if older.cue is None or fields(older.cue).get(name) != value:
                break
            source = older
        found[name] = source
    return tuple(found.items())


def _of(body: Body | None, cue_id: int) -> Cue | None:
    return next((cue for cue in body.cues if cue.id == cue_id), None) if body is not None else None


def _without_repeats(versions: Iterable[CueVersion]) -> tuple[CueVersion, ...]:
    kept: list[CueVersion] = []
    for version in versions:
        repeats = version.logged and any(v.cue == version.cue for v in kept)
        if not repeats:
            kept.append(version)
    return tuple(kept)
