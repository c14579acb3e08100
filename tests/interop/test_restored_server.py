"""A server put back from an older copy, or emptied: what it has lost was acknowledged here, and stays here
until a person has decided."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.interop.desks import Screen, desk, published, until
from tests.server_process import ServerProcess
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link

FILM = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:03.000 --> 00:04.000\nTwo\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    one = ServerProcess(tmp_path)
    one.start()
    yield one
    one.stop()


class Backups:
    """Copies of the server's files, made and put back while it is down."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._copy = folder / "copy"

    def make(self) -> None:
        self._server.stop()
        self._copy.mkdir()
        for part in self._folder.glob("server.sqlite*"):
            shutil.copy(part, self._copy)
        self._server.start()

    def put_back(self) -> None:
        self.wipe(restart=False)
        for part in self._copy.iterdir():
            shutil.copy(part, self._folder)
        self._server.start()

    def wipe(self, *, restart: bool = True) -> None:
        if self._server.running:
            self._server.stop()
        for part in self._folder.glob("server.sqlite*"):
            part.unlink()
        if restart:
            self._server.start()


@pytest.fixture
def backups(server: ServerProcess, tmp_path: Path) -> Backups:
    return Backups(server, tmp_path)


async def worked(mine: Screen) -> int:
    """Edits after the backup, all acknowledged: a changed text, a new cue, a removed one; gives its id."""
    first, second = mine.id(0), mine.id(1)
    mine.desk.set_text(first, "SAVED")
    new = mine.desk.insert(after=first, start=2100, end=2900, text="INSERTED")
    mine.desk.remove([second])
    await mine.sync()
    assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
    return new


async def halted(mine: Screen, setback: Setback) -> None:
    """All is as it was here, and nothing goes until a person decides, whatever else they do."""
    await mine.sync()
    assert mine.texts == ["SAVED", "INSERTED"]
    assert mine.session.sync.setback is setback and mine.desk.setback == setback.sentence
    assert mine.session.sync.link is Link.READ_ONLY
    mine.desk.offline = True
    assert mine.desk.link == "offline"
    mine.desk.offline = False
    await mine.sync()
    assert mine.session.sync.link is Link.READ_ONLY and mine.session.sync.setback is setback


@asynccontextmanager
async def restored(
    folder: Path, server: ServerProcess, backups: Backups
) -> AsyncIterator[tuple[str, Screen]]:
    """A desk that met a server restored from before its last edits; and the project's address."""
    url = await published(folder, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        backups.make()
        await worked(mine)
        backups.put_back()
        await halted(mine, Setback.OLDER)
        yield url, mine


async def test_putting_mine_back_saves_and_makes_and_removes_again(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    async with restored(tmp_path, server, backups) as (url, mine):
        mine.desk.set_text(mine.id(0), "SAVED and more")
        await mine.desk.decide_setback("mine")
        assert mine.desk.setback == "" and mine.desk.link == "online" and not mine.desk.conflicts
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
        async with desk(url, token=server.token) as other:
            assert other.texts == mine.texts == ["SAVED and more", "INSERTED"]


async def test_taking_the_servers_is_one_step_that_can_be_undone(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    async with restored(tmp_path, server, backups) as (url, mine):
        await mine.desk.decide_setback("theirs")
        assert mine.texts == ["One", "Two"] and mine.desk.link == "online" and not mine.desk.conflicts
        assert mine.desk.undo()
        assert mine.texts == ["SAVED", "INSERTED"]
        await mine.sync()
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
        async with desk(url, token=server.token) as other:
            assert other.texts == ["SAVED", "INSERTED"]


async def test_what_somebody_else_did_since_is_asked_about(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    """I2: the restored project moved on; their work is not written over."""
    async with restored(tmp_path, server, backups) as (url, mine):
        async with desk(url, token=server.token) as other:
            other.desk.set_text(other.id(0), "THEIRS")
            await other.sync()
            await mine.desk.decide_setback("mine")
            (found,) = mine.desk.conflicts
            assert found.mine and found.theirs and (found.mine.text, found.theirs.text) == ("SAVED", "THEIRS")
            await other.sync()
            assert other.texts == ["THEIRS", "INSERTED"]
            mine.desk.resolve(found.id, "mine")
            await mine.sync()
            await other.sync()
            assert other.texts == mine.texts == ["SAVED", "INSERTED"]


async def test_a_conflict_that_was_open_stays_open(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    """I11: what was removed here and changed there is in the backup as it was changed."""
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        mine.desk.offline = True
        mine.desk.remove([mine.id(1)])
        other.desk.set_text(other.id(1), "changed")
        await other.sync()
        mine.desk.offline = False
        await mine.sync()
        backups.make()
        before = mine.desk.conflicts
        mine.desk.set_text(mine.id(0), "SAVED")
        await mine.sync()
        backups.put_back()
        await mine.sync()
        await mine.desk.decide_setback("mine")
        assert mine.desk.conflicts == before != []
        mine.desk.resolve(before[0].id, "theirs")
        await mine.sync()
        await other.sync()
        assert mine.texts == other.texts == ["SAVED", "changed"]


async def test_a_wiped_server_gets_everything_again(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        await worked(mine)
        backups.wipe()
        await halted(mine, Setback.GONE)
        with pytest.raises(UserError, match="nothing can be taken"):
            await mine.desk.decide_setback("theirs")
        await mine.desk.decide_setback("mine")
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
        async with desk(url, token=server.token) as other:
            assert other.texts == ["SAVED", "INSERTED"]


async def test_a_server_that_has_everything_again_needs_no_decision(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        await worked(mine)
        backups.make()
        backups.wipe()
        await halted(mine, Setback.GONE)
        server.stop()
        await mine.sync()  # not to be asked proves nothing
        assert mine.session.sync.setback is Setback.GONE
        backups.put_back()
        await mine.sync()
        assert mine.desk.setback == "" and mine.desk.link == "online"
        with pytest.raises(UserError, match="nothing to decide"):
            await mine.desk.decide_setback("mine")


def untouched(mine: Screen, *texts: str) -> None:
    """The server was found to be older, and everything here is as it was."""
    assert mine.session.sync.setback is Setback.OLDER and mine.session.sync.link is Link.READ_ONLY
    assert mine.texts == [*texts] and not mine.desk.conflicts


async def test_a_refused_save_that_meets_it_first_takes_nothing(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    """The read after a 412 shows an older version, and only the times were touched since: a merge by field
    would put the saved text away as a colleague's change."""
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        backups.make()
        mine.desk.set_text(mine.id(0), "SAVED")
        await mine.sync()
        backups.put_back()
        mine.desk.set_times(mine.id(0), 1100, 2000)
        assert mine.session.engine is not None
        await mine.session.engine.settle()
        untouched(mine, "SAVED", "Two")
        await mine.desk.decide_setback("mine")
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
        async with desk(url, token=server.token) as other:
            assert other.texts == ["SAVED", "Two"] and other.desk.cues[0].start == 1100


async def test_a_save_of_what_is_not_there_any_more_meets_it_first(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        backups.make()
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="INSERTED")
        await mine.sync()
        backups.put_back()
        mine.desk.set_text(new, "INSERTED and changed")
        assert mine.session.engine is not None
        await mine.session.engine.settle()
        untouched(mine, "One", "INSERTED and changed", "Two")


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("edits", [1, 2, 5])
async def test_others_have_written_since(
    tmp_path: Path, server: ServerProcess, backups: Backups, edits: int, whole: bool
) -> None:
    """The feed of the restored project is behind ours, at ours, or past it: a number alone tells nothing."""
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        backups.make()
        for text in ("SAVED", "SAVED again"):
            mine.desk.set_text(mine.id(0), text)
            await mine.sync()
        backups.put_back()
        async with desk(url, token=server.token) as other:
            for number in range(edits):
                other.desk.set_text(other.id(1), f"{number}")
                await other.sync()
            assert mine.session.feed is not None
            await mine.session.feed.pull(whole=whole)
            untouched(mine, "SAVED again", "Two")
            await mine.desk.decide_setback("theirs")
            assert mine.texts == other.texts == ["One", f"{edits - 1}"] and mine.desk.link == "online"
            mine.desk.set_text(mine.id(0), "and on")
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts and mine.desk.setback == ""


async def test_our_own_saves_have_overtaken_it(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    """They went out before anything was read: of segments whose tags hold still."""
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        backups.make()
        mine.desk.set_text(mine.id(0), "SAVED")
        await mine.sync()
        backups.put_back()
        for text in ("Zwei", "Deux"):
            mine.desk.set_text(mine.id(1), text)
            assert mine.session.engine is not None
            await mine.session.engine.settle()
        await mine.sync()
        untouched(mine, "SAVED", "Deux")


async def test_it_was_restored_and_written_to_while_we_were_away(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    project = tmp_path / "film.vttproj"
    async with desk(url, token=server.token, journal=project) as mine:
        backups.make()
        mine.desk.set_text(mine.id(0), "SAVED")
        await mine.sync()
        mine.desk.offline = True
        mine.desk.set_times(mine.id(0), 1100, 2000)
    backups.put_back()
    async with desk(url, token=server.token) as other:
        for text in ("2", "3"):
            other.desk.set_text(other.id(1), text)
            await other.sync()
    async with desk(str(project), token=server.token, journal=project) as mine:
        mine.desk.offline = False
        await mine.sync()
        untouched(mine, "SAVED", "Two")
        await mine.desk.decide_setback("mine")
        (found,) = mine.desk.conflicts  # what the other one wrote since, over what we would put back
        assert found.theirs is not None and found.theirs.text == "3"


async def test_a_listener_hears_of_it(tmp_path: Path, server: ServerProcess, backups: Backups) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token, listen=True) as mine:
        backups.make()
        mine.desk.set_text(mine.id(0), "SAVED")
        await mine.sync()
        backups.put_back()
        async with desk(url, token=server.token) as other:
            for text in ("2", "3"):
                other.desk.set_text(other.id(1), text)
                await other.sync()
        await until(mine, lambda: mine.session.sync.setback)
        untouched(mine, "SAVED", "Two")


async def test_the_project_was_made_anew_with_something_else_in_it(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    async with desk(url, token=server.token) as mine:
        await worked(mine)
        backups.wipe()
        film = f"{FILM}\n00:05.000 --> 00:06.000\nNew\n" * 3
        await published(tmp_path, server.url, server.token, film, url.rpartition("/")[2])
        mine.desk.set_times(mine.id(0), 1100, 2000)
        assert mine.session.engine is not None
        await mine.session.engine.settle()
        await halted(mine, Setback.ANOTHER)


async def test_a_long_absence_is_no_setback(tmp_path: Path, server: ServerProcess) -> None:
    """More changes than a page of the feed holds: each page is asked for from the end of the one before."""
    blocks = (f"{s // 60:02}:{s % 60:02}.000 --> {s // 60:02}:{s % 60:02}.900\n{s}\n" for s in range(1100))
    url = await published(tmp_path, server.url, server.token, "WEBVTT\n\n" + "\n".join(blocks))
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        other.desk.shift([cue.id for cue in other.desk.cues], 10)
        await other.sync()
        await mine.sync()
        assert mine.values == other.values and mine.desk.setback == ""


async def test_headless_it_is_said_and_decided_by_an_option(
    tmp_path: Path, server: ServerProcess, backups: Backups
) -> None:
    url = await published(tmp_path, server.url, server.token, FILM)
    project = tmp_path / "film.vttproj"
    async with desk(url, token=server.token, journal=project) as mine:
        backups.make()
        await worked(mine)
    backups.put_back()

    def sync(*options: str) -> tuple[int, str]:
        command = [
            sys.executable,
            "-m",
            "vtt_desktop",
            "sync",
            *options,
            "--token",
            server.token,
            str(project),
        ]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
        return done.returncode, done.stderr

    for _ in range(2):  # found, and then remembered
        status, said = sync()
        assert status == 1 and "older state" in said and "--went-back mine" in said
        assert said.count("\n") == 1 and "Traceback" not in said
    async with desk(str(project), token=server.token, journal=project) as mine:
        assert mine.session.sync.setback is Setback.OLDER  # also over a restart
        assert mine.texts == ["SAVED", "INSERTED"]
        mine.desk.set_text(mine.id(0), "typed meanwhile")
    assert sync("--went-back", "mine") == (0, "")
    async with desk(url, token=server.token) as other:
        assert other.texts == ["typed meanwhile", "INSERTED"]
