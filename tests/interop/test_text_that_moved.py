"""Text that an edit moved into a cue, and the cue is decided to say something without it: it is where it came
from again, in the same step, on the server and on every desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.desks import Screen, desk, published
from tests.interop.odd_backends import Shelf
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import Place, place_on
from tests.interop.test_order_in_a_segment import Scenes
from tests.server_process import ServerProcess

FIRST, SECOND, THIRD = "first words", "second words", "third words"
OTHERS = "second things"


@pytest.fixture
def shelf() -> Iterator[FilterShape]:
    yield from closing(FilterShape())


def words(shelf: FilterShape) -> list[str]:
    return sorted(row["words"] for row in shelf.documents.values())


Act = Callable[[Screen], object]


def merge(*rows: int) -> Act:
    return lambda at: at.desk.merge([at.id(row) for row in rows])


def says(row: int, text: str) -> Act:
    return lambda at: at.desk.set_text(at.id(row), text)


def removes(row: int) -> Act:
    return lambda at: at.desk.remove([at.id(row)])


def carries(at: Screen) -> None:
    with at.desk.group("Carry"):
        at.desk.set_text(at.id(1), "second")
        at.desk.set_text(at.id(2), "words third words")


@asynccontextmanager
async def in_conflict(
    shelf: Shelf, folder: Path, here: Act, there: Act, *, restarted: bool = False
) -> AsyncIterator[tuple[Screen, Screen]]:
    """A desk that did something offline which a colleague's saved edit is in conflict with."""
    place: Place = place_on(shelf, folder)
    journal = folder / "film.vttproj"
    async with place.desk() as yours:
        async with place.desk(journal=journal) as mine:
            mine.desk.offline = True
            here(mine)
            there(yours)
            await yours.sync()
            mine.desk.offline = False
            await mine.sync()
            assert mine.desk.conflicts
            if not restarted:
                yield mine, yours
        if restarted:
            async with place.desk(journal=journal) as mine:
                yield mine, yours


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize(
    ("here", "there", "left"),
    [
        (merge(1, 2), says(1, OTHERS), [FIRST, OTHERS, THIRD]),
        (merge(0, 1, 2), says(0, OTHERS), [OTHERS, SECOND, THIRD]),
        (merge(1, 2), removes(1), [FIRST, THIRD]),
        (carries, says(2, "third things"), [FIRST, SECOND, "third things"]),
    ],
    ids=["merge", "merge of three", "merge against a removal", "carried word"],
)
async def test_what_theirs_does_not_hold_comes_back(
    here: Act, there: Act, left: list[str], restarted: bool, shelf: FilterShape, tmp_path: Path
) -> None:
    async with in_conflict(shelf, tmp_path, here, there, restarted=restarted) as (mine, yours):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert mine.texts == left
        assert any("came back: its text was to go into" in line.words for line in mine.session.sync.log)
        await mine.sync()
        await yours.sync()
        assert words(shelf) == sorted(left)
        assert yours.texts == left
        assert mine.session.sync.summary.waiting == 0


async def test_characters_carried_over_in_a_script_without_blanks_come_back(
    shelf: FilterShape, tmp_path: Path
) -> None:
    def writes(at: Screen) -> None:
        with at.desk.group("Carry"):
            at.desk.set_text(at.id(1), "今天")
            at.desk.set_text(at.id(2), "天氣好我們走")

    for key, text in zip(sorted(shelf.documents), (FIRST, "今天天氣", "好我們走"), strict=True):
        shelf.write(key, {**shelf.documents[key], "words": text})
    async with in_conflict(shelf, tmp_path, writes, says(2, "好我們去")) as (mine, yours):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert mine.texts == [FIRST, "今天天氣", "好我們去"]
        await mine.sync()
        await yours.sync()
        assert yours.texts == mine.texts


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_went_on_from_a_cue_comes_back_from_there(
    restarted: bool, shelf: FilterShape, tmp_path: Path
) -> None:
    """The third was joined to the second, and both to the first; theirs carried a word between these two."""

    def joins(at: Screen) -> None:
        merge(1, 2)(at)
        merge(0, 1)(at)

    def carries_back(at: Screen) -> None:
        with at.desk.group("Carry"):
            at.desk.set_text(at.id(1), "words")
            at.desk.set_text(at.id(0), f"{FIRST} second")

    async with in_conflict(shelf, tmp_path, joins, carries_back, restarted=restarted) as (mine, yours):
        while mine.desk.conflicts:
            mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        left = [f"{FIRST} second", "words", THIRD]
        assert mine.texts == left
        await mine.sync()
        await yours.sync()
        assert words(shelf) == sorted(left) and yours.texts == left


async def test_a_cue_that_was_stretched_over_it_is_not_any_more(shelf: FilterShape, tmp_path: Path) -> None:
    async with in_conflict(shelf, tmp_path, merge(1, 2), says(1, OTHERS)) as (mine, _):
        times = [(1000, 2000), (3000, 4000), (5000, 6000)]
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert [(cue.start, cue.end) for cue in mine.desk.cues] == times


async def test_what_comes_back_before_it_was_gone_holds_nobody_up(shelf: FilterShape, tmp_path: Path) -> None:
    def here(at: Screen) -> None:
        at.desk.split(at.id(1), at_char=7)
        at.desk.set_text(at.id(3), "THIRD")

    def there(at: Screen) -> None:
        at.desk.set_text(at.id(1), OTHERS)
        with at.desk.group("Join"):
            at.desk.set_times(at.id(2), 3000, 6000)
            at.desk.set_text(at.id(2), "third words words")

    async with in_conflict(shelf, tmp_path, here, there) as (mine, _):
        first, second = mine.desk.conflicts
        mine.desk.resolve(first.id, "theirs")  # the part that was cut off goes
        assert mine.texts == [FIRST, OTHERS, "THIRD"]
        mine.desk.resolve(second.id, "mine")  # and comes back: theirs had joined it to this one
        assert sorted(mine.texts) == sorted([FIRST, OTHERS, "words", "THIRD"])
        await mine.sync()
        assert words(shelf) == sorted(mine.texts) and mine.session.sync.summary.waiting == 0


async def test_it_is_one_step_to_undo(shelf: FilterShape, tmp_path: Path) -> None:
    async with in_conflict(shelf, tmp_path, merge(1, 2), says(1, OTHERS)) as (mine, yours):
        merged = mine.texts
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        mine.desk.undo()
        assert mine.texts == merged
        await mine.sync()
        await yours.sync()
        assert words(shelf) == sorted(merged)
        assert yours.texts == merged


@pytest.mark.parametrize("composed", ["", "second things\nthird words"])
async def test_what_the_choice_holds_does_not_come_back(
    composed: str, shelf: FilterShape, tmp_path: Path
) -> None:
    async with in_conflict(shelf, tmp_path, merge(1, 2), says(1, OTHERS)) as (mine, _):
        conflict = mine.desk.conflicts[0]
        assert conflict.mine is not None
        text = composed or conflict.mine.text
        mine.session.resolve(conflict.id, conflict.mine.with_(text=text))
        assert mine.texts == [FIRST, text]
        await mine.sync()
        assert words(shelf) == sorted([FIRST, text])


async def test_what_was_typed_since_where_a_word_was_taken_stays(shelf: FilterShape, tmp_path: Path) -> None:
    def here(at: Screen) -> None:
        carries(at)
        at.desk.set_text(at.id(1), "second of all")

    async with in_conflict(shelf, tmp_path, here, says(2, "third things")) as (mine, yours):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert mine.texts == [FIRST, "second words of all", "third things"]
        await mine.sync()
        await yours.sync()
        assert words(shelf) == sorted(mine.texts) and yours.texts == mine.texts


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_typed_before_it_was_joined_comes_back(
    restarted: bool, shelf: FilterShape, tmp_path: Path
) -> None:
    def here(at: Screen) -> None:
        at.desk.set_text(at.id(2), "third things")
        at.desk.merge([at.id(1), at.id(2)])

    async with in_conflict(shelf, tmp_path, here, says(1, OTHERS), restarted=restarted) as (mine, _):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert mine.texts == [FIRST, OTHERS, "third things"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_cue_that_nobody_else_knew_comes_back_too(
    restarted: bool, shelf: FilterShape, tmp_path: Path
) -> None:
    def here(at: Screen) -> None:
        at.desk.insert(after=at.id(1), start=4100, end=4900, text="a new one")
        at.desk.merge([at.id(1), at.id(2)])

    async with in_conflict(shelf, tmp_path, here, says(1, OTHERS), restarted=restarted) as (mine, yours):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        assert mine.texts == [FIRST, OTHERS, "a new one", THIRD]
        await mine.sync()
        await yours.sync()
        assert yours.texts == mine.texts


@pytest.fixture
def scenes() -> Iterator[Scenes]:
    yield from closing(Scenes())


@pytest.mark.parametrize(
    ("here", "left"),
    [
        (merge(0, 1), ["ONE", "two", "three", "four"]),
        (merge(0, 1, 2), ["ONE", "two", "three", "four"]),
    ],
    ids=["merge", "merge of three"],
)
async def test_within_one_segment_too(here: Act, left: list[str], scenes: Scenes, tmp_path: Path) -> None:
    async with in_conflict(scenes, tmp_path, here, says(0, "ONE")) as (mine, yours):
        before = [(cue.start, cue.end) for cue in yours.desk.cues]
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        await mine.sync()
        await yours.sync()
        assert mine.texts[:4] == yours.texts[:4] == left
        assert [(cue.start, cue.end) for cue in mine.desk.cues] == before


async def test_many_are_decided_at_once(shelf: FilterShape, tmp_path: Path) -> None:
    def both(at: Screen) -> None:
        at.desk.set_text(at.id(0), "first things")
        at.desk.set_text(at.id(1), OTHERS)

    def merged(at: Screen) -> None:
        at.desk.set_text(at.id(0), "first of all")
        at.desk.merge([at.id(1), at.id(2)])

    async with in_conflict(shelf, tmp_path, merged, both) as (mine, yours):
        for conflict in list(mine.desk.conflicts):
            mine.desk.resolve(conflict.id, "theirs")
        await mine.sync()
        await yours.sync()
        assert mine.texts == yours.texts == ["first things", OTHERS, THIRD]
        assert words(shelf) == sorted(mine.texts)


async def test_a_cue_that_a_decision_puts_at_another_time_goes_to_its_place(
    shelf: FilterShape, tmp_path: Path
) -> None:
    """Where cues stand by their times: as on every other desk."""

    def there(at: Screen) -> None:
        at.desk.set_text(at.id(1), OTHERS)
        at.desk.set_times(at.id(1), 23000, 24000)

    async with in_conflict(shelf, tmp_path, says(1, "mine"), there) as (mine, yours):
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs")
        await mine.sync()
        assert mine.texts == yours.texts == [FIRST, THIRD, OTHERS]


@pytest.mark.parametrize("here", [True, False])
async def test_a_comment_that_was_joined_is_not_said_twice(
    here: bool, own: ServerProcess, tmp_path: Path
) -> None:
    """The comment before the third cue goes with it, there and back."""
    url = await published(tmp_path, own.url, own.token, project=f"comment-{here}")
    async with desk(url, token=own.token) as mine, desk(url, token=own.token) as yours:
        before = mine.values
        mine.desk.offline = True
        (merge(1, 2) if here else says(1, OTHERS))(mine)
        (says(1, OTHERS) if here else merge(1, 2))(yours)
        await yours.sync()
        mine.desk.offline = False
        await mine.sync()
        mine.desk.resolve(mine.desk.conflicts[0].id, "theirs" if here else "mine")
        await mine.sync()
        await yours.sync()
        assert mine.values == yours.values
        assert mine.texts[1:3] == [OTHERS, THIRD]
        assert [value[-1] for value in mine.values] == [value[-1] for value in before]
