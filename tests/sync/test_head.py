"""The machine of the head's segment: no desk removes it, and what is in conflict tells its three sides."""

from __future__ import annotations

import random

import pytest

from tests.sync.segments import CODEC, GONE, T1, T2, T3, head, synced
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import ConflictKind, Heads
from vtt_desktop.sync.segment import Version
from vtt_desktop.sync.segment_events import (
    Again,
    Chose,
    Delete,
    Due,
    Edited,
    Event,
    Fetched,
    NotSent,
    Overruled,
    PutBack,
    Resolved,
    Saved,
    Seen,
    Stale,
    Told,
    Unanswered,
)
from vtt_desktop.sync.segment_step import step

WAS = head(b"WEBVTT")
BODIES = (WAS, head(b"WEBVTT - mine"), head(b"WEBVTT - theirs"), None)
VERSIONS = tuple(Version(body, tag) for body in BODIES[:3] for tag in (T1, T2, T3)) + (GONE,)


def any_event(chance: random.Random) -> Event:
    body, version = chance.choice(BODIES), chance.choice(VERSIONS)
    events: tuple[Event, ...] = (
        Edited(body),
        Due("w"),
        Due("w"),
        Saved(version, version.etag),
        Stale(),
        NotSent(),
        Unanswered(),
        Fetched(version, chance.random() < 0.5),
        Seen(version),
        Told(version.etag),
        Again(),
        Chose(0, chance.choice((None, Cue(0, 0, 1000, "text")))),
        Resolved(body),
        Resolved(None),
        PutBack(version, chance.random() < 0.5, chance.random() < 0.5),
        Overruled(version),
    )
    return chance.choice(events)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_makes_a_desk_remove_the_head(seed: int) -> None:
    """Whatever comes in whatever order: no request removes it, and what a person has of it stays."""
    chance = random.Random(seed)
    for _ in range(25):
        segment = synced(WAS)
        for _ in range(25):
            event = any_event(chance)
            before = segment
            segment, actions = step(segment, event, CODEC.make)
            assert not any(isinstance(action, Delete) for action in actions), event
            if isinstance(event, Edited | Resolved) and before.mine is not None:
                assert segment.mine is not None, event


def test_a_head_in_conflict_tells_three_heads() -> None:
    segment, _ = step(synced(WAS), Edited(BODIES[1]), CODEC.make)
    segment, _ = step(segment, Seen(Version(BODIES[2], T2)), CODEC.make)
    segment, _ = step(segment, Due("w"), CODEC.make)
    segment, _ = step(segment, Fetched(Version(BODIES[2], T2)), CODEC.make)
    (conflict,) = segment.conflicts
    assert (conflict.id, conflict.kind) == (0, ConflictKind.HEAD)
    assert conflict.heads == Heads("WEBVTT\n", "WEBVTT - mine\n", "WEBVTT - theirs\n")
