"""The same stories on every backend: real desks without a window, over real sockets, by a profile alone."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.fault_proxy import FaultProxy, fault_proxy
from tests.interop.desks import FILE, Screen, desk, until
from tests.interop.fault_list import SAVE, WIRE_FAULTS
from tests.server_process import ROOT
from vtt_desktop.app.opening import Source, open_source, publish
from vtt_desktop.app.probes import tried
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.sync import link

FAULTS = (
    "drop the answer after the commit",
    "drop the request",
    "duplicate",
    "RST",
    "cut in headers",
    "keep-alive closed under us",
    "502",
)
SERVERS = Path(__file__).with_name("servers")


@dataclass(frozen=True)
class Place:
    """Somewhere to share a document: a shipped profile, an address, a token."""

    profile: str
    url: str
    token: str = ""

    def desk(
        self, *, listen: bool = False, journal: Path | None = None
    ) -> contextlib.AbstractAsyncContextManager[Screen]:
        return desk(self.url, token=self.token, profile=self.profile, listen=listen, journal=journal)

    async def publish(self, folder: Path, text: str = FILE) -> None:
        path = folder / "film.vtt"
        path.write_bytes(text.encode())
        tasks = Tasks()
        session = await open_source(Source(str(path)), tasks)
        try:
            await publish(session, parse_target(self.url, self.profile), tasks, self.token)
        finally:
            await session.close()
            await tasks.close()

    @contextlib.asynccontextmanager
    async def two(self, folder: Path) -> AsyncIterator[tuple[Screen, Screen]]:
        """The file published, and two desks on it."""
        await self.publish(folder)
        async with self.desk() as mine, self.desk() as other:
            yield mine, other


def python_server(name: str, *args: str, packages: Path | None = None) -> tuple[list[str], Mapping[str, str]]:
    """Command and environment of a server in `servers/`."""
    command = [sys.executable, str(SERVERS / name), *args]
    return command, {"PYTHONPATH": str(packages) if packages is not None else str(ROOT)}


async def an_edit_is_saved_under_a_fresh_tag(place: Place, folder: Path) -> None:
    async with place.two(folder) as (mine, other):
        cue = mine.id(0)
        before = mine.desk.etag(cue)
        assert before
        mine.desk.set_text(cue, "first words, better")
        assert mine.desk.status(cue) == "dirty"
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        assert mine.desk.etag(cue) not in (None, "", before)
        await other.sync()
        assert other.values == mine.values
        assert other.desk.etag(other.id(0)) == mine.desk.etag(cue)


async def different_fields_merge_in_silence(place: Place, folder: Path) -> None:
    async with place.two(folder) as (mine, other):
        other.desk.set_times(other.id(0), 1100, 2100)
        await other.sync()
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.conflicts == []
        assert mine.desk.status(mine.id(0)) == "synced"
        await other.sync()
        assert mine.values == other.values
        assert (mine.desk.cues[0].text, mine.desk.cues[0].start) == ("mine", 1100)


async def a_conflict_is_decided_and_the_next_save_works(place: Place, folder: Path, choice: str) -> None:
    async with place.two(folder) as (mine, other):
        other.desk.set_text(other.id(0), "theirs")
        await other.sync()
        cue = mine.id(0)
        mine.desk.set_text(cue, "mine")
        await mine.sync()
        assert mine.desk.status(cue) == "conflict"
        (conflict,) = mine.desk.conflicts
        sides = [side.text for side in (conflict.base, conflict.mine, conflict.theirs) if side is not None]
        assert sides == ["first words", "mine", "theirs"]
        await other.sync()
        assert other.texts[0] == "theirs"
        mine.desk.resolve(cue, choice)
        await mine.sync()
        assert (mine.desk.status(cue), mine.desk.cues[0].text) == ("synced", choice)
        mine.desk.set_text(cue, "and the next save works")
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        await other.sync()
        assert other.values == mine.values


async def cues_come_and_go(place: Place, folder: Path) -> None:
    async with place.two(folder) as (mine, other):
        new = mine.desk.insert(after=mine.id(1), start=4100, end=4900, text="between")
        mine.desk.remove(mine.id(0))
        await mine.sync()
        assert mine.desk.status(new) == "synced"
        await other.sync()
        assert sorted(other.texts) == sorted(mine.texts)
        assert "first words" not in other.texts and "between" in other.texts
        assert len(mine.desk.conflicts) == len(other.desk.conflicts) == 0


async def an_edit_against_a_removal_is_decided_by_a_person(place: Place, folder: Path) -> None:
    async with place.two(folder) as (mine, other):
        other.desk.remove(other.id(0))
        await other.sync()
        cue = mine.id(0)
        mine.desk.set_text(cue, "edited meanwhile")
        await mine.sync()
        assert mine.desk.status(cue) == "gone"
        mine.desk.resolve(cue, "mine")
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        await other.sync()
        assert "edited meanwhile" in other.texts


async def a_listener_hears_a_colleague(place: Place, folder: Path) -> None:
    await place.publish(folder)
    quick = folder / "quick.toml"
    text = (ROOT / "resources" / "profiles" / f"{place.profile}.toml").read_text("utf-8")
    quick.write_text(re.sub(r"(?m)^interval_s = .*", "interval_s = 0.2", text), "utf-8")
    async with replace(place, profile=str(quick)).desk(listen=True) as mine, place.desk() as other:
        other.desk.set_text(other.id(1), "heard of")
        await asyncio.gather(other.sync(), until(mine, lambda: mine.texts[1] == "heard of"))
        assert mine.desk.status(mine.id(1)) == "synced"


async def probed(place: Place, scratch: str = "") -> dict[str, Any]:
    """What trying the backend finds: the result, with the marks of its findings by name in `marks`."""
    target = parse_target(place.url, place.profile, (scratch,) if scratch else ())
    result = await tried(target, place.token, scratch)
    print(*(f"{one['mark']:5} {one['check']}: {one['words']}" for one in result["findings"]), sep="\n")
    return {**result, "marks": {one["check"]: one["mark"] for one in result["findings"]}}


async def the_probe_finds_nothing_bad(place: Place) -> dict[str, str]:
    """The marks, when the backend may be written to; and that nothing was left behind in it."""
    result = await probed(place)
    assert result["reached"] and result["writable"], result["reason"]
    marks: dict[str, str] = result["marks"]
    assert {"stale-save", "stale-delete", "create-again", "delete", "resolution", "timing"} <= set(marks)
    assert (await probed(place))["writable"]  # nothing left behind stands in the way of a second time
    return marks


async def settled(screen: Screen) -> None:
    """Syncs until nothing is left; a link that was lost gets the time it needs to come back."""
    for _ in range(5):
        await screen.sync()
        if screen.session.sync.summary.waiting == 0:
            return


async def faults_lose_and_double_nothing(place: Place, folder: Path) -> None:
    """What `faults_on_what_is_there` tells, of a file that is published there."""
    await place.publish(folder)
    await faults_on_what_is_there(place)


async def faults_on_what_is_there(place: Place) -> None:
    """A save, a creation and a removal (where a backend has none: saves) that never arrive, arrive twice, or
    whose answers never come, one after another."""
    profile = parse_target(place.url, place.profile).profile
    save = profile.write.method
    origin = re.match(r"\w+://[^/#]+", place.url)
    assert origin is not None
    async with fault_proxy(origin[0]) as proxy, soon():
        far = replace(place, url=place.url.replace(origin[0], proxy.url))
        async with far.desk() as mine, place.desk() as other:
            expected = mine.texts
            for number, name in enumerate(FAULTS):
                await _to_be_met(name, save, proxy, mine)
                mine.desk.set_text(mine.id(0), f"mine {number}")
                await settled(mine)
                expected[0] = f"mine {number}"
                await _to_be_met(name, profile.create.method or save, proxy, mine)
                last = len(expected) - 1
                start = mine.desk.cues[last].end + 100
                mine.desk.insert(after=mine.id(last), start=start, end=start + 900, text=f"new {number}")
                await settled(mine)
                expected.append(f"new {number}")
                await _to_be_met(name, profile.delete.method or save, proxy, mine)
                mine.desk.remove(mine.id(1))
                await settled(mine)
                del expected[1]
                await other.sync()
                assert proxy.met, name
                assert mine.texts == other.texts == expected, name
                assert mine.desk.conflicts == other.desk.conflicts == [], name
                assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}, name


@contextlib.asynccontextmanager
async def soon() -> AsyncIterator[None]:
    """A desk that has lost its server looks again soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link, "FIRST_WAIT_S", 0.02)
        yield


async def _to_be_met(name: str, method: str, proxy: FaultProxy, mine: Screen) -> None:
    """Prepares that fault for the next request of that method."""
    fault = WIRE_FAULTS[name]
    if fault.before is not None:
        proxy.on("GET", fault.before)
        assert mine.session.engine is not None
        await mine.session.engine.repository.fetch(mine.session.sync.key_of(mine.id(0)) or "")
    if fault.save is not None:
        proxy.on(method if fault.at == SAVE else fault.at, fault.save)
