"""Several conflicts of one segment are decided at once: what stands between them hears of each."""

from __future__ import annotations

import pytest

from tests.properties.decided_stories import Film
from tests.properties.sync_lockstep import Desk
from tests.properties.test_decided_cases import ABC, NEW, both_hear, carries, left, merges, says
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue


@pytest.mark.parametrize("several", [1, 4])
@pytest.mark.parametrize("here", [True, False])
def test_a_cue_that_gave_words_to_both_neighbours_has_those_again_of_each(here: bool, several: int) -> None:
    typed, carried = [says(1, "x a0 a1 a2"), says(3, "x c0 c1 c2")], [carries(2, 1), carries(2, 3)]
    sides, choice = ((carried, typed), "theirs") if here else ((typed, carried), "mine")
    texts = left(ABC, several, *sides, {1: choice, 3: choice})
    assert texts == ["x a0 a1 a2", "b0 b1 b2", "x c0 c1 c2", "d0 d1 d2"]


def test_so_has_one_of_another_segment() -> None:
    film = Film(1, ABC, 2)

    def between(at: Desk) -> None:
        at.submit(insert_cue(Cue(at.document.new_id(), 2000, 3000, "n0 n1 n2"), 1))

    def gives(at: Desk) -> None:
        with at.history.group("Give"):
            for cue_id, text in ((NEW, "n1"), (1, "a0 a1 a2 n0"), (2, "n2 b0 b1 b2")):
                says(cue_id, text)(at)

    async def story() -> list[str]:
        one, two = film.open("one"), film.open("two")
        between(two)
        await both_hear(two, one)
        one.engine.set_offline(True)
        for cue_id, text in ((1, "x a0 a1 a2"), (2, "x b0 b1 b2")):
            says(cue_id, text)(one)
        gives(two)
        await both_hear(two, two)
        one.engine.set_offline(False)
        await both_hear(one, two)
        for conflict in list(one.state.conflicts):
            one.engine.resolve(conflict.id, conflict.keep_mine)
        await both_hear(one, two)
        assert one.shown == two.shown == film.kept
        for desk in (one, two):
            await desk.engine.stop()
        return [text for _, text in one.shown]

    assert film.run(story()) == ["x a0 a1 a2", "n0 n1 n2", "x b0 b1 b2", "c0 c1 c2", "d0 d1 d2"]


@pytest.mark.parametrize("several", [1, 2, 4])
@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("here", [True, False])
def test_a_cue_that_two_were_joined_to_says_neither_of_them(here: bool, first: int, several: int) -> None:
    """It may be in another segment than both."""
    others = first + 1, first + 2
    typed, joined = [says(i, f"x {ABC[i - 1]}") for i in others], [merges(first, *others)]
    sides, choice = ((joined, typed), "theirs") if here else ((typed, joined), "mine")
    texts = left(ABC, several, *sides, dict.fromkeys(others, choice))
    assert texts == [f"x {text}" if i in others else text for i, text in enumerate(ABC, 1)]


@pytest.mark.parametrize("several", [1, 4])
def test_words_that_went_over_one_after_the_other_come_back_all(several: int) -> None:
    """The second while the first is in conflict."""
    here, there = [says(1, "x a0 a1 a2")], [carries(2, 1)]
    texts = left(ABC, several, here, there, {1: "mine"}, meanwhile=there)
    assert texts == ["x a0 a1 a2", "b0 b1 b2", "c0 c1 c2", "d0 d1 d2"]
