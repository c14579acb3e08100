"""Kinto by its shipped profile: integer tags in quotes, an envelope, `_since` with tombstones, pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.fault_proxy import Exchange, drop_request, etag, fault_proxy, through
from tests.interop import backend_stories as stories
from tests.interop.backend_process import listening
from tests.interop.backend_stories import Place, python_server
from tests.interop.bad_lines import ON_EVERY_BACKEND, Shared
from tests.interop.installed import python_packages

_PACKAGES = ("kinto==26.5.0",)
_TOKEN = "anna:secret"
LONG = "WEBVTT\n" + "".join(f"\n00:{i:02d}.000 --> 00:{i:02d}.900\ncue {i}\n" for i in range(30))


@pytest.fixture(scope="module")
def kinto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command, env = python_server("kinto_server.py", packages=python_packages("kinto", _PACKAGES))
    with listening(command, tmp_path_factory.mktemp("kinto"), env) as url:
        yield url


@pytest.fixture
def place(kinto: str, request: pytest.FixtureRequest) -> Place:
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:100]
    return Place("kinto", f"{kinto}/buckets/subtitles/collections/{name}", _TOKEN)


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


async def test_what_others_change_is_heard_since_a_tag(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path)
    async with place.desk() as mine, place.desk() as other:
        assert mine.session.feed is not None
        before = mine.session.feed.seq
        assert before > 0
        other.desk.set_text(other.id(0), "new")
        other.desk.remove(other.id(1))
        await other.sync()
        await mine.sync()
        assert mine.values == other.values
        assert mine.session.feed.seq > before


async def test_a_listener_hears_a_colleague(place: Place, tmp_path: Path) -> None:
    await stories.a_listener_hears_a_colleague(place, tmp_path)


async def test_a_list_of_several_pages_is_whole_and_in_order(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path, LONG)
    async with place.desk() as mine:
        assert mine.texts == [f"cue {i}" for i in range(30)]
        assert mine.write(tmp_path / "again.vtt").decode() == LONG


@pytest.mark.parametrize("when", ["tried", "lost"])
@pytest.mark.parametrize("rewritten", [lambda tag: None, lambda tag: b"W/" + tag], ids=["none", "W/"])
async def test_a_version_that_came_wrong_once_locks_nothing(
    rewritten: Callable[[bytes], bytes | None], when: str, place: Place, kinto: str, tmp_path: Path
) -> None:
    """In the read before the first save, or in the one that has to show whether a save arrived."""
    await place.publish(tmp_path)
    origin = kinto.removesuffix("/v1")
    once = [etag(rewritten)]

    async def read(exchange: Exchange) -> None:
        await (once.pop() if "/records/" in exchange.path and once else through)(exchange)

    async with fault_proxy(origin) as proxy, stories.soon():
        async with replace(place, url=place.url.replace(origin, proxy.url)).desk() as mine:
            if when == "lost":
                mine.desk.set_text(mine.id(0), "before")
                await mine.sync()
                proxy.on("PATCH", drop_request)
            proxy.always("GET", read)
            mine.desk.set_text(mine.id(0), "mine")
            await stories.settled(mine)
            assert proxy.met and not once and mine.desk.status(mine.id(0)) == "synced"
    async with place.desk() as other:
        assert other.texts[0] == "mine"


async def test_two_cues_at_one_place_stand_alike_for_who_opens_it_later(place: Place, tmp_path: Path) -> None:
    """Their sort keys are the same; Kinto's list has first what was saved last."""
    async with place.two(tmp_path) as (mine, other):
        for one, words in ((mine, "a"), (other, "b")):
            for number in range(3):
                one.desk.insert(after=one.id(number), start=2100, end=2200, text=f"{words}{number}")
        await asyncio.gather(mine.sync(), other.sync())
        await mine.sync()
        await other.sync()
        async with place.desk() as later:
            texts = later.texts
            await later.sync()
            assert later.texts == texts == mine.texts == other.texts


async def test_fields_of_others_survive(place: Place, tmp_path: Path) -> None:
    async with place.two(tmp_path) as (mine, _):
        segment = mine.session.sync.segment_of(mine.id(0))
        assert segment is not None
        with httpx.Client(auth=("anna", "secret")) as http:
            record = f"{place.url}/records/{segment.key}"
            assert http.patch(record, json={"data": {"reviewed": {"by": "Ben"}}}).status_code == 200
            mine.desk.set_text(mine.id(0), "mine")
            await mine.sync()
            assert mine.desk.status(mine.id(0)) == "synced"
            assert http.get(record).json()["data"]["reviewed"] == {"by": "Ben"}


async def test_a_wrong_password_asks_for_another(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path)
    async with place.desk() as mine:
        mine.session.set_token("")
        mine.desk.set_text(mine.id(0), "kept")
        await mine.sync()
        assert mine.desk.link == "needs-token"
        mine.session.set_token(_TOKEN)
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"


async def test_the_probe_finds_nothing_bad(place: Place, tmp_path: Path) -> None:
    await place.publish(tmp_path)
    marks = await stories.the_probe_finds_nothing_bad(place)
    assert {
        "conditional-read": "good",
        "no-version": "note",
        "changes": "good",
        "changes-removal": "good",
        "revert": "good",
    }.items() <= marks.items()
