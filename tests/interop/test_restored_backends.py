"""Other people's backends put back from an older copy: no feed of ours tells it, only what they show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place, probed
from tests.interop.desks import Screen, desk
from tests.interop.odd_backends import Shelf
from tests.interop.record_backends import FilterShape
from tests.interop.reference_process import ReferenceProcess
from tests.interop.shapes import place_on
from tests.interop.test_removed_while_away import ToldShape
from vtt_desktop.sync.body import ConflictKind
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link

TEXTS = {
    "a": "00:00:01.000 --> 00:00:02.000\nfirst\n",
    "b": "00:00:03.000 --> 00:00:04.000\nsecond\n",
}


@pytest.fixture
def reference(tmp_path: Path) -> Iterator[ReferenceProcess]:
    one = ReferenceProcess(tmp_path, TEXTS)
    yield one
    one.stop()


def restored(server: ReferenceProcess, kept: str) -> None:
    server.stop()
    server.store.write_text(kept, "utf-8")
    server.start()


async def saved(mine: Screen, text: str = "SAVED") -> None:
    mine.desk.set_text(mine.id(0), text)
    await mine.sync()
    assert mine.desk.status(mine.id(0)) == "synced"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize("dirty", [False, True], ids=["met by a look", "met by a 412"])
async def test_where_versions_are_hashes_what_was_saved_here_is_asked_about(
    reference: ReferenceProcess, dirty: bool, choice: str
) -> None:
    """A hash is the same again when the text is: somebody may have put it back, or a backup was."""
    async with desk(f"{reference.url}/vtt/a,b") as mine:
        kept = reference.store.read_text("utf-8")
        await saved(mine)
        restored(reference, kept)
        if dirty:
            mine.desk.set_times(mine.id(0), 1100, 2000)
        await mine.sync()
        assert mine.texts == ["SAVED", "second"] and mine.desk.setback == ""
        (found,) = mine.desk.conflicts
        assert found.kind is ConflictKind.TAKEN_BACK
        mine.desk.resolve(found.id, choice)
        await mine.sync()
        assert mine.texts[0] == ("SAVED" if choice == "mine" else "first") and not mine.desk.conflicts
        assert mine.texts[0] in reference.segments["a"]


async def test_it_is_asked_about_by_the_next_start_too(reference: ReferenceProcess, tmp_path: Path) -> None:
    project = tmp_path / "film.vttproj"
    kept = reference.store.read_text("utf-8")
    async with desk(f"{reference.url}/vtt/a,b", journal=project) as mine:
        await saved(mine)
    restored(reference, kept)
    async with desk(str(project), journal=project) as mine:
        await mine.sync()
        assert mine.texts == ["SAVED", "second"] and len(mine.desk.conflicts) == 1


async def test_a_colleague_may_put_their_own_text_back(reference: ReferenceProcess) -> None:
    async with desk(f"{reference.url}/vtt/a,b") as mine, desk(f"{reference.url}/vtt/a,b") as other:
        await saved(other, "theirs")
        await mine.sync()
        assert mine.texts[0] == "theirs"
        assert other.desk.undo()
        await other.sync()
        await mine.sync()
        assert mine.texts[0] == "first" and not mine.desk.conflicts and mine.desk.setback == ""


class CopiedShape(FilterShape):
    """Revisions by a number that grows; a copy of all of it can be put back."""

    def copy(self) -> tuple[dict[str, object], dict[str, int]]:
        return dict(self.documents), dict(self.revisions)

    def put_back(self, copy: tuple[dict[str, object], dict[str, int]]) -> None:
        with self.lock:
            self.documents, self.revisions = dict(copy[0]), dict(copy[1])


def once(shelf: Shelf, folder: Path) -> Place:
    """The shelf by a profile that says that no version comes back."""
    place = place_on(shelf, folder)
    path = Path(place.profile)
    text = textwrap.dedent(path.read_text("utf-8")).replace("[item]", '[item]\nversions = "once"')
    path.write_text(text, "utf-8")
    return place


@pytest.fixture
def shelf() -> Iterator[CopiedShape]:
    yield from closing(CopiedShape())


@pytest.mark.parametrize("dirty", [False, True], ids=["met by a look", "met by a 412"])
async def test_where_no_version_comes_back_one_that_does_halts(
    shelf: CopiedShape, tmp_path: Path, dirty: bool
) -> None:
    """And with it nothing that was made since the copy is taken for removed."""
    async with once(shelf, tmp_path).desk() as mine, once(shelf, tmp_path).desk() as other:
        copy = shelf.copy()
        await saved(mine)
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="INSERTED")
        await mine.sync()
        await other.sync()
        shelf.put_back(copy)
        if dirty:
            mine.desk.set_times(mine.id(0), 1100, 2000)
        for one in (mine, other):
            await one.sync()
            assert one.session.sync.setback is Setback.OLDER and one.session.sync.link is Link.READ_ONLY
            assert one.texts[:2] == ["SAVED", "INSERTED"] and not one.desk.conflicts
        await mine.desk.decide_setback("mine")
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"} and mine.desk.cue(new)
        assert shelf.documents["a"]["words"] == "SAVED" and len(shelf.documents) == 4


async def test_the_probe_finds_out_whether_that_is_right(
    shelf: CopiedShape, reference: ReferenceProcess, tmp_path: Path
) -> None:
    found = await probed(once(shelf, tmp_path), scratch="a")
    assert found["marks"]["revert"] == "good"
    hashes = tmp_path / "hashes.toml"
    hashes.write_text('name = "Hashes"\n[item]\nversions = "once"\n', "utf-8")
    found = await probed(Place(str(hashes), reference.url), scratch="a")
    assert found["marks"]["revert"] == "bad"


async def test_it_is_let_go_when_the_newer_state_is_there_again(shelf: CopiedShape, tmp_path: Path) -> None:
    async with once(shelf, tmp_path).desk() as mine:
        older = shelf.copy()
        await saved(mine)
        newer = shelf.copy()
        shelf.put_back(older)
        await mine.sync()
        assert mine.session.sync.setback is Setback.OLDER
        shelf.write("a", {**shelf.documents["a"], "words": "theirs"})
        await mine.sync()  # the version that told it is not there any more, and what it lost is not back
        assert mine.session.sync.setback is Setback.OLDER and mine.texts[0] == "SAVED"
        shelf.put_back(newer)
        await mine.sync()
        assert mine.desk.setback == "" and mine.texts[0] == "SAVED" and mine.desk.link == "online"


async def test_a_collection_that_holds_none_of_ours_any_more(shelf: CopiedShape, tmp_path: Path) -> None:
    """Wiped, and something else put into it."""
    async with place_on(shelf, tmp_path).desk() as mine:
        await saved(mine)
        shelf.put_back(({"z": {"words": "else", "begin": 0, "finish": 900}}, {"z": 99}))
        await mine.sync()
        assert mine.session.sync.setback is Setback.ANOTHER
        assert mine.texts == ["SAVED", "second words", "third words"]


class FeedShape(ToldShape):
    """With a feed of changes by a number, and no marks."""

    def put_back(self, documents: dict[str, object], revisions: dict[str, int], log: list[str]) -> None:
        with self.lock:
            self.documents, self.revisions, self.log = dict(documents), dict(revisions), [*log]


async def test_a_feed_that_ends_before_our_position(tmp_path: Path) -> None:
    """A 412 meets it first; the feed is asked before anything is made of what was read."""
    for shelf in closing(FeedShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            await saved(mine)
            kept = (dict(shelf.documents), dict(shelf.revisions), [*shelf.log])
            await saved(mine, "SAVED again")
            shelf.put_back(*kept)
            mine.desk.set_times(mine.id(0), 1100, 2000)
            assert mine.session.engine is not None
            await mine.session.engine.settle()
            assert mine.session.sync.setback is Setback.OLDER
            assert mine.texts[0] == "SAVED again" and not mine.desk.conflicts
