"""The sync log: what was sent, taken over, decided and refused; and what can be put back from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.edits_back import put_all_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.many import replace
from vtt_desktop.domain.merge import fields
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.body import Body, Conflict

ANYWHERE = 1 << 62
KEPT = 1000
"""Lines that are kept; and as many more that something of others can be put back from."""
_FIRST_WORDS = 40
"""So many characters of a cue that is gone are told."""

YOURS_ASIDE = "yours was put aside"
THEIRS_ASIDE = "theirs was put aside"
"""How the line on a decision ends that a version can be put back from."""
TOOK_THEIRS = f"Decided: theirs; {YOURS_ASIDE}"

_NAMES = {"start": "in-time", "end": "out-time"}


class LogKind(Enum):
    """What a line tells of."""

    SENT = "sent"
    TAKEN = "taken"
    """A colleague's change, where nothing was changed here."""
    MERGED = "merged"
    """A colleague's change put together with one made here, without asking."""
    DECIDED = "decided"
    REFUSED = "refused"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a cue (or the head) was, or could have become; and what it became. None: not there."""

    before: Cue | Head | None
    after: Cue | Head | None

    @property
    def pair(self) -> tuple[Cue | Head | None, Cue | Head | None]:
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """What a choice would make of its cue (None: removed), and of `others`; `twice` stay as they are, though
    they say some of the same words."""

    cue: Cue | None
    others: tuple[Replaced, ...] = ()
    twice: tuple[Cue, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it concerns no other cue."""
        return not (self.others or self.twice)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: which cue (0: none, or the head), in words, and the tag it concerns.

    `replaced`: what can be put back, and `others`: what belongs to it and is put back with it. `number` is
    the order of the lines, also over restarts; `at` is the wall clock (seconds since 1970, 0: not known), to
    be shown and never to decide anything.
    """

    cue_id: int
    words: str
    etag: str | None = None
    kind: LogKind = LogKind.NOTE
    replaced: Replaced | None = None
    number: int = 0
    at: float = 0.0
    others: tuple[Replaced, ...] = ()

    def put_back(self, snapshot: Snapshot, label: str) -> tuple[Edit, list[Cue]]:
        """As `put_all_back`. UserError where nothing is to be put back."""
        if self.replaced is None:
            raise UserError("There is nothing to put back.")
        return put_all_back(snapshot, self.replaced.pair, (one.pair for one in self.others), label)


@dataclass(frozen=True, slots=True)
class Told:
    """A line that came, and the number of the one that went for it (0: none)."""

    line: LogLine
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the server has of a cue: under which tag, the number of the line that told it, and of the one
    that told what it had before."""

    etag: str | None = None
    number: int = 0
    before: int = 0


class SyncLog:
    """Bounded: many lines about what was sent, be it removals that can be put back, never push out one on
    what others did or what was decided, that something can be put back from."""

    def __init__(self) -> None:
        self.told: Signal[Told] = Signal()
        self.wall: Callable[[], float] = lambda: 0.0
        """What time to show; `app/` gives the clock."""
        self.number = 0
        """Of the last line, in the order of all."""
        self._whole: Callable[[LogLine], LogLine] = lambda line: line
        self._plain: deque[LogLine] = deque()
        self._held: deque[LogLine] = deque()
        self._of_text: deque[tuple[int, int, LogLine]] = deque(maxlen=KEPT)
        """Of those that are held, the ones by which a cue came, went or says something else."""
        self._known: dict[int, _Known] = {}

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """Oldest first."""
        return tuple(sorted((*self._plain, *self._held), key=lambda line: line.number))

    def others_since(self, ids: Iterable[int], start: int, end: int) -> Iterator[LogLine]:
        """Lines on cues that came, went or were given another text by others, or by a decision for theirs,
        which may have done so after what the server is known to have of any of these cues. Oldest first; of
        cues that did not stand anywhere from `start` to `end` (ms) only those that went.

        An answer may be older than what was heard before it came; so those count, too, that were told between
        the version before and that one."""
        known = max((one.before for cue_id in ids if (one := self._known.get(cue_id))), default=0)
        for first, last, line in self._of_text:
            if first <= end and start <= last and line.number > known:
                yield line

    @contextmanager
    def belonging(self, whole: Callable[[LogLine], LogLine]) -> Iterator[None]:
        """Lines that are told inside are written down as `whole` completes them."""
        before, self._whole = self._whole, whole
        try:
            yield
        finally:
            self._whole = before

    def tell(self, line: LogLine) -> None:
        """Adds a line; it gets its number and its time here."""
        self.number += 1
        line = replace(self._whole(line), number=self.number, at=self.wall())
        self.told.emit(Told(line, self._take(line)))

    def restore(self, lines: Iterable[LogLine]) -> None:
        """Lines of an earlier run, before any of this one."""
        for line in sorted(lines, key=lambda line: line.number):
            self.number = max(self.number, line.number)
            self._take(line)

    def _take(self, line: LogLine) -> int:
        undone = line.replaced is not None and line.kind is not LogKind.SENT
        where = self._held if undone else self._plain
        where.append(line)
        if (span := _of_text(line)) is not None:
            self._of_text.append((*span, line))
        if line.kind in (*_OTHERS, LogKind.SENT):
            was = self._known.get(line.cue_id, _Known())
            if was.etag is None or was.etag != line.etag:
                self._known[line.cue_id] = _Known(line.etag, line.number, was.number)
        return where.popleft().number if len(where) > KEPT else 0


_OTHERS = (LogKind.TAKEN, LogKind.MERGED)


def _of_text(line: LogLine) -> tuple[int, int] | None:
    """Where a cue stood, from and to (ms), that came, went or says something else by what others did, as the
    line tells; anywhere, where it went. None: it tells of nothing like that."""
    before, after = (line.replaced.before, line.replaced.after) if line.replaced is not None else (None, None)
    if isinstance(before, Head) or isinstance(after, Head) or before is after:
        return None
    if after is None:
        return (-ANYWHERE, ANYWHERE) if line.kind in (*_OTHERS, LogKind.DECIDED) else None
    others = line.kind in _OTHERS or line.words == TOOK_THEIRS
    if not others or (before is not None and before.text == after.text):
        return None
    both = (before or after, after)
    return min(cue.start for cue in both), max(cue.end for cue in both)


def changes_of(edit: Edit) -> list[CueChange | HeadChange]:
    """What an edit changes, each cue once: one that only moved is taken away and put elsewhere in it."""
    went = {one.id: one.before for one in edit.cue_changes if one.after is None}
    moved = {one.id for one in edit.cue_changes if one.before is None and one.id in went}
    every: list[CueChange | HeadChange] = []
    for one in edit.changes:
        if not isinstance(one, CueChange) or one.id not in moved:
            every.append(one)
        elif one.after is not None:
            every.append(replace(one, before=went[one.id]))
    return every


def named(cue: Cue) -> str:
    """A cue that has no number: its in-time and its first words."""
    text = " ".join(spoken_text(cue.text).split())
    short = f"{text[:_FIRST_WORDS].rstrip()}…" if len(text) > _FIRST_WORDS else text
    return f"{format_time(cue.start)} “{short}”" if text else format_time(cue.start)


def changed_words(before: Cue | Head | None, after: Cue | Head | None) -> str:
    """What differs between two versions of a cue, or of the head, as a list in words."""
    if isinstance(before, Head) or isinstance(after, Head):
        return "the header"
    if before is None or after is None:
        return "a new cue" if before is None else "a removal"
    was, now = fields(before), fields(after)
    names = [name for name in dict.fromkeys([*was, *now]) if was.get(name) != now.get(name)]
    return ", ".join(map(_name, names)) or "its form"


def _name(field: str) -> str:
    """A field as `domain.merge` calls it, in words."""
    return _NAMES.get(field, field.removeprefix("setting:"))


def sent_words(base: Body | None, sent: Body | None) -> str:
    """What a write said, in words."""
    if base is None or sent is None:
        return "a new cue" if base is None else "a removal"
    if base.head != sent.head:
        return "the header"
    was, now = ({cue.id: cue for cue in body.cues} for body in (base, sent))
    ids = [cue_id for cue_id in dict.fromkeys([*was, *now]) if was.get(cue_id) != now.get(cue_id)]
    words = dict.fromkeys(changed_words(was.get(cue_id), now.get(cue_id)) for cue_id in ids)
    return "; ".join(words) or "its place"


def removal_lines(was: Body, etag: str) -> tuple[LogLine, ...]:
    """What to write down when a removal was saved of what the server had under `etag`: each cue by its time
    and its first words, to be put back."""
    lines = tuple(
        LogLine(cue.id, f"Saved: a removal, {named(cue)}", etag, LogKind.SENT, Replaced(cue, None))
        for cue in was.cues
    )
    return lines or (LogLine(0, f"Saved: {sent_words(was, None)}", etag, LogKind.SENT),)


def conflict_line(conflict: Conflict, etag: str | None = None) -> LogLine:
    """What to write down when a conflict opened."""
    if conflict.theirs is None and conflict.mine is not None:
        words = "Conflict: changed here, removed by someone else"
    elif conflict.mine is None and conflict.theirs is not None:
        words = "Conflict: removed here, changed by someone else"
    elif conflict.mine is None or conflict.theirs is None:
        words = "Conflict: the header was changed on both sides"
    else:
        names = [_name(found.field) for found in conflict.fields]
        words = f"Conflict: both sides changed {', '.join(names) or 'it'}"
    return LogLine(conflict.id, f"{words}; it waits for you", etag)


def head_line(mine: bool, put_aside: Head | None, kept: Head | None, etag: str | None = None) -> LogLine:
    """What to write down when a person decided on the head: the side not chosen can be put back."""
    words = f"Header decided: {'yours' if mine else 'theirs'}; the other was put aside"
    replaced = Replaced(put_aside, kept) if put_aside is not None else None
    return LogLine(0, words, etag, LogKind.DECIDED, replaced)


def decision_lines(
    conflict: Conflict, choice: Cue | None, etag: str | None = None, became: Cue | None = None
) -> tuple[LogLine, ...]:
    """What to write down when a person decided: each side that was not chosen can be put back. `became`: what
    the cue is then, where that is not just what was chosen."""
    mine, theirs = (
        choice in (conflict.mine, conflict.keep_mine),
        choice in (conflict.theirs, conflict.take_theirs),
    )
    sides: list[tuple[str, Cue | None]] = []
    if not mine:
        sides.append((TOOK_THEIRS if theirs else f"Decided: composed; {YOURS_ASIDE}", conflict.mine))
    if mine or not theirs:
        sides.append((f"Decided: {'yours' if mine else 'composed'}; {THEIRS_ASIDE}", conflict.theirs))
    return tuple(
        LogLine(
            conflict.id,
            words,
            etag,
            LogKind.DECIDED,
            Replaced(other, became or choice) if other != (became or choice) else None,
        )
        for words, other in sides
    )
