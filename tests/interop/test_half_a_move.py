"""Text that an edit moved stands twice on the server until the second of its two writes is there. A colleague
who takes away what stands twice meanwhile takes the one that was to stay: then the other comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fault_proxy import Exchange, drop_request, through
from tests.interop.backend_stories import settled
from tests.interop.bad_lines import Shared
from tests.interop.desks import Screen
from vtt_desktop.domain.edits_back import put_back

FIRST, SECOND = "first words", "second words"
Act = Callable[[Screen], object]


def splits(at: Screen) -> None:
    at.desk.split(at.id(0), at_char=6)


def merges(at: Screen) -> None:
    at.desk.merge([at.id(0), at.id(1)])


def carries(at: Screen) -> None:
    with at.desk.group("Carry"):
        at.desk.set_text(at.id(0), "first")
        at.desk.set_text(at.id(1), "words second words")


@pytest.mark.parametrize("sends_first", [False, True])
@pytest.mark.parametrize(
    ("here", "there", "method"),
    [
        (splits, lambda at: at.desk.remove(at.id(1)), "PATCH"),
        (merges, lambda at: at.desk.set_text(at.id(0), FIRST), "DELETE"),
        (carries, lambda at: at.desk.set_text(at.id(1), SECOND), "PATCH"),
    ],
    ids=["split", "merge", "carried word"],
)
async def test_it_is_somewhere_in_the_end(
    film: Shared, here: Act, there: Act, method: str, sends_first: bool
) -> None:
    async with film.far() as mine, film.near() as other:
        giver = mine.session.sync.key_of(mine.id(1 if method == "DELETE" else 0)) or ""

        async def lost(exchange: Exchange) -> None:
            if exchange.method != method or not exchange.path.endswith(giver):
                await through(exchange)
                return
            mine.desk.offline = True  # the lid is closed
            await drop_request(exchange)

        film.proxy.always("*", lost)
        here(mine)
        await mine.sync()
        assert mine.desk.offline
        await other.sync()
        there(other)
        await other.sync()
        film.proxy.clear()
        mine.desk.offline = False
        if sends_first:
            await mine.session.engine.settle()
        await settled(mine)
        await other.sync()
        assert mine.texts == other.texts == [FIRST, SECOND]
        assert any("It came back" in line.words for line in mine.session.sync.log)
        mine.desk.undo()
        assert mine.texts != [FIRST, SECOND], "a step of its own"


async def test_who_joined_a_cue_that_a_colleague_removes_is_told(film: Shared) -> None:
    async with film.far() as mine, film.near() as other:
        mine.desk.offline = True
        merges(mine)
        other.desk.remove(other.id(1))
        await other.sync()
        mine.desk.offline = False
        await settled(mine)
        await other.sync()
        assert mine.texts == other.texts == [f"{FIRST}\n{SECOND}"], "nothing is lost"
        (line,) = (line for line in mine.session.sync.log if "Someone removed what was joined" in line.words)
        assert line.replaced is not None
        snapshot = mine.session.document.snapshot
        mine.session.submit(put_back(snapshot, line.replaced.before, line.replaced.after))
        await mine.sync()
        await other.sync()
        assert mine.texts == other.texts == [FIRST]


async def test_who_joined_a_cue_that_nobody_else_removes_is_told_nothing(film: Shared) -> None:
    async with film.near() as mine:
        merges(mine)
        await mine.sync()
        assert mine.session.sync.summary.waiting == 0
        assert [line.words for line in mine.session.sync.log if "Someone" in line.words] == []
