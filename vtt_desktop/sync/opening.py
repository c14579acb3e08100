"""A project on a backend as a document: everything is read once, in order, under its tags."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import Answer, Contents, Done, Listed, Missing, StaleTag, words_of
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.known_segments import KnownSegments
from vtt_desktop.sync.order_key import HEAD, spread
from vtt_desktop.sync.places import PLAIN_HEAD
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.segment import NO_VERSION, Segment, made_segment
from vtt_desktop.sync.sorting import Sorting, sorting_of, time_key

BULK = 500
"""Segments that are made in one request when publishing."""
PORTION = 250
"""Documents that are read before others have their turn: about 3 ms."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document read from a backend or put there, its segments, and the feed's position."""

    snapshot: Snapshot
    segments: tuple[Segment, ...]
    known: KnownSegments
    """The same segments, for an engine to take over."""
    seq: int = 0
    epoch: str = ""


async def open_project(repository: Repository, codec: Codec) -> Opened:
    """Reads a whole project. UserError where it is not there, or is not as the profile says."""
    new_id = count(1).__next__
    ahead = _ReadAhead(codec, new_id)
    contents = await repository.contents(each=ahead.read)
    if not isinstance(contents, Contents):
        raise UserError(words_of(contents))
    for key, why in contents.unread.items():
        raise UserError(f"The segment “{key}” cannot be read, so this is not all of it: {why}")
    head = PLAIN_HEAD if repository.profile.content.head else Head()
    segments: list[Segment] = []
    items = [item for item in contents.items if not item.gone]
    if not items and contents.items:
        raise UserError("None of these segments is on the server.")
    for place, item in enumerate(items):
        if place % PORTION == 0:
            await asyncio.sleep(0)
        document, one = ahead.found.get(item.key, (None, None))
        if one is None or document is not item.document:
            document, etag = item.document, item.etag
            if document is None:
                answer = await repository.fetch(item.key)
                if isinstance(answer, Missing):
                    continue
                if not isinstance(answer, Done):
                    raise UserError(words_of(answer))
                document, etag = answer.document, answer.etag
            one = _as_read(item.key, codec.read(document, (), new_id, place), etag)
        if one.base is not None and one.base.head is not None:
            head = one.base.head
        segments.append(one)
    sorting = sorting_of(repository.profile)
    if sorting is Sorting.TIMES:
        segments.sort(key=lambda one: (time_key(one.base.cues if one.base is not None else ()), one.key))
    elif sorting is Sorting.KEYS and any(item.document is None for item in items):
        segments.sort(key=_place)  # the list could not tell
    cues = CueList.of([cue for one in segments if one.base is not None for cue in one.base.cues])
    await asyncio.sleep(0)
    return await _opened(Snapshot(head, cues), segments, sorting, contents)


def _place(one: Segment) -> tuple[bool, str, str]:
    """By sort key, then id; what has none keeps its place at the end."""
    order = one.base.order if one.base is not None else ""
    return order == "", order, one.key if order else ""


async def _opened(
    snapshot: Snapshot, segments: Sequence[Segment], sorting: Sorting, contents: Contents
) -> Opened:
    known = await KnownSegments.ready(segments, sorting, snapshot)
    return Opened(snapshot, tuple(segments), known, contents.seq, contents.epoch)


def _as_read(key: str, body: Body, etag: str | None) -> Segment:
    """A segment that says what the server says. One without a version can be read only."""
    return made_segment(key, body, etag, body, read_only="" if etag is not None else NO_VERSION)


class _ReadAhead:
    """Reads the documents of one page of a list while the next page is on its way."""

    def __init__(self, codec: Codec, new_id: Callable[[], int]) -> None:
        self._codec = codec
        self._new_id = new_id
        self.found: dict[str, tuple[Any, Segment]] = {}
        """By their keys, the documents that are read by now, and what they say."""

    async def read(self, page: Sequence[Listed]) -> None:
        """What needs no place among all others is read now. UserError as `Codec.read`."""
        for at in range(0, len(page), PORTION):
            for item in page[at : at + PORTION]:
                if item.document is not None and not item.gone:
                    body = self._codec.read(item.document, (), self._new_id)
                    if self._codec.tells_times(body):
                        self.found[item.key] = item.document, _as_read(item.key, body, item.etag)
            await asyncio.sleep(0)


async def publish(snapshot: Snapshot, repository: Repository, codec: Codec, keys: Sequence[str]) -> Opened:
    """Puts a document into a new project, one segment a cue; `keys` name the head and then each cue.

    UserError where the project exists, a cue cannot be carried by JSON, or the server refuses.
    """
    profile = repository.profile
    if not profile.create.method:
        raise UserError("This backend cannot make new segments.")
    bodies: list[tuple[str, Body]] = []
    if profile.content.head:
        bodies.append(
            (keys[0], codec.make((), snapshot.head, HEAD if profile.content.order else "", Frame()))
        )
    orders = spread(len(snapshot.cues)) if profile.content.order else [""] * len(snapshot.cues)
    for place, (key, order, cue) in enumerate(zip(keys[1:], orders, snapshot.cues, strict=True)):
        if place % PORTION == 0:
            await asyncio.sleep(0)
        bodies.append((key, codec.make((cue,), None, order, codec.new_frame)))
    answer = await repository.make_project()
    if isinstance(answer, StaleTag) and not await _empty(repository):
        raise UserError("There is a project of that name on the server already.", "Choose another name.")
    if not isinstance(answer, (Done, StaleTag)):
        raise UserError(words_of(answer))
    tags = await (_create_many if profile.create.bulk_url else _create_each)(repository, codec, bodies)
    segments = [made_segment(key, body, tags[key], body) for key, body in bodies]
    contents = await repository.contents()
    if not isinstance(contents, Contents):
        raise UserError(words_of(contents))
    return await _opened(snapshot, segments, sorting_of(profile), contents)


async def _empty(repository: Repository) -> bool:
    """Whether the project is there without a segment, as an interrupted attempt to publish leaves it."""
    contents = await repository.contents()
    return isinstance(contents, Contents) and not contents.items


async def _create_many(
    repository: Repository, codec: Codec, bodies: Sequence[tuple[str, Body]]
) -> dict[str, str | None]:
    tags: dict[str, str | None] = {}
    for at in range(0, len(bodies), BULK):
        batch = [(key, codec.document(body, None)) for key, body in bodies[at : at + BULK]]
        answer = await repository.create_many(batch, f"publish-{bodies[at][0]}")
        if not isinstance(answer, Done):
            raise _stopped(answer, len(tags))
        tags |= answer.document
    return tags


async def _create_each(
    repository: Repository, codec: Codec, bodies: Sequence[tuple[str, Body]]
) -> dict[str, str | None]:
    tags: dict[str, str | None] = {}
    for key, body in bodies:
        answer = await repository.create(key, codec.document(body, None), f"publish-{key}")
        if isinstance(answer, Done) and answer.etag is None:
            answer = await repository.fetch(key)
        if not isinstance(answer, Done):
            raise _stopped(answer, len(tags))
        tags[key] = answer.etag
    return tags


def _stopped(answer: Answer, done: int) -> UserError:
    return UserError(f"Publishing stopped after {done} segments: {words_of(answer)}")
