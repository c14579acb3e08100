"""What an engine starts with: however many segments there are, nobody is held up for long."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from tests.sync.segments import body, cue, head
from vtt_desktop.app.journals import NoJournal
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.sync.known_segments import PORTION, KnownSegments
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.segment import Segment, Sent, Version
from vtt_desktop.sync.sorting import Sorting

NOWHERE = parse_target("http://127.0.0.1:9/projects/film", "")


def segment(number: int, words: str = "words", order: str = "") -> Segment:
    made = body(cue(words, 1000 * number, 1000 * number + 500, id=number), order=order or f"{number:08}")
    return Segment(f"cue-{number}", made, '"1"', made)


def film(count: int) -> list[Segment]:
    top = head(b"WEBVTT")
    return [Segment("head", top, '"1"', top), *(segment(number) for number in range(1, count + 1))]


def document(segments: Sequence[Segment]) -> Snapshot:
    bodies = [one.mine for one in segments if one.mine is not None]
    (top,) = (one.head for one in bodies if one.head is not None)
    return Snapshot(top, CueList.of(cue for one in bodies for cue in one.cues))


class Calls:
    """Counts what is called inside."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Calls:
        self._before = sys.getprofile()
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._before)

    def _seen(self, frame: FrameType, event: str, argument: Any) -> None:
        self.count += event == "call"


async def calls_to_share(count: int) -> int:
    segments = film(count)
    snapshot = document(segments)
    known = await KnownSegments.ready(segments, Sorting.KEYS, snapshot)
    tasks = Tasks()
    session = Session(snapshot, tasks=tasks, journal=NoJournal())
    repository = Repository(NOWHERE.profile, NOWHERE.base, project="film")
    with Calls() as calls:
        session.share(NOWHERE, repository, known)
    assert session.sync.summary.total == count + 1 and not session.sync.summary.waiting
    await session.close()
    await tasks.close()
    return calls.count


async def test_a_start_does_nothing_segment_by_segment() -> None:
    few, many = await calls_to_share(20), await calls_to_share(1020)
    assert many - few < 100


async def test_others_have_their_turns_while_segments_are_looked_through() -> None:
    segments = film(4 * PORTION)
    snapshot, done, turns = document(segments), False, 0

    async def look_through() -> None:
        nonlocal done
        await KnownSegments.ready(segments, Sorting.KEYS, snapshot)
        done = True

    async def do_something_else() -> None:
        nonlocal turns
        while not done:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as both:
        both.create_task(look_through())
        both.create_task(do_something_else())
    assert turns > 4


def test_a_document_that_was_edited_meanwhile_is_compared_anew() -> None:
    segments = film(3)
    snapshot = document(segments)
    known = KnownSegments.at_once(segments, Sorting.KEYS, snapshot)
    assert known.unlike(snapshot) == [] and known.in_place(snapshot)
    second = snapshot.cues[1]
    other = Snapshot(snapshot.head, snapshot.cues.replaced({second.id: second.with_(text="others")}))
    assert known.unlike(other) == ["cue-2"] and known.in_place(other)
    turned = Snapshot(snapshot.head, CueList.of(reversed(snapshot.cues)))
    assert known.unlike(turned) == [] and not known.in_place(turned)
    more = Snapshot(snapshot.head, CueList.of([*snapshot.cues, cue("new", id=9)]))
    assert not known.in_place(more)


async def test_what_was_typed_meanwhile_is_sent() -> None:
    segments = film(3)
    tasks = Tasks()
    session = Session(document(segments), tasks=tasks, journal=NoJournal())
    known = await KnownSegments.ready(segments, Sorting.KEYS, session.document.snapshot)
    session.submit(set_text(session.document.snapshot, 2, "typed meanwhile"))
    session.share(NOWHERE, Repository(NOWHERE.profile, NOWHERE.base), known, offline=True)
    assert session.sync.summary.waiting == 1 and session.sync.due == ("cue-2",)
    await session.close()
    await tasks.close()


DONE, OTHER = segment(1).mine, segment(1, "others").mine
assert DONE is not None and OTHER is not None


@pytest.mark.parametrize(
    "one",
    [
        Segment("cue-1", DONE, '"1"', OTHER),
        Segment("cue-1", DONE, '"1"', None),
        Segment("cue-1", DONE, '"1"', DONE, sent=Sent(OTHER, '"1"')),
        Segment("cue-1", DONE, '"1"', DONE, doubt=Version(OTHER, '"2"')),
        Segment("cue-1", DONE, '"1"', DONE, fetch=True),
        Segment("cue-1", DONE, '"1"', OTHER, theirs=Version(OTHER, '"2"')),
        Segment("cue-1", DONE, '"1"', DONE, refused="no"),
        Segment("cue-1", DONE, '"1"', DONE, read_only="no"),
    ],
)
def test_what_is_not_at_rest_is_seen(one: Segment) -> None:
    segments = [*film(0), one, segment(2)]
    snapshot = document([*film(0), segment(1), segment(2)])
    known = KnownSegments.at_once(segments, Sorting.KEYS, snapshot)
    assert not one.at_rest and segment(2).at_rest
    assert known.state.due == (("cue-1",) if one.due else ())
    assert known.disputed == (["cue-1"] if one.theirs is not None else [])
    assert (known.unlike(snapshot) == ["cue-1"]) is (one.mine != DONE and one.theirs is None)


def test_who_is_nowhere_is_set_apart() -> None:
    gone = Segment("gone", past=('"1"',))
    known = KnownSegments.at_once([*film(2), gone], Sorting.KEYS, document(film(2)))
    assert known.nowhere == [gone] and known.state.segment("gone") is None


def test_a_sort_key_that_is_not_the_segments_own_is_news_to_the_server() -> None:
    one = segment(1, order="b")
    assert one.mine is not None and one.base is not None
    unsorted = Segment("cue-1", one.base, '"1"', replace(one.mine, order=""))
    for sorting, unlike in ((Sorting.KEYS, ["cue-1"]), (Sorting.TIMES, [])):
        known = KnownSegments.at_once([*film(0), unsorted], sorting, document([*film(0), one]))
        assert known.unlike(document([*film(0), one])) == unlike
