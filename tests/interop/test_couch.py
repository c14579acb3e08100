"""A server of CouchDB's protocol (PouchDB's) by the recipe as it stands in the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interop import backend_stories as stories
from tests.interop.backend_process import free_port, listening
from tests.interop.backend_stories import Place
from tests.interop.installed import node_packages
from tests.interop.recipes import recipe

_PACKAGES = ("pouchdb-server@4.2.0",)


@pytest.fixture(scope="module")
def couch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = node_packages("pouchdb", _PACKAGES) / "node_modules" / ".bin" / "pouchdb-server"
    command = [str(program), "--in-memory", "--no-color", "--port", f"{free_port()}"]
    with listening(command, tmp_path_factory.mktemp("couch"), {}) as url:
        yield url.rstrip("/").removesuffix("/_utils")


@pytest.fixture
def place(couch: str, tmp_path: Path) -> Iterator[Place]:
    database = f"{couch}/subtitles"
    assert httpx.put(database).status_code == 201
    profile = tmp_path / "couch.toml"
    profile.write_text(recipe("CouchDB"), "utf-8")
    yield Place(str(profile), couch)
    httpx.delete(database)


async def test_different_fields_merge_in_silence(place: Place, tmp_path: Path) -> None:
    await stories.different_fields_merge_in_silence(place, tmp_path)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_a_conflict_is_decided_and_the_next_save_works(
    place: Place, tmp_path: Path, choice: str
) -> None:
    await stories.a_conflict_is_decided_and_the_next_save_works(place, tmp_path, choice)


async def test_cues_come_and_go(place: Place, tmp_path: Path) -> None:
    await stories.cues_come_and_go(place, tmp_path)


async def test_an_edit_against_a_removal_is_decided_by_a_person(place: Place, tmp_path: Path) -> None:
    await stories.an_edit_against_a_removal_is_decided_by_a_person(place, tmp_path)


async def test_the_probe_finds_nothing_bad(place: Place) -> None:
    marks = await stories.the_probe_finds_nothing_bad(place)
    assert {"no-version": "good", "at-once": "good", "revert": "good", "changes-removal": "good"}.items() <= (
        marks.items()
    )
