"""Eve over SecantusDB by its shipped profile: strong hashes, the tag in the body, 428 without If-Match."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interop import backend_stories as stories
from tests.interop.backend_process import listening
from tests.interop.backend_stories import Place, python_server
from tests.interop.bad_lines import ON_EVERY_BACKEND, Shared
from tests.interop.installed import EVE, python_packages

LONG = "WEBVTT\n" + "".join(f"\n00:{i:02d}.000 --> 00:{i:02d}.900\ncue {i}\n" for i in range(30))


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("eve")
    packages = python_packages("eve", EVE)
    command, env = python_server("eve_server.py", str(folder / "database"), packages=packages)
    with listening(command, folder, env) as url:
        yield url


@pytest.fixture
def place(eve: str, request: pytest.FixtureRequest) -> Place:
    return Place("eve", f"{eve}#{request.node.name}")


async def test_an_edit_is_saved_under_a_fresh_tag(place: Place, tmp_path: Path) -> None:
    await stories.an_edit_is_saved_under_a_fresh_tag(place, tmp_path)


async def test_different_fields_merge_in_silence(place: Place, tmp_path: Path) -> None:
    await stories.different_fields_merge_in_silence(place, tmp_path)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_a_conflict_is_decided_and_the_next_save_works(
    place: Place, tmp_path: Path, choice: str
) -> None:
    await stories.a_conflict_is_decided_and_the_next_save_works(place, tmp_path, choice)


async def test_faults_lose_and_double_nothing(place: Place, tmp_path: Path) -> None:
    await stories.faults_lose_and_double_nothing(place, tmp_path)


@pytest.mark.parametrize("fault", ON_EVERY_BACKEND)
async def test_a_bad_line(fault: str, line: Shared) -> None:
    await ON_EVERY_BACKEND[fault](line)


async def test_cues_come_and_go(place: Place, tmp_path: Path) -> None:
    await stories.cues_come_and_go(place, tmp_path)


async def test_an_edit_against_a_removal_is_decided_by_a_person(place: Place, tmp_path: Path) -> None:
    await stories.an_edit_against_a_removal_is_decided_by_a_person(place, tmp_path)


async def test_a_listener_hears_a_colleague(place: Place, tmp_path: Path) -> None:
    await stories.a_listener_hears_a_colleague(place, tmp_path)


async def test_a_list_of_several_pages_is_whole_and_in_order(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path, LONG)
    async with place.desk() as mine:
        assert mine.texts == [f"cue {i}" for i in range(30)]
        assert mine.write(tmp_path / "again.vtt").decode() == LONG


async def test_fields_of_others_survive(place: Place, eve: str, tmp_path: Path) -> None:
    async with place.two(tmp_path) as (mine, _):
        segment = mine.session.sync.segment_of(mine.id(0))
        assert segment is not None and segment.etag is not None
        item = f"{eve}/vtt/{segment.key}"
        told = httpx.patch(item, json={"reviewed": {"by": "Ben"}}, headers={"If-Match": segment.etag})
        assert told.status_code == 200
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
        assert httpx.get(item, headers={"Accept": "application/json"}).json()["reviewed"] == {"by": "Ben"}


async def test_the_probe_finds_nothing_bad(place: Place, tmp_path: Path) -> None:
    marks = await stories.the_probe_finds_nothing_bad(place)
    assert {"no-version": "good", "at-once": "good"}.items() <= marks.items()
