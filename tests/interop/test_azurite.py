"""Azurite Table by its shipped profile: weak tags echoed, 204 without a body, a shared access signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.interop import backend_stories as stories
from tests.interop.backend_process import free_port, listening
from tests.interop.backend_stories import Place
from tests.interop.bad_lines import (
    ON_EVERY_BACKEND,
    Shared,
    what_was_rewritten_for_a_while_is_no_older_version,
)
from tests.interop.fault_list import REWRITTEN
from tests.interop.installed import node_packages

_PACKAGES = ("azurite@3.35.0",)
_ACCOUNT = "devstoreaccount1"
# The account key that every Azurite has, printed in its documentation.
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_HEADERS = {"x-ms-version": "2019-02-02", "Accept": "application/json;odata=nometadata"}


def signature() -> str:
    """An account SAS for tables: all that an editor does, and making the table."""
    parts = {
        "sp": "rwdlacu",
        "ss": "t",
        "srt": "sco",
        "st": "",
        "se": "2099-01-01T00:00:00Z",
        "sip": "",
        "spr": "https,http",
        "sv": "2019-02-02",
    }
    signed = "\n".join([_ACCOUNT, *parts.values(), ""])
    digest = hmac.new(base64.b64decode(_KEY), signed.encode(), hashlib.sha256).digest()
    return urlencode({k: v for k, v in parts.items() if v} | {"sig": base64.b64encode(digest).decode()})


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = node_packages("azurite", _PACKAGES) / "node_modules" / ".bin" / "azurite-table"
    quiet = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--disableProductStyleUrl"]
    command = [str(program), *quiet, "--tableHost", "127.0.0.1", "--tablePort", f"{free_port()}"]
    with listening(command, tmp_path_factory.mktemp("azurite"), {}) as url:
        account = f"{url}/{_ACCOUNT}"
        made = httpx.post(
            f"{account}/Tables?{signature()}", json={"TableName": "subtitles"}, headers=_HEADERS
        )
        assert made.status_code == 201, made.text
        yield account


@pytest.fixture
def place(azurite: str, request: pytest.FixtureRequest) -> Place:
    film = request.node.name.replace("/", "-")  # a partition's key has no slash
    return Place("azure-table", f"{azurite}#{film}", signature())


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
async def test_a_weak_tag_that_was_rewritten_for_a_while_is_no_older_version(
    how: Callable[[bytes], bytes], line: Shared
) -> None:
    await what_was_rewritten_for_a_while_is_no_older_version(line, how)


async def test_cues_come_and_go(place: Place, tmp_path: Path) -> None:
    await stories.cues_come_and_go(place, tmp_path)


async def test_an_edit_against_a_removal_is_decided_by_a_person(place: Place, tmp_path: Path) -> None:
    await stories.an_edit_against_a_removal_is_decided_by_a_person(place, tmp_path)


async def test_a_listener_hears_a_colleague(place: Place, tmp_path: Path) -> None:
    await stories.a_listener_hears_a_colleague(place, tmp_path)


async def test_tags_are_echoed_with_their_weakness(place: Place, tmp_path: Path) -> None:
    async with place.two(tmp_path) as (mine, _):
        assert (mine.desk.etag(mine.id(0)) or "").startswith('W/"')


async def test_fields_of_others_survive(place: Place, azurite: str, tmp_path: Path) -> None:
    async with place.two(tmp_path) as (mine, _):
        segment = mine.session.sync.segment_of(mine.id(0))
        assert segment is not None
        film = place.url.partition("#")[2]
        entity = f"{azurite}/subtitles(PartitionKey='{film}',RowKey='{segment.key}')?{signature()}"
        with httpx.Client(headers=_HEADERS) as http:
            assert http.patch(entity, json={"Reviewed": "Ben"}, headers={"If-Match": "*"}).is_success
            mine.desk.set_text(mine.id(0), "mine")
            await mine.sync()
            assert mine.desk.status(mine.id(0)) == "synced"
            assert http.get(entity).json()["Reviewed"] == "Ben"


async def test_a_signature_that_is_not_valid_asks_for_another(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path)
    async with place.desk() as mine:
        mine.session.set_token(signature().replace("sig=", "sig=AAAA"))
        mine.desk.set_text(mine.id(0), "kept")
        await mine.sync()
        assert mine.desk.link == "needs-token"
        mine.session.set_token(signature())
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"


async def test_the_probe_finds_nothing_bad(place: Place, tmp_path: Path) -> None:
    marks = await stories.the_probe_finds_nothing_bad(place)
    assert {"no-version": "note", "save": "good"}.items() <= marks.items()
