"""Hundreds of schedules of people, faults, crashes and lost answers, each from a seed, in virtual time.

A failing seed is named in the test's id: run that one again with `-k seed-NUMBER`, or more of them with
VTT_DESKTOP_SCHEDULES=20000 in the environment.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.properties.sync_simulation import World, as_json

SCHEDULES = int(os.environ.get("VTT_DESKTOP_SCHEDULES", "300"))
BATCH = 25


def run(seed: int) -> World:
    """The schedule of one seed; a broken rule is raised with the seed in its words."""
    world = World(seed, desks=2 + seed % 2, cues=1 + seed % 4)
    try:
        world.run(steps=40)
    except BaseException as error:
        tail = "\n  ".join(world.trace[-12:])
        error.add_note(f"seed {seed}; run(seed={seed}) replays it. The last that the backend saw:\n  {tail}")
        raise
    return world


@pytest.mark.parametrize("first", range(0, SCHEDULES, BATCH))
def test_every_schedule_keeps_the_rules(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    unheard: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: unheard.append(error))
    for seed in range(first, min(first + BATCH, SCHEDULES)):
        run(seed)
        if unheard:
            unheard[0].add_note(f"seed {seed}")
            raise unheard[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seed_is_a_schedule(seed: int) -> None:
    """I17: the same seed, the same trace."""
    assert as_json(run(seed)) == as_json(run(seed))
