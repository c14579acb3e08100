"""Hundreds of stories of edits that conflict, each decided by chance; see `decided_stories`.

A failing one is told with what everybody did and the command that replays it.
"""

from __future__ import annotations

import pytest

from tests.properties.decided_stories import failure

STORIES = {2: range(500), 3: range(200)}
"""Seeds by how many people there are in a story."""


@pytest.mark.parametrize("people", STORIES)
def test_every_decision_keeps_the_laws(people: int) -> None:
    failures = [told for seed in STORIES[people] if (told := failure(seed, people))]
    assert not failures, "\n".join(failures)
