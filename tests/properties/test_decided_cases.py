"""What stories found, in few words: what two people did to four cues, one of them offline, what was decided,
and what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.properties.decided_stories import Film
from tests.properties.sync_lockstep import Desk
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, merge_cues, remove_cues, set_text, split_cue

ABC = ("a0 a1 a2", "b0 b1 b2", "c0 c1 c2", "d0 d1 d2")
NEW = 5
"""The first cue that is made at a desk."""
Act = Callable[[Desk], None]


def says(cue_id: int, text: str) -> Act:
    return lambda at: at.submit(set_text(at.document.snapshot, cue_id, text))


def merges(*ids: int) -> Act:
    return lambda at: at.submit(merge_cues(at.document.snapshot, ids, " "))


def splits(cue_id: int, words: int) -> Act:
    """After so many words."""

    def act(at: Desk) -> None:
        before = " ".join(text(at, cue_id).split()[:words])
        new_id = at.document.new_id()
        at.submit(split_cue(at.document.snapshot, cue_id, new_id, at_char=len(before), at_ms=None))

    return act


def removes(cue_id: int) -> Act:
    return lambda at: at.submit(remove_cues(at.document.snapshot, [cue_id]))


def carries(cue_id: int, to: int, many: int = 1) -> Act:
    """So many words at the end that faces the other go over to there."""

    def act(at: Desk) -> None:
        words, other = text(at, cue_id).split(), text(at, to).split()
        if to > cue_id:
            words, other = words[:-many], [*words[-many:], *other]
        else:
            words, other = words[many:], [*other, *words[:many]]
        with at.history.group("Carry"):
            says(cue_id, " ".join(words))(at)
            says(to, " ".join(other))(at)

    return act


def moves(cue_id: int, behind: int) -> Act:
    """What it says goes into a new cue."""

    def act(at: Desk) -> None:
        said, other = text(at, cue_id), cue(at, behind)
        with at.history.group("Move"):
            removes(cue_id)(at)
            new = Cue(at.document.new_id(), other.end + 1, other.end + 50, said)
            at.submit(insert_cue(new, behind))

    return act


def cue(at: Desk, cue_id: int) -> Cue:
    found = at.document.snapshot.cues.get(cue_id)
    assert found is not None
    return found


def text(at: Desk, cue_id: int) -> str:
    return cue(at, cue_id).text


async def both_hear(one: Desk, other: Desk) -> None:
    for desk in (one, other, one, other):
        await desk.engine.settle()
        await desk.feed.pull(asked=True)
    await one.engine.settle()


def left(
    texts: tuple[str, ...],
    several: int,
    here: list[Act],
    there: list[Act],
    choices: dict[int, str],
    meanwhile: Sequence[Act] = (),
) -> list[str]:
    """What both show in the end. `choices`: “mine”, “theirs”, or a text, in that order; `meanwhile`: what is
    done there when they are heard of, and before."""
    film = Film(1, texts, several)

    async def story() -> list[str]:
        one, two = film.open("one"), film.open("two")
        one.engine.set_offline(True)
        for at, acts in ((one, here), (two, there)):
            for act in acts:
                act(at)
        await both_hear(two, two)
        one.engine.set_offline(False)
        await both_hear(one, two)
        for act in meanwhile:
            act(two)
        await both_hear(two, one)
        for cue_id, how in choices.items():
            conflict = next(each for each in one.state.conflicts if each.id == cue_id)
            sides = {"mine": conflict.keep_mine, "theirs": conflict.take_theirs}
            known = conflict.mine or conflict.theirs
            assert known is not None
            one.engine.resolve(cue_id, sides[how] if how in sides else known.with_(text=how))
            await both_hear(one, two)
        assert not one.state.conflicts and not two.state.conflicts
        assert one.shown == two.shown == film.kept
        for desk in (one, two):
            await desk.engine.stop()
        return [each for _, each in one.shown]

    return film.run(story())


@pytest.mark.parametrize(
    ("texts", "several", "here", "there", "choices", "after"),
    [
        # Here a neighbour went into a third; there the cue went into that neighbour.
        (ABC, 2, [merges(2, 3)], [merges(3, 4)], {3: "mine"}, "a0 a1 a2|b0 b1 b2 c0 c1 c2|d0 d1 d2"),
        (
            ABC,
            4,
            [carries(2, 1), says(2, "new")],
            [splits(1, 2)],
            {1: "theirs"},
            "a0 a1|a2|b0 new|c0 c1 c2|d0 d1 d2",
        ),
        # Two cues say it: which of them got it is not to be told, and it stands twice.
        (
            ("no no no", "yes no no", "no no no", "no yes yes"),
            2,
            [carries(3, 2)],
            [says(3, "new")],
            {3: "theirs"},
            "no no no|yes no no no|new|no yes yes",
        ),
        # A cue that was empty is none that was made.
        (("a0", "", "c0 c1 c2", ""), 1, [carries(3, 4)], [splits(3, 1)], {3: "theirs"}, "a0||c0|c1 c2|c2"),
        # Of three words two were typed over when it went into another.
        (
            ABC,
            1,
            [says(1, "new")],
            [merges(1, 2), says(1, "a0 a1 a2 x b1 y")],
            {1: "mine"},
            "new|b0 b1 b2|c0 c1 c2|d0 d1 d2",
        ),
        (
            ABC,
            1,
            [merges(1, 2)],
            [carries(2, 1)],
            {1: "mine", 2: "theirs"},
            "a0 a1 a2 b0|b1 b2|c0 c1 c2|d0 d1 d2",
        ),
        # Both carried the word to the next: nobody took it away.
        (
            ABC,
            1,
            [carries(2, 3)],
            [carries(2, 3), says(2, "x b0 b1")],
            {2: "theirs"},
            "a0 a1 a2|x b0 b1|b2 c0 c1 c2|d0 d1 d2",
        ),
        # What was typed or made here, and is not saved, went on by a step of two edits.
        (
            ABC,
            1,
            [says(2, "x b0 b1 b2 new"), carries(2, 3)],
            [says(3, "c0 c1 x")],
            {3: "theirs"},
            "a0 a1 a2|x b0 b1 b2 new|c0 c1 x|d0 d1 d2",
        ),
        (
            ABC,
            1,
            [splits(2, 1), carries(NEW, 3)],
            [says(3, "c0 c1 x")],
            {3: "theirs"},
            "a0 a1 a2|b0|b1 b2|c0 c1 x|d0 d1 d2",
        ),
        # The border between two cues was moved by joining and cutting them.
        (
            ABC,
            1,
            [says(3, "x c1 c2")],
            [merges(3, 4), splits(3, 4)],
            {3: "mine"},
            "a0 a1 a2|b0 b1 b2|x c1 c2|d0 d1 d2",
        ),
        # What it became there holds the other without what went to it from here.
        (
            ("a0", "b0", "c0 c1 c2", "d0 d1 d2 d3 d4 d5"),
            4,
            [carries(3, 4)],
            [merges(3, 4)],
            {4: "theirs", 3: "mine"},
            "a0|b0|c0 c1|c2 d0 d1 d2 d3 d4 d5",
        ),
        # The second of three that went into one waits for a decision itself: it was removed for that alone.
        (
            ABC,
            1,
            [merges(2, 3), merges(1, 2)],
            [says(1, "x a0 a1 a2"), says(2, "x b0 b1 b2")],
            {1: "theirs", 2: "mine"},
            "x a0 a1 a2|b0 b1 b2 c0 c1 c2|d0 d1 d2",
        ),
        # So it is for a word out of a segment of which another cue waits.
        (
            ABC,
            2,
            [carries(3, 2), says(4, "new")],
            [says(2, "b0 x"), says(4, "y")],
            {2: "theirs", 4: "mine"},
            "a0 a1 a2|b0 x|c0 c1 c2|new",
        ),
        # The same where it is the other that was decided first.
        (
            ABC,
            1,
            [carries(3, 2)],
            [merges(2, 3)],
            {3: "mine", 2: "theirs"},
            "a0 a1 a2|b0 b1 b2 c0|c1 c2|d0 d1 d2",
        ),
        (
            ABC,
            4,
            [merges(1, 2)],
            [carries(2, 1)],
            {1: "mine", 2: "theirs"},
            "a0 a1 a2 b0|b1 b2|c0 c1 c2|d0 d1 d2",
        ),
        (
            ABC,
            4,
            [carries(3, 4)],
            [carries(3, 4), says(3, "c0 x")],
            {3: "theirs"},
            "a0 a1 a2|b0 b1 b2|c0 x|c2 d0 d1 d2",
        ),
        # A part without words stays beside what was joined to another here.
        (
            ABC,
            1,
            [merges(3, 4)],
            [splits(4, 0)],
            {4: "theirs"},
            "a0 a1 a2|b0 b1 b2|c0 c1 c2||d0 d1 d2",
        ),
        (
            ABC,
            1,
            [merges(3, 4)],
            [splits(4, 1)],
            {4: "theirs"},
            "a0 a1 a2|b0 b1 b2|c0 c1 c2|d0|d1 d2",
        ),
        # Two of a segment went into a third, one by one.
        (
            ABC,
            2,
            [merges(2, 3), merges(2, 4)],
            [says(2, "x b0 b1 b2")],
            {2: "theirs"},
            "a0 a1 a2|x b0 b1 b2|c0 c1 c2|d0 d1 d2",
        ),
        # Cut, and joined to the next, where something was typed.
        (
            ABC,
            1,
            [says(4, "new")],
            [carries(3, 4, 2), says(4, "x c1 c2 d0 d1 d2")],
            {4: "mine"},
            "a0 a1 a2|b0 b1 b2|c0 c1 c2|new",
        ),
        # What went was in a segment of which another cue was decided before.
        (
            ABC,
            2,
            [says(2, "b0"), says(4, "x d0 d1 d2")],
            [merges(2, 3), says(4, "y d0 d1 d2")],
            {4: "mine", 2: "mine"},
            "a0 a1 a2|b0|c0 c1 c2|x d0 d1 d2",
        ),
        # Of a chain the middle is decided first.
        (
            ABC,
            1,
            [merges(2, 3), merges(1, 2)],
            [carries(2, 1)],
            {2: "theirs", 1: "theirs"},
            "a0 a1 a2 b0|b1 b2|c0 c1 c2|d0 d1 d2",
        ),
        # Words with tags between them are followed like others.
        (
            ("a0 a1", "<i>b0 b1 b2</i>", "c0", "d0"),
            1,
            [says(1, "a0 new")],
            [carries(2, 1), says(2, "b1 new</i>")],
            {1: "mine"},
            "a0 new|b0 b1 new</i>|c0|d0",
        ),
    ],
    ids=[
        "all else of a segment goes",
        "the rest of what gave a word was typed over",
        "several say that word",
        "carried to an empty cue",
        "joined, and most of it typed over",
        "joined here, a word carried to the same cue there",
        "carried alike",
        "typed, and carried on",
        "cut off, and carried on",
        "joined and cut elsewhere",
        "joined there, carried to it here",
        "a chain, of which the middle waits",
        "carried, and the segment waits",
        "carried to what it was joined to there",
        "joined here, and carried there, within a segment",
        "carried alike within a segment",
        "cut there, where nothing is left of it",
        "joined here, cut there",
        "one after the other into a third",
        "typed where a word came to",
        "joined from a segment that was decided before",
        "a chain, of which the middle is decided first",
        "tags",
    ],
)
def test_what_is_left(
    texts: tuple[str, ...],
    several: int,
    here: list[Act],
    there: list[Act],
    choices: dict[int, str],
    after: str,
) -> None:
    assert "|".join(left(texts, several, here, there, choices)) == after


@pytest.mark.parametrize(
    ("several", "there", "choices", "third"),
    [
        (2, says(4, "x d0 d1 d2"), {4: "mine"}, "c0 c1 c2"),
        (1, says(3, "c0 c1 x"), {}, "c0 c1 x"),
        (2, says(3, "c0 c1 x"), {}, "c0 c1 x"),
    ],
    ids=["another cue", "the very cue", "the very cue, beside another that was edited"],
)
def test_a_word_that_others_take_from_its_new_place_comes_back_to_what_waits_for_a_decision(
    several: int, there: Act, choices: dict[int, str], third: str
) -> None:
    """A colleague sees it twice, and takes it away where it was new. Where nothing else was in conflict on a
    cue that has its word again, nothing is left to decide."""
    here, meanwhile = [carries(3, 2), says(4, "new")], [says(2, "b0 b1 b2")]
    texts = left(ABC, several, here, [there], choices, meanwhile)
    assert texts == ["a0 a1 a2", "b0 b1 b2", third, "new"]
