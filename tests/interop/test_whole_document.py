"""A store of whole documents by its shipped profile: PUT under If-Match, ids and tags in a bare list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.fault_proxy import fault_proxy
from tests.interop import backend_stories as stories
from tests.interop.backend_process import listening
from tests.interop.backend_stories import Place, python_server
from tests.interop.bad_lines import (
    ON_EVERY_BACKEND,
    Shared,
    what_was_rewritten_for_a_while_is_no_older_version,
)
from tests.interop.fault_list import REWRITTEN
from tests.server_process import ROOT


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    command, env = python_server("whole_document_server.py")
    with listening(command, tmp_path_factory.mktemp("whole"), env) as url:
        yield Place("whole-document", url)


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


@pytest.mark.parametrize("how", REWRITTEN.values(), ids=REWRITTEN.keys())
async def test_a_tag_that_was_rewritten_for_a_while_is_no_older_version(
    place: Place, tmp_path: Path, how: Callable[[bytes], bytes]
) -> None:
    await place.publish(tmp_path)
    once = tmp_path / "once.toml"
    shipped = (ROOT / "resources" / "profiles" / "whole-document.toml").read_text("utf-8")
    once.write_text(shipped.replace("[item]", '[item]\nversions = "once"'), "utf-8")
    async with fault_proxy(place.url) as proxy:
        line = Shared(proxy, place.url, profile=str(once), save="PUT")
        await what_was_rewritten_for_a_while_is_no_older_version(line, how)


async def test_cues_come_and_go(place: Place, tmp_path: Path) -> None:
    await stories.cues_come_and_go(place, tmp_path)


async def test_an_edit_against_a_removal_is_decided_by_a_person(place: Place, tmp_path: Path) -> None:
    await stories.an_edit_against_a_removal_is_decided_by_a_person(place, tmp_path)


async def test_a_listener_hears_a_colleague(place: Place, tmp_path: Path) -> None:
    await stories.a_listener_hears_a_colleague(place, tmp_path)


async def test_what_else_a_document_holds_comes_back_as_it_was(place: Place, tmp_path: Path) -> None:
    item = f"{place.url}/documents/a"
    held = {"text": "one", "start": 1.0005, "end": 2, "reviewed": {"by": "Ben", "on": [1, 2.50]}}
    tag = httpx.put(item, json=held, headers={"If-None-Match": "*"}).headers["ETag"]
    async with place.desk() as mine:
        assert (mine.desk.cues[0].start, mine.desk.cues[0].end) == (1000, 2000)
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
    now = httpx.get(item)
    assert now.headers["ETag"] != tag
    # Nobody touched the times: not even their spelling changed. What was not there is added empty.
    assert now.json() == {**held, "text": "mine", "identifier": "", "settings": ""}


async def test_the_probe_finds_nothing_bad(place: Place, tmp_path: Path) -> None:
    marks = await stories.the_probe_finds_nothing_bad(place)
    assert {"no-version": "good", "at-once": "good", "revert": "good"}.items() <= marks.items()
