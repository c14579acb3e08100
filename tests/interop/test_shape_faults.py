"""Lost answers on backends of every shape: nothing twice, nothing lost, no conflict of one's own making."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.fault_proxy import (
    LOGIN_PAGE,
    Fault,
    cut_in_body,
    cut_in_headers,
    drop_answer,
    drop_request,
    fault_proxy,
    reset,
    says,
)
from tests.interop.backend_stories import Place, settled
from tests.interop.odd_backends import Shelf
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import MAKING, place_on
from vtt_desktop.sync.profile_file import read_profile

KINDS = [kind for kind in MAKING if "[list]\n    ids" not in kind.PROFILE]
FAULTS: list[Fault] = [
    cut_in_headers,
    cut_in_body,
    reset,
    drop_request,
    says("502 Bad Gateway"),
    says("500 Internal Server Error"),
    LOGIN_PAGE,
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    yield from closing(request.param())


@pytest.fixture
def own_ids() -> Iterator[Shelf]:
    yield from closing(OwnIdsShape())


def methods(place: Place) -> tuple[str, str, str]:
    """How this place saves, makes and removes."""
    profile = read_profile(Path(place.profile).read_text("utf-8"), "it")
    return profile.write.method, profile.create.method, profile.delete.method


async def test_no_answer_to_anything(shelf: Shelf, tmp_path: Path) -> None:
    async with fault_proxy(shelf.url) as proxy:
        place = place_on(shelf, tmp_path, proxy.url)
        save, make, remove = methods(place)
        async with place.desk() as mine, place_on(shelf, tmp_path).desk() as other:
            proxy.on(save, drop_answer)
            mine.desk.set_text(mine.id(0), "mine")
            await settled(mine)
            proxy.on(make, drop_answer)
            new = mine.desk.insert(after=mine.id(1), start=4100, end=4900, text="new")
            await settled(mine)
            assert mine.desk.status(new) == "synced"
            assert len(shelf.documents) == 4
            proxy.on(remove, drop_answer)
            mine.desk.remove(mine.id(1))
            await settled(mine)
            assert [mine.desk.status(cue.id) for cue in mine.desk.cues] == ["synced"] * 3
            await other.sync()
            assert mine.desk.conflicts == other.desk.conflicts == []
            assert sorted(other.texts) == sorted(mine.texts) == ["mine", "new", "third words"]
            mine.desk.set_text(new, "new, and edited")
            await settled(mine)
            await other.sync()
            assert "new, and edited" in other.texts and len(shelf.documents) == 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: getattr(fault, "__name__", "says"))
async def test_a_segment_whose_id_the_backend_makes_is_made_once(
    own_ids: Shelf, tmp_path: Path, fault: Fault
) -> None:
    async with fault_proxy(own_ids.url) as proxy:
        place = place_on(own_ids, tmp_path, proxy.url)
        async with place.desk() as mine, place_on(own_ids, tmp_path).desk() as other:
            proxy.on("POST", fault)
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await settled(mine)
            assert mine.desk.status(new) == "synced"
            assert len(own_ids.documents) == 4
            other.desk.set_text(other.id(0), "theirs")
            await other.sync()
            await settled(mine)
            assert mine.texts == other.texts == ["theirs", "new", "second words", "third words"]


async def test_a_creation_without_an_answer_is_found_again_after_a_restart(
    own_ids: Shelf, tmp_path: Path
) -> None:
    def there() -> list[str]:
        return sorted(document["text"] for document in own_ids.documents.values())

    async with fault_proxy(own_ids.url) as proxy:
        place = place_on(own_ids, tmp_path, proxy.url)
        journal = tmp_path / "film.vttproj"
        async with place.desk(journal=journal) as mine:
            mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            proxy.on("POST", drop_answer)
            proxy.always("GET", says("503 Service Unavailable", "Retry-After: 300\r\n"))
            await mine.sync()
        assert there().count("new") == 1
        proxy.clear()
        async with place.desk(journal=journal) as again:
            await settled(again)
            assert again.texts == ["first words", "new", "second words", "third words"]
            assert [again.desk.status(cue.id) for cue in again.desk.cues] == ["synced"] * 4
            again.desk.set_text(again.id(1), "new, edited")
            await settled(again)
            assert there().count("new, edited") == 1 and len(there()) == 4


@pytest.mark.parametrize("listed", [True, False], ids=["removed ones are listed", "not listed"])
async def test_what_is_made_again_is_no_more_the_one_that_was_removed(
    own_ids: Shelf, tmp_path: Path, listed: bool
) -> None:
    """Some backends go on to name what was removed in their list, and answer a read of it with 404."""
    place, journal = place_on(own_ids, tmp_path), tmp_path / "film.vttproj"
    profile = Path(place.profile)
    profile.write_text(profile.read_text("utf-8").replace("[list]", '[list]\ndocument = "none"'), "utf-8")
    async with place.desk(journal=journal) as mine, place.desk() as other:
        mine.desk.offline = True
        mine.desk.set_text(mine.id(1), "mine")
        with own_ids.lock:
            own_ids.remove("b", listed=listed)
        mine.desk.offline = False
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        mine.desk.resolve(conflict.id, "mine")
        for _ in range(3):
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts == ["first words", "mine", "third words"]
        assert [mine.desk.status(cue.id) for cue in mine.desk.cues] == ["synced"] * 3
        mine.desk.set_text(mine.id(1), "mine again")
        await mine.sync()
    (made,) = set(own_ids.documents) - {"a", "c"}
    assert own_ids.documents[made]["text"] == "mine again" and own_ids.documents[made]["note"] == "keep"
    async with place.desk(journal=journal) as again:
        await again.sync()
        assert again.texts == ["first words", "mine again", "third words"] and again.desk.conflicts == []


async def test_a_copy_that_somebody_made_of_a_segment_is_one_of_its_own(
    own_ids: Shelf, tmp_path: Path
) -> None:
    place = place_on(own_ids, tmp_path)
    async with place.desk() as mine:
        mine.desk.insert(after=mine.id(2), start=7000, end=8000, text="new")
        await mine.sync()
        with own_ids.lock:
            key = max(own_ids.documents)
            own_ids.write("9999", {**own_ids.documents[key], "text": "a copy", "place": "z"})
        await mine.sync()
        assert mine.texts[-2:] == ["new", "a copy"]
        mine.desk.set_text(mine.id(3), "only this one")
        await mine.sync()
    assert own_ids.documents["9999"]["text"] == "a copy"
    async with place.desk() as again:
        assert again.texts[-2:] == ["only this one", "a copy"]
