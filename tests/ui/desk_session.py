"""A session for tests of views: the real document, history and sync state, and no file, journal or network.

Local as made. `share()` gives every cue a segment of its own under a tag, as the engine would, and from
then on `their(cue)`, `their_removal(id)` and `put(id, …)` tell what a server told; everything goes through
the real segment machine, so that a badge in a test is one that can happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.domain.observe import Signal
from vtt_desktop.sync.body import Body, Conflict
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.presence import Colleagues
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.sync.segment_events import Action, Adopt, Due, Edited, Event, Fetched, Resolved, Saved, Seen
from vtt_desktop.sync.segment_step import step as step_segment
from vtt_desktop.sync.state import Link, SyncState
from vtt_desktop.sync.sync_log import Preview
from vtt_desktop.sync.versions import CueVersion


def some_cues(number: int) -> list[Cue]:
    """`number` cues with ids 1 …, three seconds apart and two seconds long; every third has two lines."""
    return [
        Cue(
            i,
            (i - 1) * 3000,
            (i - 1) * 3000 + 2000,
            f"Line of cue {i}" + ("\nand its second" if i % 3 == 0 else ""),
        )
        for i in range(1, number + 1)
    ]


def make_body(cues: tuple[Cue, ...], head: Head | None, order: str, frame: Frame) -> Body:
    """A wire form that holds every field of the cues: what a codec of a profile does for a backend."""
    return Body(repr((cues, head)), order, cues, head, frame)


def body_of(cue: Cue) -> Body:
    """The body of a segment of one cue."""
    return make_body((cue,), None, "", Frame())


class DeskSession:
    """Implements `ui.ports.Session`. `now` is the history's clock, s: set it to end a burst of typing."""

    def __init__(
        self, cues: Iterable[Cue] = (), *, head: Head | None = None, link: Link = Link.LOCAL
    ) -> None:
        every = tuple(cues)
        newest = max((cue.id for cue in every), default=0)
        self.document = Document(Snapshot(head or Head(), CueList.of(every)), newest + 1)
        self.now = 0.0
        self.history = History(self.document, lambda: self.now)
        self.sync = SyncState(link)
        self.colleagues = Colleagues(self.sync)
        self.been_at: list[int | None] = []
        self.changed: Signal[None] = Signal()
        self.decided_setback: bool | None = None
        self.title = "Untitled"
        self.path: Path | None = None
        self.shared_url: str | None = None
        self.read_only = ""
        self.media: Path | None = None
        self.composed = ""
        self.unsaved = False
        self.format_name = "WebVTT"
        self.encoding = "UTF-8"
        self.offline = False
        self.token = ""
        self.told: tuple[CueVersion, ...] | UserError = ()
        self._tags = count(1)
        self._shared = False
        self.document.changed.connect(self._edited)

    # What ports.Session asks for

    def submit(self, edit: Edit) -> None:
        self.history.do(edit)

    def undo(self) -> None:
        self.history.undo()

    def redo(self) -> None:
        self.history.redo()

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        segment = self.sync.segment_of(cue_id)
        if segment is None or segment.theirs is None:
            raise UserError("That cue is not in conflict.")
        after, actions = step_segment(
            segment, Resolved(body_of(choice) if choice is not None else None), make_body
        )
        self.sync.put((after,))
        for action in actions:  # a decision is an edit of the person's
            self._carry_out(segment, action, self.history.do, "Resolve conflict")

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        return Preview(choice)

    def resolve_head(self, mine: bool) -> None:
        raise UserError("The header is not in conflict.")

    def keep_composed(self, words: str) -> None:
        self.composed = words

    def set_offline(self, offline: bool) -> None:
        self.offline = offline
        self.sync.set_link(Link.OFFLINE if offline else Link.ONLINE if self._shared else Link.LOCAL)

    async def sync_now(self) -> None:
        """Every segment that is due is saved at once, as by a server that agrees."""
        for segment in tuple(self.sync.segments.values()):
            if segment.due and not self.offline:
                self.save_segment(segment.key)

    def be_at(self, cue_id: int | None) -> None:
        self.been_at.append(cue_id)

    async def told_versions(self, cue_id: int) -> tuple[CueVersion, ...]:
        """What the test put into `told`; an error there is raised."""
        if isinstance(self.told, UserError):
            raise self.told
        return self.told

    async def decide_setback(self, mine: bool) -> None:
        self.decided_setback = mine

    def set_token(self, token: str) -> None:
        self.token = token

    async def save(self, path: Path | None = None, encoding: str | None = None) -> None:
        self.encoding = encoding or self.encoding
        self.path, self.unsaved = path or self.path, False
        self.changed.emit(None)

    def leave_unsaved(self) -> None: ...
    def set_media(self, path: Path | None) -> None:
        self.media = path
        self.changed.emit(None)

    # What a server and colleagues do

    def share(self) -> DeskSession:
        """Every cue becomes a segment that the server has under a tag."""
        self._shared = True
        self.shared_url = "http://127.0.0.1/projects/desk"
        self.sync.set_link(Link.ONLINE)
        self.sync.put(self._segment(cue) for cue in self.document.snapshot.cues)
        return self

    def remote(self, edit: Edit) -> None:
        """A colleague's edit arrives in the document; nothing is told of their segment."""
        self.document.apply(replace(edit, origin=Origin.REMOTE))

    def their(self, cue: Cue) -> None:
        """The server shows `cue` under a new tag: merged where it can be, else in conflict."""
        segment = self.sync.segment_of(cue.id)
        assert segment is not None, "share() first"
        self._seen(segment, Version(body_of(cue), f'"{next(self._tags)}"'))

    def their_removal(self, cue_id: int) -> None:
        """The server does not have the cue any more."""
        segment = self.sync.segment_of(cue_id)
        assert segment is not None, "share() first"
        self._seen(segment, Version(None, None))

    def _seen(self, segment: Segment, version: Version) -> None:
        """The feed shows it; and so does a read, where the machine makes sure before it asks a person."""
        self._step(segment, Seen(version))
        after = self.sync.segment(segment.key)
        if after is not None and after.fetch:
            self._step(step_segment(after, Due(), make_body)[0], Fetched(version))

    def put(self, cue_id: int, **changes: Any) -> None:
        """Sets fields of the cue's segment as they are, e.g. `refused="Too long"` or `out=True`."""
        segment = self.sync.segment_of(cue_id)
        assert segment is not None, "share() first"
        self.sync.put((replace(segment, **changes),))

    def send(self, cue_id: int) -> None:
        """The cue's save goes out; `save_segment` answers it."""
        segment = self.sync.segment_of(cue_id)
        assert segment is not None, "share() first"
        self._step(segment, Due("write"))

    def save_segment(self, key: str) -> None:
        """The server takes what is waiting and gives a new tag."""
        segment = self.sync.segment(key)
        assert segment is not None
        if segment.sent is None:
            segment, _ = step_segment(segment, Due("write"), make_body)
        self._step(segment, Saved(Version(None, f'"{next(self._tags)}"')))

    # Between the two

    def _segment(self, cue: Cue) -> Segment:
        body = body_of(cue)
        return Segment(f"cue-{cue.id}", base=body, etag=f'"{next(self._tags)}"', mine=body)

    def _edited(self, change: Change) -> None:
        self.unsaved = self.path is not None
        if not self._shared or change.edit.origin is Origin.REMOTE:
            return
        fresh = []
        for cue_id in change.edit.ids:
            cue = change.new.cues.get(cue_id)
            segment = self.sync.segment_of(cue_id) or Segment(f"cue-{cue_id}")
            fresh.append(
                step_segment(segment, Edited(body_of(cue) if cue is not None else None), make_body)[0]
            )
        self.sync.put(fresh)

    def _step(self, segment: Segment, event: Event) -> None:
        after, actions = step_segment(segment, event, make_body)
        self.sync.put((after,))
        for action in actions:
            self._carry_out(segment, action, self.remote, "From the server")

    def _carry_out(
        self, segment: Segment, action: Action, apply: Callable[[Edit], object], label: str
    ) -> None:
        if not isinstance(action, Adopt):
            return
        snapshot = self.document.snapshot
        old = {cue.id for body in (segment.mine, segment.base) if body is not None for cue in body.cues}
        changes = [
            CueChange(snapshot.cues.get(cue.id), cue, FIRST)
            for cue in (action.body.cues if action.body else ())
        ]
        kept = {change.id for change in changes}
        for cue_id in old - kept:
            if (cue := snapshot.cues.get(cue_id)) is not None:
                changes.append(CueChange(cue, None, snapshot.follows(cue_id)))
        apply(Edit(label, tuple(changes)))
