"""A backend that tells what changed behind a link: the link is kept, and asked as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.desks import Screen
from tests.interop.link_backends import DeltaShape
from tests.interop.shapes import place_on
from vtt_desktop.sync import feed


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeltaShape]:
    monkeypatch.setattr(feed, "CHECK_SHARE", 10**9)  # else each sync of so few cues looks at all of them
    yield from closing(DeltaShape())


async def caught_up(screen: Screen) -> None:
    """Syncs, and once more: at the first time everything is looked at, and the list tells no link."""
    await screen.sync()
    await screen.sync()


async def test_the_probe_hears_of_a_save_and_of_a_removal(shelf: DeltaShape, tmp_path: Path) -> None:
    marks = (await probed(place_on(shelf, tmp_path)))["marks"]
    assert (marks["changes"], marks["changes-removal"]) == ("good", "good")


async def test_what_changes_is_heard_by_the_link_of_the_last_page(shelf: DeltaShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine, place_on(shelf, tmp_path).desk() as other:
        await caught_up(mine)
        known = len(shelf.log)
        other.desk.set_text(other.id(0), "theirs")
        other.desk.remove(other.id(2))
        other.desk.insert(after=other.id(1), start=4100, end=4900, text="new")
        await other.sync()
        shelf.asked.clear()
        await mine.sync()
        assert shelf.asked[0] == f"{known}"
        assert mine.texts == ["theirs", "second words", "new"]
        shelf.asked.clear()
        await mine.sync()
        assert set(shelf.asked) == {f"{len(shelf.log)}"}


async def test_a_link_lives_on_in_the_journal(shelf: DeltaShape, tmp_path: Path) -> None:
    place, journal = place_on(shelf, tmp_path), tmp_path / "film.vttproject"
    async with place.desk(journal=journal) as mine:
        await caught_up(mine)
    shelf.asked.clear()
    async with place.desk(journal=journal) as mine:
        await caught_up(mine)
        assert set(shelf.asked) == {f"{len(shelf.log)}"}


async def test_a_look_at_everything_forgets_no_link(
    shelf: DeltaShape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        await caught_up(mine)
        monkeypatch.setattr(feed, "CHECK_SHARE", 0)
        await mine.sync()
        monkeypatch.setattr(feed, "CHECK_SHARE", 10**9)
        shelf.asked.clear()
        await mine.sync()
        assert set(shelf.asked) == {f"{len(shelf.log)}"}


async def test_a_link_that_means_nothing_any_more_is_no_loss(shelf: DeltaShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine, place_on(shelf, tmp_path).desk() as other:
        await caught_up(mine)
        other.desk.set_text(other.id(0), "theirs")
        await other.sync()
        shelf.forgotten = len(shelf.log)
        await mine.sync()
        assert mine.texts[0] == "theirs"


async def test_a_removal_of_what_nobody_here_knew_does_not_send_the_link_back_to_the_beginning(
    shelf: DeltaShape, tmp_path: Path
) -> None:
    shelf.log.append("9")  # made and removed before anybody here looked
    async with place_on(shelf, tmp_path).desk() as mine:
        await caught_up(mine)
        shelf.asked.clear()
        await mine.sync()
        assert set(shelf.asked) == {f"{len(shelf.log)}"}
