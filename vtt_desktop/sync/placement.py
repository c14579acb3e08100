"""What the document says for each segment, and which segment a new cue goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, HeadChange, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Body, same_cues
from vtt_desktop.sync.codec import SIGNATURE, Codec
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.names import HEAD_KEY, tell_what_they_are
from vtt_desktop.sync.order_key import HEAD
from vtt_desktop.sync.places import check_parts, is_plain, parts_without_place
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.state import SyncState


class Placement:
    """Cuts the document into segments as the profile allows. `mint` names new ones, if not as it says."""

    def __init__(
        self,
        document: Document,
        state: SyncState,
        codec: Codec,
        layout: Layout,
        profile: Profile,
        mint: Callable[[], str] | None,
    ) -> None:
        self._document = document
        self._state = state
        self._codec = codec
        self._layout = layout
        self._profile = profile
        self._mint = mint or profile.create.new_id

    def check(self, edit: Edit) -> None:
        """UserError for an edit that this backend could never be told of."""
        if (in_place := edit.in_place) is not None:
            if not (edit.of_times and self._keeps_times):
                self._check_changed(in_place)
            return
        gathers = any(change.after is None for change in edit.cue_changes)  # a merge has comments of others
        for change in edit.changes:
            if isinstance(change, CueChange):
                self._check_cue(change, gathers)
            elif self._layout.head_key is None and not self._makes_heads:
                raise UserError("This backend keeps no header, styles or regions.")

    def _check_cue(self, change: CueChange, gathers: bool) -> None:
        """UserError as `check`; `gathers` where comments may come from cues that are removed."""
        profile, after = self._profile, change.after
        key = self._layout.key_of(change.id)
        segment = self._state.segment(key or "")
        body = segment.mine if segment is not None else None
        bare = body is not None and body.frame.payload_only
        if after is not None:
            _must_be_text(change.before, after)
            parts = parts_without_place(profile.content, bare=bare)
            if parts:
                beside = self._document.snapshot.cues.get(change.follows) if change.before is None else None
                check_parts(
                    change.before, after, beside, tuple(p for p in parts if not (gathers and p == "lead"))
                )
        if change.before is None:
            if not profile.create.method:
                if profile.content.kind == "fields":
                    raise UserError("This backend cannot make new segments.")
                self._check_room(change.follows)
            return
        if after is None:
            frame = body.frame if body is not None else Frame()
            alone = key is not None and len(self._layout.cues_of(key, self._document.snapshot)) == 1
            if alone and not profile.delete.method and not frame.before:
                raise UserError("This backend cannot remove segments.", "Empty the text instead.")
            return
        self._check_times(change.before, after, bare)

    @property
    def _keeps_times(self) -> bool:
        """Whether there is a place for times, whatever the cue."""
        content = self._profile.content
        return "start" in content.fields if content.kind == "fields" else not self._state.bare

    def _check_changed(self, in_place: Iterable[tuple[Cue, Cue]]) -> None:
        """As `check`, where cues neither come nor go: there may be all of a document's."""
        content, texts, timed = self._profile.content, self._state.bare, self._keeps_times
        parts = parts_without_place(content)
        for before, after in in_place:
            _must_be_text(before, after)
            bare = bool(texts) and self._layout.key_of(before.id) in texts
            if parts or bare:
                check_parts(before, after, None, parts_without_place(content, bare=bare))
            if not timed:
                self._check_times(before, after, bare)

    def _check_times(self, before: Cue, after: Cue, bare: bool) -> None:
        content = self._profile.content
        timeless = "start" not in content.fields if content.kind == "fields" else bare
        if timeless and (before.start, before.end) != (after.start, after.end):
            raise UserError("This backend keeps the text only: times cannot be changed.")

    def _check_room(self, follows: int) -> None:
        """UserError where a new cue behind that one would have to go into a segment that is a bare text: two
        cues would run together in it."""
        cues = self._document.snapshot.cues
        key = self._layout.key_of(follows)
        if key is None and len(cues):
            key = self._layout.key_of(cues[0].id)
        segment = self._state.segment(key or "")
        body = (segment.mine or segment.base) if segment is not None else None
        if body is not None and body.frame.payload_only:
            raise UserError("This segment is a bare text on the server: no second cue has a place in it.")

    def touched(self, change: Change) -> list[str]:
        """The segments that an edit concerns, in its order; a cue that is new gets one."""
        if (in_place := change.edit.in_place) is not None:
            every = dict.fromkeys([self._layout.key_of(before.id) for before, _ in in_place])
            if None not in every:
                return [key for key in every if key is not None]
        snapshot = change.new
        keys: dict[str, None] = {}
        looked_at: set[str] = set()
        if any(isinstance(c, HeadChange) for c in change.edit.changes):
            keys |= dict.fromkeys(self._place_head())
        for one in change.edit.cue_changes:
            there = snapshot.cues.has(one.id)
            if self._layout.key_of(one.id) is None and there:
                keys |= dict.fromkeys(self.place(one.id))
            key = self._layout.key_of(one.id)
            if key is None:
                continue
            keys[key] = None
            if one.before is None and there and change.edit.origin is not Origin.REMOTE:
                if key not in looked_at and not self._layout.fits(key, snapshot):
                    keys |= dict.fromkeys(self._layout.find_place(key, snapshot))
                looked_at.add(key)
        return list(keys)

    def place(self, cue_id: int) -> list[str]:
        """Gives a cue its segment: that of the cues around it, or of the one before it where that has several
        or where the backend can make none; else a new one. Gives the segments that this concerns."""
        snapshot = self._document.snapshot
        key = self._grown_by(cue_id, snapshot)
        if key is not None:
            self._layout.assign(cue_id, key)
            return [key]
        key = self._mint()
        self._layout.assign(cue_id, key)
        return self._layout.find_place(key, snapshot)

    @property
    def _makes_heads(self) -> bool:
        return bool(self._profile.content.head and self._profile.create.method)

    def place_head(self) -> list[str]:
        """After a start: the segment of a head that says something and has none, since its own was removed or
        is not on disk."""
        if self._layout.head_key is not None or is_plain(self._document.snapshot.head):
            return []
        return self._place_head()

    def _place_head(self) -> list[str]:
        """The segment of the head, as a list; a project that has none is given one where that can be. All
        desks make the same one where ids are a project's own: so there are not two."""
        if self._layout.head_key is None and self._makes_heads:
            ours = tell_what_they_are(self._profile) and self._profile.create.id != "server"
            free = ours and self._state.segment(HEAD_KEY) is None
            self._layout.head_key = HEAD_KEY if free else self._mint()
        return [self._layout.head_key] if self._layout.head_key is not None else []

    def place_all(self, tidy: Callable[[], object]) -> list[str]:
        """After a start: gives cues that have none their segments, and sort keys that are not on disk; gives
        the segments that this concerns. `tidy` brings what stands wrong in the document to its place."""
        misplaced = self._layout.misplaced(self._document.snapshot)
        if misplaced:
            tidy()
        snapshot, concerned = self._document.snapshot, dict[str, None]()
        misplaced = self._layout.misplaced(snapshot) if self._layout.free else set()
        for cue_id in snapshot.cues.ids if misplaced else self._layout.unplaced(snapshot):
            key = self._layout.key_of(cue_id)
            if key is None:
                concerned |= dict.fromkeys(self.place(cue_id))
            elif key in misplaced and not self._layout.fits(key, snapshot):
                # It was moved, or is new and those behind it moved up: that was not on disk yet when the
                # program ended.
                concerned |= dict.fromkeys(self._layout.find_place(key, snapshot))
        if not self._layout.free and self._layout.misplaced(snapshot):
            tidy()
        return list(concerned)

    def _grown_by(self, cue_id: int, snapshot: Snapshot) -> str | None:
        """The segment that a new cue belongs to, if one of those that are there."""
        before, behind = self._layout.neighbours(cue_id, snapshot)
        key = before or behind
        if key is None or before == behind or not self._profile.create.method:
            return key
        return key if self._has_several(key, snapshot) else None

    def _has_several(self, key: str, snapshot: Snapshot) -> bool:
        """Whether a segment is a run of cues, here or on the server."""
        one = self._state.segment(key)
        there = one.base.cues if one is not None and one.base is not None else ()
        return max(len(there), len(self._layout.cues_of(key, snapshot))) > 1

    def anew(self, key: str) -> str:
        """Gives the cues of a segment that the server removed for good another one, at the same place; gives
        its key."""
        order, fresh = self._layout.order_of(key), self._mint()
        cues = self._layout.cues_of(key, self._document.snapshot)
        self._layout.forget(key)
        for cue in cues:
            self._layout.assign(cue.id, fresh)
        self._layout.rank(fresh, order)
        return fresh

    def mine(self, key: str) -> Body | None:
        """What the document says for this segment."""
        snapshot = self._document.snapshot
        one = self._state.segment(key)
        known = (one.mine or one.base) if one is not None else None
        order = self._layout.order_of(key) if self._profile.content.order else ""
        if key == self._layout.head_key:
            order = known.order if known is not None else HEAD if self._profile.content.order else ""
            return self._codec.make((), snapshot.head, order, Frame())
        cues = self._layout.cues_of(key, snapshot)
        frame = known.frame if known is not None else self._codec.new_frame
        if not cues:
            return self._emptied(known, one.base if one is not None else None, order)
        if known is not None and known.order == order and same_cues(known.cues, cues):
            return known
        return self._codec.make(cues, None, order, frame)

    def _emptied(self, known: Body | None, there: Body | None, order: str) -> Body | None:
        """A segment without cues: gone, where it may go; else, or where the server has it so already, it
        stays with what stands around them."""
        if known is None and there is None:
            return None  # a colleague removed it
        if known is not None and not known.cues and (there is None or not there.cues):
            return known
        frame = known.frame if known is not None else Frame()
        nothing_else = not frame.before or (
            self._profile.content.signature and frame.before.strip() == SIGNATURE
        )
        if self._profile.delete.method and nothing_else:
            return None
        return self._codec.make((), None, order, frame)


def _must_be_text(before: Cue | None, after: Cue) -> None:
    """JSON carries text only: what is not can never be sent. What stood there already is not looked at."""
    for name in ("text", "identifier", "settings"):
        value = getattr(after, name)
        if before is not None and getattr(before, name) == value:
            continue
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UserError(
                f"The {name} holds half a character (a lone surrogate), which cannot be sent."
            ) from None
