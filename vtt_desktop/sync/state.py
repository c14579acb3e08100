"""What the rest of the program may know of the sync: phases, tags, conflicts, the link. Observable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, KeysView, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain

from vtt_desktop.domain.observe import Signal
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.phase import Link as Link
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.segment import WAITS, Segment
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.sync_log import LogLine, SyncLog

IN_MEMORY = "Edits are kept in memory only"
"""How a sentence of the journal begins while it cannot be written."""


@dataclass(frozen=True, slots=True)
class SyncChange:
    """What `SyncState.changed` announces; empty sets: only the link or the journal's state changed."""

    keys: frozenset[str] = frozenset()
    cue_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole state at a glance, for the status bar."""

    link: Link
    detail: str = ""
    """One sentence on the link where there is something to say."""
    total: int = 0
    phases: Mapping[Phase, int] = field(default_factory=dict)
    journal_error: str = ""
    """What is wrong with the journal: edits cannot be written down, or it was moved; nothing: all is well."""
    setback: Setback | None = None
    """How the server went back, until a person has decided."""

    @property
    def unwritten(self) -> bool:
        """Whether edits cannot be written down at the moment."""
        return self.journal_error.startswith(IN_MEMORY)

    @property
    def waiting(self) -> int:
        """Segments that the server has not confirmed and that no person has to decide."""
        return sum(self.phases.get(p, 0) for p in (Phase.DIRTY, Phase.SENDING, Phase.UNKNOWN))

    @property
    def conflicts(self) -> int:
        return self.phases.get(Phase.CONFLICT, 0) + self.phases.get(Phase.GONE, 0)

    @property
    def refused(self) -> int:
        return self.phases.get(Phase.REFUSED, 0)


class SyncState:
    """The observable side of the sync: the engine writes, views and macros read and connect to `changed`."""

    def __init__(self, link: Link = Link.LOCAL) -> None:
        self.changed: Signal[SyncChange] = Signal()
        self._segments: dict[str, Segment] = {}
        self._key_of: dict[int, str] = {}
        self._counts: Counter[Phase] = Counter()
        self._due: dict[str, None] = {}
        self._disputed: dict[str, None] = {}
        self._bare: set[str] = set()
        self._gathered: tuple[set[str], set[int]] | None = None
        self._shown: dict[str, Phase] = {}
        """What is shown of each segment that is not synced, or was touched."""
        self._coming: set[str] = set()
        """Those shown that are no segments yet."""
        self._link = link
        self._detail = ""
        self._journal_error = ""
        self._setback: Setback | None = None
        self.moves = 0
        """How often a segment came, went or became another: who worked something out from them can tell by it
        whether that still holds."""
        self.diary = SyncLog()
        """What was sent, taken over, decided and refused."""

    # Reading

    def phase(self, cue_id: int) -> Phase:
        """The phase of the cue's segment; LOCAL where no server is involved."""
        key = self._key_of.get(cue_id, "")
        shown = self._shown.get(key)
        if shown is not None:
            return shown
        return Phase.SYNCED if key in self._segments else Phase.LOCAL

    def etag(self, cue_id: int) -> str | None:
        """The tag held for the cue's segment."""
        segment = self.segment_of(cue_id)
        return segment.etag if segment is not None else None

    def detail(self, cue_id: int) -> str:
        """What a tooltip says of the cue's sync beyond its phase: the server's sentence, or nothing."""
        segment = self.segment_of(cue_id)
        if segment is None:
            return ""
        return segment.refused or segment.read_only or (WAITS if segment.after else "")

    def segment_of(self, cue_id: int) -> Segment | None:
        return self._segments.get(self._key_of.get(cue_id, ""))

    def key_of(self, cue_id: int) -> str | None:
        return self._key_of.get(cue_id)

    def segment(self, key: str) -> Segment | None:
        return self._segments.get(key)

    @property
    def segments(self) -> Mapping[str, Segment]:
        return self._segments

    @property
    def due(self) -> tuple[str, ...]:
        """The segments that want to talk to the server."""
        return tuple(self._due)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Everything that waits for a person, in the order it came. What is decided already, and waits only
        for the rest of its segment, does not."""
        if not self._disputed:
            return ()
        waiting = (s for s in self._segments.values() if s.theirs is not None)
        return tuple(c for s in waiting for c in s.conflicts if all(c.id != one.id for one in s.chosen))

    @property
    def disputed(self) -> KeysView[str]:
        """The segments that a colleague's version waits beside, mostly none."""
        return self._disputed.keys()

    @property
    def bare(self) -> Set[str]:
        """The segments that are mere texts: times are our own there, and no other part has a place."""
        return self._bare

    def knows(self, cue_ids: Set[int]) -> bool:
        """Whether each of these cues has its segment here."""
        return cue_ids <= self._key_of.keys()

    def cues_of(self, key: str) -> Collection[int]:
        """The cues of a segment, here or on any side of it."""
        one = self._segments.get(key)
        return _cue_ids(one) if one is not None else ()

    @property
    def unwritten(self) -> bool:
        """As `Summary.unwritten`."""
        return self._journal_error.startswith(IN_MEMORY)

    @property
    def link(self) -> Link:
        return self._link

    @property
    def setback(self) -> Setback | None:
        """The server went back, and a person has to decide whose versions shall hold."""
        return self._setback

    @property
    def summary(self) -> Summary:
        counts = {phase: n for phase, n in self._counts.items() if n}
        total = len(self._segments) + len(self._coming)
        return Summary(self._link, self._detail, total, counts, self._journal_error, self._setback)

    @property
    def log(self) -> tuple[LogLine, ...]:
        """What was sent, merged and refused, oldest first."""
        return self.diary.lines

    # Writing: the engine's alone

    def put(self, segments: Iterable[Segment], touched: Container[str] = ()) -> None:
        """Takes over these segments and announces once. What was `touched`, and is still to follow, is not
        shown as saved."""
        keys: set[str] = set()
        ids: set[int] = set()
        synced = 0
        for segment in segments:
            key = segment.key
            old = self._segments.get(key)
            if old is not None or self._coming:
                self._uncount(key)
            if old is not None:
                ids.update(_cue_ids(old))
            self._segments[key] = segment
            phase, due = (Phase.SYNCED, False) if segment.at_rest else (segment.phase, segment.due)
            if phase is Phase.SYNCED and key in touched:
                phase = Phase.DIRTY
            if phase is Phase.SYNCED:
                synced += 1
            else:
                self._shown[key] = phase
                self._counts[phase] += 1
            if due:
                self._due[key] = None
            elif self._due:
                self._due.pop(key, None)
            if segment.theirs is not None:
                self._disputed[key] = None
            elif self._disputed:
                self._disputed.pop(key, None)
            if segment.mine is not None and segment.mine.frame.payload_only:
                self._bare.add(key)
            elif self._bare:
                self._bare.discard(key)
            fresh = _cue_ids(segment)
            ids.update(fresh)
            for cue_id in fresh:
                self._key_of[cue_id] = key
            keys.add(key)
        if keys:
            self._counts[Phase.SYNCED] += synced
            self._announce(keys, ids)

    def take_over(self, other: SyncState) -> None:
        """Takes over all the segments of another state, at once; here are none of them. Announces once."""
        self._segments |= other._segments
        self._key_of |= other._key_of
        self._counts += other._counts
        self._shown |= other._shown
        self._due |= other._due
        self._disputed |= other._disputed
        self._bare |= other._bare
        if other._segments:
            self._announce(other._segments, other._key_of)

    def touch(
        self, keys: Iterable[str], key_of: Mapping[int, str], known: frozenset[int] = frozenset()
    ) -> None:
        """These segments changed in the document, and `key_of` has their cues, but for those that are `known`
        to be theirs; what they say now follows, by `put` or `settle`. Until then they count as dirty, unless
        something else is to be said of them. There may be all of a document's: they are told in one go."""
        keys, shown, segments = frozenset(keys), self._shown, self._segments
        told = keys & shown.keys()
        dirty, coming = keys - told, keys - segments.keys()
        new = len(coming - told)
        refused = [key for key in told if shown[key] is Phase.REFUSED and not segments[key].read_only]
        self._counts[Phase.SYNCED] -= len(dirty) - new
        self._counts[Phase.REFUSED] -= len(refused)
        self._counts[Phase.DIRTY] += len(dirty) + len(refused)
        shown.update(dict.fromkeys(chain(dirty, refused), Phase.DIRTY))
        self._coming |= coming
        self._key_of.update(key_of)
        if keys:
            self._announce(keys, known.union(key_of) if key_of else known)

    def settle(self, keys: Iterable[str]) -> None:
        """Segments that were touched are what they were, after all."""
        back: list[Segment] = []
        for key in keys:
            one = self._segments.get(key)
            if one is None:
                self._uncount(key)  # it never was anything
            elif self._shown.get(key, Phase.SYNCED) is not one.phase:
                back.append(one)
        self.put(back)

    def _uncount(self, key: str) -> None:
        """Takes a segment as it was shown out of the counts."""
        shown = self._shown.pop(key, None)
        if shown is not None:
            self._counts[shown] -= 1
            self._coming.discard(key)
        elif key in self._segments:
            self._counts[Phase.SYNCED] -= 1

    def drop(self, key: str) -> None:
        """Forgets a segment that is neither here nor there."""
        segment = self._segments.get(key)
        if segment is None:
            return
        self._uncount(key)
        del self._segments[key]
        self._due.pop(key, None)
        self._disputed.pop(key, None)
        self._bare.discard(key)
        ids = {i for i in _cue_ids(segment) if self._key_of.get(i) == key}
        for cue_id in ids:
            del self._key_of[cue_id]
        self._announce((key,), ids)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What changes inside is announced once, at the end of it; of one in another, at the end of that."""
        if self._gathered is not None:
            yield
            return
        keys, ids = self._gathered = set[str](), set[int]()
        try:
            yield
        finally:
            self._gathered = None
            if keys:
                self.changed.emit(SyncChange(frozenset(keys), frozenset(ids)))

    def _announce(self, keys: Iterable[str], cue_ids: Iterable[int]) -> None:
        self.moves += 1
        if self._gathered is not None:
            self._gathered[0].update(keys)
            self._gathered[1].update(cue_ids)
            return
        self.changed.emit(SyncChange(frozenset(keys), frozenset(cue_ids)))

    def set_link(self, link: Link, detail: str = "") -> None:
        if (link, detail) != (self._link, self._detail):
            self._link, self._detail = link, detail
            self.changed.emit(SyncChange())

    def set_journal_error(self, error: str) -> None:
        if error != self._journal_error:
            self._journal_error = error
            self.changed.emit(SyncChange())

    def set_setback(self, setback: Setback | None) -> None:
        if setback is not self._setback:
            self._setback = setback
            self.changed.emit(SyncChange())

    def tell(self, line: LogLine) -> None:
        """Adds a line to the log; the oldest go when there are too many."""
        self.diary.tell(line)


def _cue_ids(segment: Segment) -> Collection[int]:
    mine, base = segment.mine, segment.base
    if mine is not None and mine is base and len(mine.cues) == 1 and segment.theirs is None:
        return (mine.cues[0].id,)
    ids = {cue.id for cue in mine.cues} if mine is not None else set()
    if base is not None and base is not mine:
        ids.update(cue.id for cue in base.cues)
    if segment.theirs is not None and segment.theirs.body is not None:
        ids.update(cue.id for cue in segment.theirs.body.cues)
    return ids
