"""What a desk of the simulator shows, looked at whenever it may have changed: a row that says “saved” is so
(I4), and what is typed while a save is out stays, and goes out next (I10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tests.properties.sync_accounts import plain
from tests.properties.sync_backend import Backend, Document, cue_of
from tests.properties.sync_fields import FIELDS
from vtt_desktop.domain import document as domain
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import SyncState

SHOWN = ("text", *FIELDS)


class Screen:
    """The rows of one desk; `known` is what it starts with. `broken` hears of a rule that is."""

    def __init__(
        self,
        name: str,
        backend: Backend,
        shown: domain.Document,
        state: SyncState,
        known: Iterable[Segment],
        broken: Callable[[str], object],
    ) -> None:
        self._name = name
        self._backend = backend
        self._document = shown
        self._state = state
        self._broken = broken
        self._since: dict[int, dict[str, object]] = {}
        """What was typed into each cue since the last write of it went out, by field."""
        self._back: dict[int, set[str]] = {}
        """Of it, what was only taken back: if the write does not arrive, nothing is typed here."""
        self._writes = {write.write_id for one in known for write in (one.sent, one.unseen) if write}
        """Ids of the writes that went out, in an earlier run, too."""

    def look(self, keys: Collection[str]) -> None:
        """What is shown as saved is on the server, under the version that is held (I4)."""
        for key in keys:
            one = self._state.segment(key)
            if one is None or one.base is None or not one.base.cues:
                continue
            cue_id = one.base.cues[0].id
            if self._state.phase(cue_id) is not Phase.SYNCED:
                continue
            there = cue_of(self._backend.ever.get((key, plain(one.etag or ""))))
            here = self._document.snapshot.cues.get(cue_id)
            if here is None or there is None or _differ(here, there):
                self._broken(
                    f"I4 {self._name} shows {here} as saved in {key} as {one.etag}; there is {there}"
                )
            self._since.pop(cue_id, None)

    def typed(self, cue_id: int, was: Cue | None, now: Cue | None) -> None:
        """The person at this desk changed a cue (None: it was not there, or is not)."""
        if was is None or now is None:
            self._since.pop(cue_id, None)
            return
        one = self._state.segment_of(cue_id)
        if cue_id in self._since or (one is not None and one.out and one.sent is not None):
            base = one.base.cues[0] if one is not None and one.base is not None and one.base.cues else None
            since, back = self._since.setdefault(cue_id, {}), self._back.setdefault(cue_id, set())
            for name in _differ(was, now):
                since[name] = getattr(now, name)
                (back.add if since[name] == getattr(base, name, None) else back.discard)(name)

    def adopted(self, cue_id: int, was: Cue | None, now: Cue | None) -> None:
        """A cue changed here without its person."""
        if was is None or now is None:
            return
        since, back = self._since.get(cue_id, {}), self._back.get(cue_id, ())
        for name in set(_differ(was, now)) & since.keys():
            typed, became = since.pop(name), getattr(now, name)
            if name not in back:
                self._broken(
                    f"I10 {name} {typed}, typed at {self._name} during a save, became {became} unasked"
                )

    def sends(self, key: str, document: Document | None, write_id: str) -> None:
        """A write of this desk goes out, under its own id or once more; `document` is what it changes."""
        if not write_id or write_id in self._writes:
            return
        self._writes.add(write_id)
        one = self._state.segment(key)
        if document is None or one is None or one.mine is None or not one.mine.cues:
            return
        since = self._since.pop(one.mine.cues[0].id, None)
        if not since:
            return
        sent = one.base.cues[0] if one.base is not None and one.base.cues else None
        if "content" in document:  # else it says nothing new of the cue
            sent = cue_of({"kind": "cues", **document})
        for name, typed in since.items():
            if getattr(sent, name, None) != typed:
                self._broken(
                    f"I10 {name} {typed}, typed at {self._name} during a save, is not sent next: {sent}"
                )


def _differ(one: Cue, other: Cue) -> list[str]:
    same = _shown(one) == _shown(other)
    return [] if same else [name for name in SHOWN if getattr(one, name) != getattr(other, name)]


def _shown(cue: Cue) -> tuple[object, ...]:
    return cue.text, cue.start, cue.end, cue.identifier, cue.settings
