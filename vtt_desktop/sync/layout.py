"""Which cue belongs to which segment, and where a segment stands among the others."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import compress, count, islice
from operator import gt
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, HeadChange, Origin
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.sync import order_key
from vtt_desktop.sync.body import Body, same_cues
from vtt_desktop.sync.kept_in_order import kept_in_order
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sorting import Sorting, list_key, time_key


class Layout:
    """The map between the document and the segments. `head_key` is the segment of the document's head."""

    def __init__(self, sorting: Sorting = Sorting.KEYS) -> None:
        self._sorting = sorting
        self.head_key: str | None = None
        self._key_of: dict[int, str] = {}
        self._ids: dict[str, list[int]] = {}
        self._several: set[str] = set()
        """The segments that have or had several cues."""
        self._rank: dict[str, str] = {}
        self._sorted: list[tuple[str, str]] = []

    def learn(self, segment: Segment) -> None:
        """Takes over which cues a segment has and its sort key; of one that nobody told a place of, it is
        behind all that are known."""
        mine, base = segment.mine, segment.base
        bodies = [mine] if mine is not None else []
        if base is not None and base is not mine:
            bodies.append(base)
        if segment.theirs is not None and segment.theirs.body is not None:
            bodies.append(segment.theirs.body)
        if segment.sent is not None and segment.sent.body is not None:
            # A creation on its way, and the cue removed since: after a crash the removal may not be on disk.
            bodies.append(segment.sent.body)
        order = ""
        for body in bodies:
            if body.head is not None:
                self.head_key = segment.key
                return
            order = order or body.order
        for body in bodies:
            for cue in body.cues:
                self.assign(cue.id, segment.key)
        order = order or self._time_of(segment)
        if order or segment.key not in self._rank:
            self.rank(
                segment.key, order or order_key.between(self._sorted[-1][0] if self._sorted else "", None)
            )

    def take_over(self, other: Layout) -> None:
        """Is from now on what another layout of the same sorting was; that is used no more."""
        self.head_key, self._key_of, self._ids = other.head_key, other._key_of, other._ids
        self._several = other._several
        self._rank, self._sorted = other._rank, other._sorted

    def _time_of(self, segment: Segment) -> str:
        """The sort key of a segment that stands by its times: those that the server has, else ours."""
        if self._sorting is not Sorting.TIMES:
            return ""
        bodies = (segment.base, segment.mine)
        return time_key(next((body.cues for body in bodies if body is not None and body.cues), ()))

    def told(self, keys: Sequence[str]) -> bool:
        """Takes over the order of the backend's list, where that is what tells it; gives whether it is
        another than before."""
        if self._sorting is not Sorting.LIST:
            return False
        keys = [key for key in keys if key != self.head_key]
        here, there = [key for _, key in self._sorted], set(keys)
        if [key for key in here if key in there] == keys:
            return False
        # What the list does not name (not sent yet, or removed there) stays behind what it stands behind.
        behind: dict[str, list[str]] = {"": []}
        at = ""
        for key in here:
            if key in there:
                at = key
            else:
                behind.setdefault(at, []).append(key)
        every = [*behind[""], *(one for key in keys for one in (key, *behind.get(key, ())))]
        for place, key in enumerate(every):
            self.rank(key, list_key(place))
        return True

    def by_time(self, segment: Segment) -> bool:
        """Takes over the times that the server has of a segment, where those tell its place; gives whether
        they do."""
        order = self._time_of(segment)
        if not order or segment.base is None or segment.key == self.head_key:
            return False
        self.rank(segment.key, order)
        return True

    def assign(self, cue_id: int, key: str) -> None:
        if self._key_of.get(cue_id) != key:
            self._key_of[cue_id] = key
            if key in self._ids:
                self._ids[key].append(cue_id)
                self._several.add(key)
            else:
                self._ids[key] = [cue_id]

    def rank(self, key: str, order: str) -> None:
        old = self._rank.get(key)
        if old == order:
            return
        if old is not None:
            del self._sorted[bisect_left(self._sorted, (old, key))]
        self._rank[key] = order
        place = (order, key)
        if not self._sorted or self._sorted[-1] < place:  # a list is told in its order
            self._sorted.append(place)
        else:
            insort(self._sorted, place)

    def forget(self, key: str) -> None:
        self._several.discard(key)
        for cue_id in self._ids.pop(key, ()):
            if self._key_of.get(cue_id) == key:
                del self._key_of[cue_id]
        order = self._rank.pop(key, None)
        if order is not None:
            del self._sorted[bisect_left(self._sorted, (order, key))]

    def key_of(self, cue_id: int) -> str | None:
        return self._key_of.get(cue_id)

    def ids_of(self, key: str) -> Iterable[int]:
        """The cues that the segment has or had."""
        return self._ids.get(key, ())

    def owners(self, keys: Set[str], *, beside: bool = False) -> dict[int, str]:
        """As `ids_of`, for many: the cues of them all, each with its segment. `beside`: of those only that
        have or had several."""
        if beside:
            keys = keys & self._several if self._several else frozenset()
        return {cue_id: key for key in keys for cue_id in self._ids.get(key, ())}

    def order_of(self, key: str) -> str:
        return self._rank.get(key, "")

    def cues_of(self, key: str, snapshot: Snapshot) -> tuple[Cue, ...]:
        """The segment's cues that the document has, in document order."""
        ids = self._ids.get(key, ())
        if len(ids) == 1:
            (only,) = ids
            cue = snapshot.cues.get(only)
            return (cue,) if cue is not None else ()
        found = [cue for i in ids if (cue := snapshot.cues.get(i)) is not None]
        if len(found) > 1:
            found.sort(key=lambda cue: snapshot.cues.index_of(cue.id))
        return tuple(found)

    def neighbours(self, cue_id: int, snapshot: Snapshot) -> tuple[str | None, str | None]:
        """The segments of the nearest cues before and behind this one that have one."""
        at = snapshot.cues.index_of(cue_id)
        return (
            self._beside("", range(at - 1, -1, -1), snapshot),
            self._beside("", range(at + 1, len(snapshot.cues)), snapshot),
        )

    def find_place(self, key: str, snapshot: Snapshot) -> list[str]:
        """Gives a segment a sort key between those of its neighbours; gives the segments whose key changed.
        Segments behind it that left no room (two desks inserted at one place) move up."""
        cues = self.cues_of(key, snapshot)
        if self._sorting is Sorting.TIMES:
            self.rank(key, time_key(cues))
            return [key]
        before = self._beside(key, range(snapshot.cues.index_of(cues[0].id) - 1, -1, -1), snapshot)
        low = self._rank[before] if before is not None else ""
        high, crowded = None, []
        for other in self._following(key, snapshot.cues.index_of(cues[-1].id), snapshot):
            if self._rank[other] > low:
                high = self._rank[other]
                break
            crowded.append(other)
        for one in (key, *crowded):
            low = order_key.between(low, high)
            self.rank(one, low)
        return [key, *crowded]

    def _beside(self, key: str, places: range, snapshot: Snapshot) -> str | None:
        """The first other segment with a sort key that is met at these places."""
        for at in places:
            other = self._key_of.get(snapshot.cues[at].id)
            if other is not None and other != key and other in self._rank:
                return other
        return None

    def _following(self, key: str, at: int, snapshot: Snapshot) -> Iterable[str]:
        seen = {key}
        for i in range(at + 1, len(snapshot.cues)):
            other = self._key_of.get(snapshot.cues[i].id)
            if other is not None and other not in seen and other in self._rank:
                seen.add(other)
                yield other

    @property
    def free(self) -> bool:
        """Whether a segment can be moved: by its sort key. A list or times that tell its place do not ask."""
        return self._sorting is Sorting.KEYS

    def place_of(self, key: str) -> tuple[str, str]:
        """What segments are sorted by."""
        return self._rank.get(key, ""), key

    def around(self, key: str, snapshot: Snapshot) -> tuple[str | None, str | None]:
        """The segments before and behind this one's cues."""
        cues = self.cues_of(key, snapshot)
        first, last = snapshot.cues.index_of(cues[0].id), snapshot.cues.index_of(cues[-1].id)
        before = self._beside(key, range(first - 1, -1, -1), snapshot)
        return before, self._beside(key, range(last + 1, len(snapshot.cues)), snapshot)

    def whole(self, key: str, snapshot: Snapshot) -> bool:
        """Whether no other segment's cue stands among this one's."""
        cues = self.cues_of(key, snapshot)
        if len(cues) < 2:
            return True
        first, last = snapshot.cues.index_of(cues[0].id), snapshot.cues.index_of(cues[-1].id)
        if last - first + 1 == len(cues):
            return True
        return all(self._key_of.get(snapshot.cues[i].id, key) == key for i in range(first + 1, last))

    def fits(self, key: str, snapshot: Snapshot) -> bool:
        """Whether a segment's cues stand together and where its sort key says, between its neighbours."""
        if not self.cues_of(key, snapshot):
            return True
        before, behind = self.around(key, snapshot)
        own = self.place_of(key)
        if not self.whole(key, snapshot) or (before is not None and self.place_of(before) > own):
            return False
        return behind is None or own <= self.place_of(behind)

    def misplaced(self, snapshot: Snapshot) -> set[str]:
        """Segments that stand beside another the other way round than their sort keys say."""
        keys, rank = map(self._key_of.get, snapshot.cues.ids), self._rank.get
        places = [(rank(key, ""), key) for key in keys if key is not None]
        wrong = map(gt, places, islice(places, 1, None))
        return {key for at in compress(count(), wrong) for _, key in places[at : at + 2]}

    def in_place(self, snapshot: Snapshot) -> bool:
        """Whether every cue has its segment, and all segments stand as their sort keys say."""
        return not self.unplaced(snapshot) and not self.misplaced(snapshot)

    def unplaced(self, snapshot: Snapshot) -> list[int]:
        """Cues that have no segment yet."""
        return [cue_id for cue_id in snapshot.cues.ids if cue_id not in self._key_of]

    def unlike(self, segments: Iterable[Segment], snapshot: Snapshot) -> list[str]:
        """Those for which the document says something else than their `mine`, seen without writing that
        out."""
        find, rank, ids, free = snapshot.cues.finder(), self._rank.get, self._ids, self.free
        found = []
        for one in segments:
            key, mine = one.key, one.mine
            if mine is not None and mine.head is not None:
                same = mine.head == snapshot.head
            elif mine is None or not mine.cues or mine.order != (rank(key, "") if free else ""):
                same = False
            else:
                cue = mine.cues[0]
                # As nearly all have it after opening; else by what they say.
                same = ids.get(key) == [cue.id] and len(mine.cues) == 1 and find(cue.id) is cue
                same = same or same_cues(mine.cues, self.cues_of(key, snapshot))
            if not same:
                found.append(key)
        return found

    def edit_for(self, key: str, body: Body | None, snapshot: Snapshot, label: str, origin: Origin) -> Edit:
        """The edit that makes the document say `body` for this segment (None: nothing)."""
        if key == self.head_key or (body is not None and body.head is not None):
            if body is None or body.head is None or body.head == snapshot.head:
                return Edit(label, (), origin)
            return Edit(label, (HeadChange(snapshot.head, body.head),), origin)
        now = self.cues_of(key, snapshot)
        cues = body.cues if body is not None else ()
        kept = kept_in_order([cue.id for cue in now], [cue.id for cue in cues])
        changes = [
            CueChange(cue, None, snapshot.follows(cue.id)) for cue in reversed(now) if cue.id not in kept
        ]
        follows: int | None = None
        for cue in cues:
            old = snapshot.cues.get(cue.id)
            if old is None or cue.id not in kept:
                changes.append(
                    CueChange(None, cue, self._before(key, snapshot) if follows is None else follows)
                )
            elif old != cue or old.source is not cue.source:
                changes.append(CueChange(old, cue))
            follows = cue.id
        return Edit(label, tuple(changes), origin)

    def edit_for_all(
        self, bodies: Mapping[str, Body | None], snapshot: Snapshot, label: str, origin: Origin
    ) -> Edit:
        """The edit that makes the document say these bodies for their segments, each at its place."""
        changes: list[CueChange | HeadChange] = []
        for key, body in bodies.items():
            if body is not None and body.order:
                self.rank(key, body.order)
        for key, body in bodies.items():
            edit = self.edit_for(key, body, snapshot, label, origin)
            snapshot = applied(snapshot, edit)
            move = self.move_for(key, snapshot, label, origin) if body is not None and body.order else None
            if move is not None:
                snapshot = applied(snapshot, move)
            changes += (*edit.changes, *(move.changes if move is not None else ()))
        return Edit(label, tuple(changes), origin)

    def move_for(self, key: str, snapshot: Snapshot, label: str, origin: Origin) -> Edit:
        """The edit that brings this segment's cues to where its sort key says."""
        cues = self.cues_of(key, snapshot)
        if self.fits(key, snapshot):
            if self._in_line(key, snapshot):
                return Edit(label, (), origin)
            return self.tidied(snapshot, label, origin, sort=True)
        gone = [CueChange(cue, None, snapshot.follows(cue.id)) for cue in reversed(cues)]
        follows = self._before(key, snapshot)
        back = []
        for cue in cues:
            back.append(CueChange(None, cue, follows))
            follows = cue.id
        move = Edit(label, (*gone, *back), origin)
        if self.fits(key, applied(snapshot, move)):
            return move
        return self.tidied(snapshot, label, origin, sort=True)  # others are not at their places, either

    def _in_line(self, key: str, snapshot: Snapshot) -> bool:
        """Whether the segment beside this one is the one that its sort key says: several that are misplaced
        together fit between each other. Asked where the times tell the place, which no edit looks at."""
        if self._sorting is not Sorting.TIMES or not self.cues_of(key, snapshot):
            return True
        at = bisect_left(self._sorted, (self._rank.get(key, ""), key))
        before = self._nearest(range(at - 1, -1, -1), snapshot)
        return self.around(key, snapshot) == (
            before,
            self._nearest(range(at + 1, len(self._sorted)), snapshot),
        )

    def _nearest(self, places: range, snapshot: Snapshot) -> str | None:
        """The first segment at these places by sort key that the document has cues of."""
        keys = (self._sorted[at][1] for at in places)
        return next((key for key in keys if self.cues_of(key, snapshot)), None)

    def tidied(self, snapshot: Snapshot, label: str, origin: Origin, *, sort: bool) -> Edit:
        """The edit that brings all cues of each segment together: to where its first one stands, or (`sort`)
        to where the segments' sort keys say."""
        firsts: dict[str, tuple[int]] = {}
        if not sort:
            for number, cue in enumerate(snapshot.cues):
                firsts.setdefault(self._key_of.get(cue.id, ""), (number,))
        cues = self.gathered(snapshot.cues, self.place_of if sort else firsts.__getitem__)
        return edit_to(snapshot, snapshot.head, cues, label, origin)

    def gathered(self, cues: Iterable[Cue], place: Callable[[str], tuple[Any, ...]]) -> list[Cue]:
        """The same cues, each segment's in one place; those of none yet stay behind what they follow."""
        first: list[Cue] = []
        blocks: dict[str, list[Cue]] = {}
        at = first
        for cue in cues:
            key = self._key_of.get(cue.id)
            at = blocks.setdefault(key, []) if key is not None else at
            at.append(cue)
        return [*first, *(cue for key in sorted(blocks, key=place) for cue in blocks[key])]

    def _before(self, key: str, snapshot: Snapshot) -> int:
        """Id of the last cue of the nearest segment before this one that the document has."""
        at = bisect_left(self._sorted, (self._rank.get(key, ""), key))
        for _, other in reversed(self._sorted[:at]):
            cues = self.cues_of(other, snapshot)
            if cues:
                return cues[-1].id
        return FIRST

    def keys_of(self, ids: Iterable[int]) -> set[str]:
        return {key for i in ids if (key := self._key_of.get(i)) is not None}
