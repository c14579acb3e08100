"""Segments and bodies for tests of the machine: one cue or several, written as our own server has them."""

from __future__ import annotations

from typing import Any

from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.profile import Content
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.sync.segment_events import Action, Due, Event, Fetch, Fetched, Seen, Stale, Unanswered
from vtt_desktop.sync.segment_step import step

CODEC = Codec(Content(order="/order", head="/kind", tail="/tail"), WebVTTSegmentText())
T1, T2, T3, T4 = '"1"', '"2"', '"3"', '"4"'


def cue(text: str, start: int = 1000, end: int = 2000, *, id: int = 1, **more: Any) -> Cue:
    return Cue(id, start, end, text, **more)


def body(*cues: Cue | str, order: str = "a") -> Body:
    """A body of these cues; a word is a cue that says it."""
    made = tuple(cue(one, id=1) if isinstance(one, str) else one for one in cues)
    return CODEC.make(made, None, order, Frame())


def head(text: bytes, tail: bytes = b"\n") -> Body:
    return CODEC.make((), Head(text, tail), "0", Frame())


def synced(what: Body, tag: str | None = T1) -> Segment:
    return Segment("k", what, tag, what)


def dirty(was: Body, mine: Body | None, tag: str = T1) -> Segment:
    return Segment("k", was, tag, mine)


class Line:
    """One segment through a line of events; each gives its actions, and the machine stays what it became."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def __call__(self, event: Event) -> tuple[Action, ...]:
        self.segment, actions = step(self.segment, event, CODEC.make)
        return actions

    def sees(self, seen: Version, *, deleted: bool = False) -> tuple[Action, ...]:
        """A read that is out shows this, and again past every cache where the machine makes sure."""
        actions = self(Fetched(seen, deleted))
        if self.segment.fetch:
            assert self(Due()) == (Fetch(),)
            actions = self(Fetched(seen, deleted))
        return actions

    def hears(self, seen: Version) -> tuple[Action, ...]:
        """The feed shows this, and so does a read past every cache where the machine makes sure."""
        actions = self(Seen(seen))
        if self.segment.due:
            assert self(Due()) == (Fetch(),)
            actions = self(Fetched(seen))
        return actions

    @property
    def phase(self) -> str:
        return self.segment.phase.value


def version(what: Body | None, tag: str | None) -> Version:
    return Version(what, tag)


BASE, MINE, MORE, THEIRS = body("base"), body("mine"), body("mine and more"), body("theirs")
MINE_TEXT_THEIR_TIME = body(cue("mine", 1500))
THEIR_TIME = body(cue("base", 1500))
GONE = Version(None, None)


def sending(was: Body = BASE, mine: Body | None = MINE) -> Line:
    line = Line(dirty(was, mine))
    line(Due("w"))
    return line


def refused_as_stale() -> Line:
    """A save that got 412; the refetch is out."""
    line = sending()
    line(Stale())
    assert line(Due()) == (Fetch(),)
    return line


def unseen_and_not_there(now: Version, write_id: str = "w") -> Line:
    """A save whose answer nobody saw, and then the server shows something without a trace of it; without an
    id it cannot be asked about again."""
    line = Line(dirty(BASE, MINE))
    line(Due(write_id))
    line(Unanswered())
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(now)) == ()
    return line
