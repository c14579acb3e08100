"""A file that somebody else wrote since it was opened: met like a colleague's save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from vtt_desktop.app.journals import DocumentJournal
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Head, Origin
from vtt_desktop.domain.errors import UndecidedError
from vtt_desktop.domain.matching import matched
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.profile import Content
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.sync.segment_events import Seen
from vtt_desktop.sync.segment_merge import decided_head
from vtt_desktop.sync.segment_step import step
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced, changed_words, decision_lines, head_line

_KEY = "disk:"
HEAD = f"{_KEY}head"


class DiskSide:
    """The other side of a file. The content's hash is its tag; what both sides changed waits as a conflict
    in the same state, panel and dialog as one with a server."""

    def __init__(
        self,
        document: Document,
        state: SyncState,
        journal: DocumentJournal,
        submit: Callable[[Edit], object],
        later: Callable[[], object],
    ) -> None:
        """`later` is asked to have `take_over` called soon: an observer of the document must not edit it."""
        self._document = document
        self._state = state
        self._journal = journal
        self._submit = submit
        self._later = later
        self._codec = Codec(Content(head="/kind", tail="/tail"), WebVTTSegmentText())
        document.changed.connect(lambda change: self._edited(change.edit))

    def restore(self, segments: Iterable[Segment]) -> None:
        """Conflicts that were waiting when the program ended."""
        for one in segments:
            if one.key.startswith(_KEY) and one.theirs is not None:
                after = self._after(one)
                self._state.put((after if after.theirs is not None else one,))

    @property
    def waiting(self) -> int:
        """Conflicts with the file on disk that nobody has decided."""
        return sum(len(one.conflicts) for one in self._segments)

    def take_over(self) -> bool:
        """Theirs, where nothing of ours stands against it any more: undone, or typed back to what it was.

        Whether there was any. A colleague's change on a server comes in the same way.
        """
        taken = False
        for one in self._segments:
            after = self._after(one)
            if after.theirs is None:
                taken = True
                self._drop(one.key)
                self._say(one.key, _in_their_form(after), after.etag)
        return taken

    def meet(self, base: Snapshot, theirs: Snapshot, digest: str) -> Snapshot:
        """Takes over what only they changed since `base`, and keeps what both changed as conflicts.

        The ids of `base` are the document's. Gives `theirs` under the document's ids: the next base.
        """
        self.take_over()
        mine = self._document.snapshot
        their_cues = matched(theirs.cues, base.cues, self._document.new_id)
        there = {cue.id: cue for cue in their_cues}
        merged: dict[int, Cue | None] = {}
        for cue_id in dict.fromkeys([*(c.id for c in base.cues), *there]):
            was, other, ours = base.cues.get(cue_id), there.get(cue_id), mine.cues.get(cue_id)
            if other is not None and was is not None and same_block(was, other):
                continue
            bodies = (self._body(was), self._body(ours), self._body(other))
            after, adopted = self._met(f"{_KEY}{cue_id}", *bodies, digest)
            if after.theirs is None:
                merged[cue_id] = adopted.cues[0] if adopted is not None and adopted.cues else None
        head = self._met_head(base.head, mine.head, theirs.head, digest)
        cues = _in_order(tuple(base.cues), tuple(mine.cues), their_cues, merged)
        edit = edit_to(mine, head, cues, "Changes on disk", Origin.DISK)
        if edit.changes:
            self._document.apply(edit)
        count = len(edit.ids)
        words = f"The file changed on disk: {count} cue{'' if count == 1 else 's'} taken over"
        self._state.tell(LogLine(0, words, digest[:12], LogKind.TAKEN))
        return Snapshot(theirs.head, CueList.of(their_cues))

    def resolve(self, cue_id: int, choice: Cue | None) -> bool:
        """Ends the conflict on one cue; False where the disk has none there."""
        one = self._state.segment(f"{_KEY}{cue_id}")
        if one is None or one.theirs is None:
            return False
        body = self._body(choice.with_(id=cue_id) if choice is not None else None)
        self._decide(one, body)
        return True

    def resolve_head(self, mine: bool) -> bool:
        one = self._state.segment(HEAD)
        if one is None or one.theirs is None:
            return False
        decided, aside = decided_head(one, mine, self._codec.make), one.theirs.body if mine else one.mine
        put_aside, kept = (body.head if body is not None else None for body in (aside, decided))
        self._state.tell(head_line(mine, put_aside, kept))
        self._decide(one, decided)
        return True

    def must_be_decided(self, name: str) -> None:
        """UserError while a save would write over something that nobody has decided."""
        if count := self.waiting:
            what = "cue was" if count == 1 else "cues were"
            raise UndecidedError(
                f"{count} {what} changed both here and in {name} on disk.",
                "Decide the conflicts (Ctrl+Shift+K), or save under another name.",
            )

    def _met(
        self, key: str, base: Body | None, mine: Body | None, theirs: Body | None, digest: str
    ) -> tuple[Segment, Body | None]:
        """What the segment machine makes of it: the segment, and the body that the document shall have."""
        waiting = self._state.segment(key)
        if waiting is not None:
            base = waiting.base  # whatever they wrote since, this is what both sides began with
        after = self._merged(key, base, mine, Version(theirs, digest))
        if after.theirs is not None:
            self._state.put((after,))
            self._journal.put_segments((after,))
        elif waiting is not None:
            self._drop(key)
        return after, after.mine

    def _met_head(self, base: Head, mine: Head, theirs: Head, digest: str) -> Head:
        if theirs == base:
            return mine
        make = self._codec.make
        bodies = [make((), head, "", Frame()) for head in (base, mine, theirs)]
        _, body = self._met(HEAD, bodies[0], bodies[1], bodies[2], digest)
        return body.head if body is not None and body.head is not None else mine

    def _decide(self, one: Segment, body: Body | None) -> None:
        self._drop(one.key)
        choice = body.cues[0] if body is not None and body.cues else None
        for conflict in one.conflicts if one.key != HEAD else ():
            for line in decision_lines(conflict, choice):
                self._state.tell(line)
        self._submit(self._edit_for(one.key, body, "Resolve conflict", Origin.USER))

    def _say(self, key: str, body: Body | None, digest: str | None) -> None:
        """The document says what they have; the log tells what that was before."""
        edit = self._edit_for(key, body, "Changes on disk", Origin.DISK)
        if not edit.changes:
            return
        self._document.apply(edit)
        for change in edit.changes:
            cue_id = change.id if isinstance(change, CueChange) else 0
            words = f"Taken over from disk: {changed_words(change.before, change.after)}"
            replaced = Replaced(change.before, change.after)
            self._state.tell(LogLine(cue_id, words, (digest or "")[:12], LogKind.TAKEN, replaced))

    def _edit_for(self, key: str, body: Body | None, label: str, origin: Origin) -> Edit:
        snapshot = self._document.snapshot
        if key == HEAD:
            head = body.head if body is not None and body.head is not None else snapshot.head
            return edit_to(snapshot, head, tuple(snapshot.cues), label, origin)
        cue_id = int(key.removeprefix(_KEY))
        choice = body.cues[0] if body is not None and body.cues else None
        cues = [cue if cue.id != cue_id else choice for cue in snapshot.cues]
        if choice is not None and not snapshot.cues.has(cue_id):
            at = next((i for i, cue in enumerate(snapshot.cues) if cue.start > choice.start), len(cues))
            cues.insert(at, choice)
        return edit_to(snapshot, snapshot.head, tuple(c for c in cues if c is not None), label, origin)

    def _edited(self, edit: Edit) -> None:
        """Mine moves on while a conflict waits."""
        moved = [
            self._after(one)
            for one in self._segments
            if (edit.of_head if one.key == HEAD else _id_of(one.key) in edit.ids)
        ]
        self._state.put([one for one in moved if one.theirs is not None])
        if any(one.theirs is None for one in moved):
            self._later()  # until then it waits as it did: no save may write over theirs

    def _after(self, one: Segment) -> Segment:
        """What becomes of a waiting segment with what the document says now."""
        assert one.theirs is not None
        return self._merged(one.key, one.base, self._mine(one), one.theirs)

    def _merged(self, key: str, base: Body | None, mine: Body | None, theirs: Version) -> Segment:
        """Where a person must decide, `theirs` waits in it; else `mine` is what both sides make together."""
        # No cache stands before a disk: what was read is what there is.
        one = Segment(key, base, "opened", mine, confirming=True)
        return step(one, Seen(theirs), self._codec.make)[0]

    @property
    def _segments(self) -> list[Segment]:
        """What waits: nothing else of the disk is in the state."""
        return [self._state.segments[key] for key in self._state.disputed if key.startswith(_KEY)]

    def _drop(self, key: str) -> None:
        self._state.drop(key)
        self._journal.drop_segment(key)

    def _mine(self, one: Segment) -> Body | None:
        if one.key == HEAD:
            return self._codec.make((), self._document.snapshot.head, "", Frame())
        return self._body(self._document.snapshot.cues.get(_id_of(one.key)))

    def _body(self, cue: Cue | None) -> Body | None:
        return self._codec.make((cue,), None, "", Frame()) if cue is not None else None


def _id_of(key: str) -> int:
    return int(key.removeprefix(_KEY))


def _in_their_form(one: Segment) -> Body | None:
    """`mine`, as they wrote it where it says what theirs (`base` by now) does."""
    mine, theirs = one.mine, one.base
    if mine is not None and theirs is not None and (mine.cues, mine.head) == (theirs.cues, theirs.head):
        return theirs
    return mine


def same_block(a: Cue, b: Cue) -> bool:
    """Whether two cues say the same, and stand in their files as the same bytes."""
    blocks = a.source is not None and b.source is not None and a.source.block != b.source.block
    return a == b and not blocks


def _in_order(
    base: Sequence[Cue], mine: Sequence[Cue], theirs: Sequence[Cue], merged: dict[int, Cue | None]
) -> list[Cue]:
    """The cues of the merged document, in the order of the side that moved any; new ones of the other side
    behind the cue that they follow there."""
    there, here = {cue.id for cue in theirs}, {cue.id: cue for cue in mine}
    known = [cue.id for cue in base if cue.id in there and cue.id in here]
    common = set(known)
    leading, other = mine, theirs
    if [cue.id for cue in mine if cue.id in common] == known:
        leading, other = theirs, mine
    now = {**here, **{i: cue for i, cue in merged.items() if cue is not None}}
    gone = {i for i, cue in merged.items() if cue is None}
    following: dict[int, list[int]] = {}
    led = {cue.id for cue in leading}
    before = 0
    for cue in other:
        if cue.id in led:
            before = cue.id
        else:
            following.setdefault(before, []).append(cue.id)
    order = [*following.get(0, ())]
    for cue in leading:
        order += [cue.id, *following.get(cue.id, ())]
    return [now[i] for i in order if i in now and i not in gone]
