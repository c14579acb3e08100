"""Backends that nobody tried: the first write finds out whether versions count there, and changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.app.reference_server import ReferenceServer
from tests.fault_proxy import ANY, Exchange, fault_proxy, through
from tests.interop.backend_stories import Place, probed
from tests.interop.desks import Screen, desk, published
from tests.interop.odd_backends import CouchShape, Said, Shelf, say
from tests.interop.shapes import SHAPES, place_on
from tests.server_process import ServerProcess
from vtt_desktop.app.probes import result_path
from vtt_desktop.app.target import parse_target
from vtt_desktop.resources import ROOT
from vtt_desktop.sync.guard import altered
from vtt_desktop.sync.profile import Item


class Heedless(CouchShape):
    """Takes every save and every removal, whatever version it names."""

    PROFILE = CouchShape.PROFILE

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.removeprefix("/db/")
        if method == "PUT" and key in self.documents:
            body = re.sub(rb'"_rev": ?"[^"]*"', f'"_rev": "{self.rev(key)}"'.encode(), body)
        if method == "DELETE" and key in self.documents:
            query = {"rev": self.rev(key)}
        return super().route(method, path, query, headers, body)


class Stubborn(CouchShape):
    """Refuses what is made here, once or for good."""

    PROFILE = CouchShape.PROFILE
    refusing = True

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if self.refusing and method == "PUT" and "probe" in path:
            return say(422, {"message": "not today"})
        return super().route(method, path, query, headers, body)


async def a_save(mine: Screen) -> None:
    mine.desk.set_text(mine.id(0), "mine")
    await mine.sync()


@pytest.mark.parametrize("removes", [False, True], ids=["save", "removal"])
async def test_one_that_takes_old_versions_is_never_written_to(removes: bool, tmp_path: Path) -> None:
    for shelf in closing(Heedless()):
        before = dict(shelf.documents)
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine:
            if removes:
                mine.desk.remove([mine.id(0)])
                await mine.sync()
            else:
                await a_save(mine)
                assert mine.desk.status(mine.id(0)) == "dirty"
            assert mine.desk.link == "read-only" and "ACCEPTED" in mine.session.sync.summary.detail
        assert shelf.documents == before
        for text in ("# a remark\n{}", 'name = "Another name"\n{}'):
            log = list(shelf.log)
            profile = Path(place.profile)
            profile.write_text(text.format(re.sub("^name.*\n", "", profile.read_text("utf-8"))), "utf-8")
            async with place.desk() as mine:
                assert mine.desk.link == "read-only"  # it is the same backend, whatever it is called
                await a_save(mine)
            assert shelf.log == log


@pytest.mark.parametrize("kind", SHAPES, ids=lambda kind: kind.__name__)
async def test_one_that_looks_at_versions_is_asked_once(kind: type[Shelf], tmp_path: Path) -> None:
    for shelf in closing(kind()):
        place = place_on(shelf, tmp_path)
        kept = result_path(parse_target(place.url, place.profile))
        async with place.desk() as mine:
            log = len(shelf.log)
            await a_save(mine)
            assert mine.desk.status(mine.id(0)) == "synced" and len(shelf.log) == log + 1
        assert '"guarded": true' in kept.read_text("utf-8")


class Forgetful(ReferenceServer):
    """Shows versions and takes every save, whatever version it names."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {**headers, "If-Match": self.tag("a")} if path.startswith("/vtt/a") else headers
        return super().answer(method, path, headers, body)


async def test_a_profile_made_from_one_of_the_programs_own_says_nothing_of_a_strangers_server(
    tmp_path: Path,
) -> None:
    before = {"a": "00:01.000 --> 00:02.000\nfirst words"}
    own = tmp_path / "own.toml"
    own.write_bytes((ROOT / "profiles" / "reference.toml").read_bytes() + b"# mine\n")
    for server in closing(Forgetful(dict(before))):
        async with desk(server.url, profile=str(own), ids=("a",)) as mine:
            await a_save(mine)
            assert mine.desk.link == "read-only" and "ACCEPTED" in mine.session.sync.summary.detail
            assert mine.texts == ["mine"] and mine.desk.status(mine.id(0)) != "synced"
        assert server.contents == before


async def test_by_the_reference_contract_it_is_tried_with_a_version_that_was_given(tmp_path: Path) -> None:
    """Of one that takes old versions the second save of its only segment is none any more."""
    for kind in (Forgetful, ReferenceServer):
        for server in closing(kind({"a": "00:01.000 --> 00:02.000\nfirst words"})):
            async with desk(f"{server.url}/vtt/a") as mine:
                given = {mine.desk.etag(mine.id(0))}
                await a_save(mine)
                given.add(mine.desk.etag(mine.id(0)))
                mine.desk.set_text(mine.id(0), "mine, too")
                await mine.sync()
                heedless = kind is Forgetful
                assert mine.desk.link == ("read-only" if heedless else "online")
                assert server.contents["a"].endswith("mine" if heedless else "mine, too")
                mine.desk.set_text(mine.id(0), "and again")
                await mine.sync()
            saves = [headers["If-Match"] for method, _, headers, _ in server.heard if method == "PATCH"]
            assert len(saves) == (2 if heedless else 4) and {*saves[:3]} <= given
            assert server.refused == (0 if heedless else 1)


async def test_where_there_are_several_segments_it_is_tried_before_the_first_save(tmp_path: Path) -> None:
    blocks = {"a": "00:01.000 --> 00:02.000\nfirst words", "b": "00:03.000 --> 00:04.000\nsecond words"}
    for kind in (Forgetful, ReferenceServer):
        for server in closing(kind(dict(blocks))):
            async with desk(f"{server.url}/vtt/a,b") as mine:
                await a_save(mine)
                assert mine.desk.link == ("read-only" if kind is Forgetful else "online")
            saves = [headers["If-Match"] for method, _, headers, _ in server.heard if method == "PATCH"]
            assert saves[0] == server.tag("b")
            assert server.contents == (blocks if kind is Forgetful else {**blocks, "a": server.contents["a"]})
            assert (server.contents["a"] == blocks["a"]) == (kind is Forgetful)


async def test_one_with_our_own_servers_addresses_is_tried_too(server: ServerProcess, tmp_path: Path) -> None:
    """What tells our own server is the mark in its answers, not the profile."""
    url = await published(tmp_path, server.url, server.token)

    async def without_mark(exchange: Exchange) -> None:
        await exchange.send(re.sub(rb"(?im)^x-vtt-mark: .*\r\n", b"", await exchange.forward()))

    for marked in (True, False):
        async with fault_proxy(server.url) as proxy:
            proxy.always(ANY, through if marked else without_mark)
            async with desk(url.replace(server.url, proxy.url), token=server.token) as mine:
                await a_save(mine)
                mine.desk.set_text(mine.id(0), f"marked: {marked}")
                await mine.sync()
                assert mine.desk.status(mine.id(0)) == "synced"
            assert proxy.count("PATCH") == (2 if marked else 3)


async def test_what_could_not_be_tried_proves_nothing(tmp_path: Path) -> None:
    for shelf in closing(Stubborn()):
        place = place_on(shelf, tmp_path)
        kept = result_path(parse_target(place.url, place.profile))
        result = await probed(place)
        assert not result["reached"] and not kept.exists()
        assert "not today" in result["reason"] and result["marks"]["create"] == "untried"
        shelf.refusing = False
        assert (await probed(place))["writable"]
        shelf.refusing = True
        assert not (await probed(place))["writable"]
        async with Place(place.profile, place.url).desk() as mine:
            assert mine.desk.link == "online"  # it had passed


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ('"7"', '"6"'),
        ('W/"10"', 'W/"00"'),
        ("17", "16"),
        ("0", "1"),
        ("3-abc", "2-abc"),
        ('"deadbeef"', '"deadbeea"'),
        ('W/"a"', 'W/"b"'),
        ("2026-11-22T10:00:00Z", "2026-11-22T00:00:00Z"),
    ],
)
def test_an_old_version_looks_like_one(version: str, old: str) -> None:
    assert altered(version) == old


def test_of_several_parts_one_is_old() -> None:
    assert altered("7,3", 2) == "6,3"


@dataclass(frozen=True, slots=True)
class NewerItem(Item):
    """What a profile says of reading, in a program that knows one key more."""

    knob: str = ""


def test_what_was_found_holds_in_a_newer_program(tmp_path: Path) -> None:
    profile = tmp_path / "one.toml"
    profile.write_text('name = "One"\n[item]\nversion = "json:/rev"\n', "utf-8")
    target = parse_target("http://127.0.0.1:9", str(profile), ("a",))
    item = target.profile.item
    newer = NewerItem(**{one.name: getattr(item, one.name) for one in fields(item)})
    knowing = replace(target, profile=replace(target.profile, item=newer))
    assert result_path(knowing) == result_path(target)
    other = replace(target, profile=replace(target.profile, item=replace(newer, knob="else")))
    assert result_path(other) != result_path(target)
