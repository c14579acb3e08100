"""An edit of several segments of which the server refuses one: no words are taken from it that it has not got
in their new place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from vtt_desktop.domain.edit import CueChange, Edit


class StrictShape(FilterShape):
    """Refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.refused = ""
        self.saved: list[str] = []
        """The words that were saved, in order."""
        super().__init__()

    @property
    def words(self) -> list[str]:
        return [row["words"] for row in self.documents.values()]

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Said:
        if method == self.refused:
            said = say(422, {"message": "too long"})
        else:
            said = super().route(method, path, query, headers, body)
        if method == "PATCH" and said[0] == 200:
            self.saved += [words for key, words in json.loads(body).items() if key == "words"]
        return said


@pytest.fixture
def shelf() -> Iterator[StrictShape]:
    yield from closing(StrictShape())


async def test_a_merge_that_is_refused_removes_nothing(shelf: StrictShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.refused = "PATCH"
        merged = mine.id(0)
        mine.desk.merge([merged, mine.id(1)])
        await mine.sync()
        await mine.sync()
        assert mine.desk.status(merged) == "refused"
        assert mine.session.sync.summary.waiting == 1  # the removal
        assert shelf.words == ["first words", "second words", "third words"]
        shelf.refused = ""
        mine.desk.set_text(merged, "first words second words")
        await mine.sync()
        assert shelf.words == ["first words second words", "third words"]
        assert mine.session.sync.summary.waiting == 0


async def test_a_split_whose_half_is_refused_shortens_nothing(shelf: StrictShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.refused = "POST"
        whole = mine.id(0)
        half = mine.desk.split(whole, at_char=6, at_ms=1500)
        await mine.sync()
        assert shelf.words == ["first words", "second words", "third words"]
        assert mine.desk.status(half) == "refused"
        assert mine.desk.status(whole) == "dirty"
        assert "other part" in mine.session.sync.detail(whole)
        shelf.refused = ""
        mine.desk.set_text(half, "word")
        await mine.sync()
        assert sorted(shelf.words) == ["first", "second words", "third words", "word"]
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}


@pytest.mark.parametrize("removed_first", [False, True])
async def test_words_put_elsewhere_by_several_edits_in_one_step_are_kept_until_they_are_saved_there(
    shelf: StrictShape, tmp_path: Path, removed_first: bool
) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.refused = "PATCH"
        kept, gone = mine.id(0), mine.id(1)
        with mine.desk.group("Merge by hand"):
            if removed_first:
                mine.desk.remove(gone)
            mine.desk.set_text(kept, "first words second words")
            if not removed_first:
                mine.desk.remove(gone)
        await mine.sync()
        assert mine.desk.status(kept) == "refused"
        assert shelf.words == ["first words", "second words", "third words"]
        shelf.refused = ""
        mine.desk.set_text(kept, "first and second")
        await mine.sync()
        assert shelf.words == ["first and second", "third words"]


async def test_a_word_carried_to_the_next_cue_leaves_the_first_when_it_is_saved_there(
    shelf: StrictShape, tmp_path: Path
) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        cues = mine.session.document.snapshot.cues
        first, second = cues[0], cues[1]
        carried = (
            CueChange(first, first.with_(text="first")),
            CueChange(second, second.with_(text="words second words")),
        )
        mine.session.submit(Edit("Carry the last word over", carried))
        await mine.sync()
        assert shelf.words == ["first", "words second words", "third words"]
        assert shelf.saved[-2:] == ["words second words", "first"]


async def test_an_undo_ends_the_wait(shelf: StrictShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.refused = "PATCH"
        mine.desk.merge([mine.id(0), mine.id(1)])
        await mine.sync()
        mine.desk.undo()
        shelf.refused = ""
        await mine.sync()
        assert mine.session.sync.summary.waiting == 0
        mine.desk.remove(mine.id(1))  # alone, it waits for nobody
        await mine.sync()
        assert shelf.words == ["first words", "third words"]


async def test_what_moved_and_moved_back_waits_for_nobody(shelf: StrictShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        mine.desk.offline = True
        first = mine.id(0)
        half = mine.desk.split(first, at_char=6, at_ms=1500)
        mine.desk.merge([first, half])
        half = mine.desk.split(first, at_char=3, at_ms=1500)
        mine.desk.merge([half, mine.id(2)])
        mine.desk.offline = False
        await mine.sync()
        assert sorted(shelf.words) == sorted(mine.texts)
        assert mine.session.sync.summary.waiting == 0


async def test_text_that_comes_back_from_a_new_cue_leaves_the_split_waiting(
    shelf: StrictShape, tmp_path: Path
) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        mine.desk.offline = True
        whole = mine.id(0)
        half = mine.desk.split(whole, at_char=6, at_ms=1500)
        cues = mine.session.document.snapshot
        kept, gone = cues.cues.get(half), cues.cues.get(whole)
        joined = (
            CueChange(kept, kept.with_(text="first words")),
            CueChange(gone, None, cues.follows(whole)),
        )
        mine.session.submit(Edit("Join", joined))
        mine.desk.undo()
        shelf.refused = "POST"
        mine.desk.offline = False
        await mine.sync()
        assert shelf.words == ["first words", "second words", "third words"]
        assert mine.desk.status(half) == "refused"
        assert mine.desk.status(whole) == "dirty"
        shelf.refused = ""
        mine.desk.set_text(half, "word")
        await mine.sync()
        assert sorted(shelf.words) == ["first", "second words", "third words", "word"]
        assert mine.session.sync.summary.waiting == 0


async def test_the_order_holds_over_a_restart(shelf: StrictShape, tmp_path: Path) -> None:
    place, journal = place_on(shelf, tmp_path), tmp_path / "film.vttproj"
    async with place.desk(journal=journal) as mine:
        mine.desk.offline = True
        mine.desk.merge([mine.id(0), mine.id(1)])
    shelf.refused = "PATCH"
    async with place.desk(journal=journal) as mine:
        mine.desk.offline = False
        await mine.sync()
        assert shelf.words == ["first words", "second words", "third words"]
    shelf.refused = ""
    async with place.desk(journal=journal) as mine:
        mine.desk.set_text(mine.id(0), "both")
        await mine.sync()
        assert shelf.words == ["both", "third words"]
