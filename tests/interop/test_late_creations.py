"""A creation that a network held back, and that arrives after its cue was removed here: no backend remembers
ids of writes for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on

START = ["first words", "second words", "third words"]


class SlowShape(FilterShape):
    """Keeps what shall be made for later and says that it does not know; when asked again, not now."""

    def __init__(self) -> None:
        self.full = False
        """Whether saves are refused."""
        self.held: list[tuple[str, dict[str, str], dict[str, str], bytes]] | None = None
        super().__init__()

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Said:
        if method == "POST" and self.held is not None:
            self.held.append((path, query, headers, body))
            return (
                say(500, {"message": "who knows"}) if len(self.held) == 1 else say(422, {"message": "busy"})
            )
        if method == "PATCH" and self.full:
            return say(422, {"message": "too long"})
        return super().route(method, path, query, headers, body)

    def deliver(self) -> None:
        """What was held back arrives."""
        held, self.held = self.held or [], None
        for path, query, headers, body in held[:1]:
            super().route("POST", path, query, headers, body)

    @property
    def words(self) -> list[str]:
        return [row["words"] for row in self.documents.values()]


@pytest.fixture
def shelf() -> Iterator[SlowShape]:
    yield from closing(SlowShape())


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_removed_cue_stays_removed(shelf: SlowShape, tmp_path: Path, restarted: bool) -> None:
    place, journal = place_on(shelf, tmp_path), tmp_path / "film.vttproj"
    async with place.desk(journal=journal) as mine:
        shelf.held = []
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="late")
        await mine.sync()
        mine.desk.remove(new)
        await mine.sync()
        assert shelf.held and mine.texts == START
        if not restarted:
            shelf.deliver()
            assert shelf.words == [*START, "late"]
            await mine.sync()
            assert mine.texts == START and shelf.words == START
    if restarted:
        shelf.deliver()
        async with place.desk(journal=journal) as mine:
            await mine.sync()
            assert mine.texts == START and shelf.words == START


async def test_what_somebody_made_of_it_since_is_shown(shelf: SlowShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.held = []
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="late")
        await mine.sync()
        mine.desk.remove(new)
        await mine.sync()
        shelf.deliver()
        (made,) = set(shelf.documents) - set("abc")
        shelf.write(made, {**shelf.documents[made], "words": "late, and better"})
        await mine.sync()
        assert mine.texts == ["first words", "late, and better", "second words", "third words"]
        assert "late, and better" in shelf.words


async def test_what_was_merged_into_another_cue_stays_until_it_is_saved_there(
    shelf: SlowShape, tmp_path: Path
) -> None:
    async with place_on(shelf, tmp_path).desk() as mine:
        shelf.held = []
        kept = mine.id(0)
        new = mine.desk.insert(after=kept, start=2100, end=2900, text="late")
        await mine.sync()
        shelf.full = True
        mine.desk.merge([kept, new])
        await mine.sync()
        shelf.deliver()
        await mine.sync()
        assert mine.desk.status(kept) == "refused" and shelf.words == [*START, "late"]
        shelf.full = False
        mine.desk.set_text(kept, "first, late")
        await mine.sync()
        assert shelf.words == ["first, late", "second words", "third words"]
