"""The main job against our own server as a process: everything through the macro desk, over real sockets."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.interop.desks import FILE, desk, published, until
from tests.server_process import ROOT, ServerProcess
from vtt_desktop.domain.errors import UserError


async def test_an_edit_is_saved_under_a_new_tag(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        cue = mine.id(0)
        before = mine.desk.etag(cue)
        mine.desk.set_text(cue, "first words, better")
        assert mine.desk.status(cue) == "dirty"
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        assert mine.desk.etag(cue) not in (None, before)
        served = httpx.get(f"{url}/file", headers=server.headers).content.decode()
        assert served == FILE.replace("first words", "first words, better")
        assert mine.write(tmp_path / "mine.vtt").decode() == served


async def test_412_merges_different_fields_in_silence(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        other.desk.set_times(other.id(0), 1100, 2100)
        await other.sync()
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.conflicts == []
        assert mine.desk.status(mine.id(0)) == "synced"
        await other.sync()
        assert mine.values == other.values
        assert mine.desk.cues[0].text == "mine" and mine.desk.cues[0].start == 1100


@pytest.mark.parametrize("choice", ["mine", "theirs", "composed"])
async def test_the_same_field_is_a_conflict_until_a_person_decides(
    server: ServerProcess, tmp_path: Path, choice: str
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        other.desk.set_text(other.id(0), "theirs")
        await other.sync()
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        cue = mine.id(0)
        assert mine.desk.status(cue) == "conflict"
        (conflict,) = mine.desk.conflicts
        assert conflict.base is not None and conflict.mine is not None and conflict.theirs is not None
        sides = (conflict.base.text, conflict.mine.text, conflict.theirs.text)
        assert sides == ("first words", "mine", "theirs")
        await other.sync()
        assert other.texts[0] == "theirs"  # nothing of mine went out over theirs
        composed = mine.desk.cues[0].with_(text="composed")
        mine.desk.resolve(cue, composed if choice == "composed" else choice)
        await mine.sync()
        assert mine.desk.status(cue) == "synced" and mine.desk.cues[0].text == choice
        mine.desk.set_text(cue, "and the next save works")
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        await other.sync()
        assert other.values == mine.values


async def test_edit_against_delete_is_a_conflict_in_both_directions(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        other.desk.set_text(other.id(1), "edited over there")
        other.desk.remove(other.id(0))
        await other.sync()
        first, second = mine.id(0), mine.id(1)
        mine.desk.set_text(first, "edited here")
        mine.desk.remove(second)
        await mine.sync()
        kinds = {c.id: c.kind.value for c in mine.desk.conflicts}
        assert kinds == {first: "removed-there", second: "removed-here"}
        assert mine.desk.status(first) == "gone"
        mine.desk.resolve(first, "mine")
        mine.desk.resolve(second, "theirs")
        await mine.sync()
        await other.sync()
        assert mine.desk.conflicts == []
        assert mine.values == other.values
        assert mine.texts[:2] == ["edited here", "edited over there"]


async def test_offline_edits_wait_and_go_when_the_switch_is_turned(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        mine.desk.offline = True
        mine.desk.set_text(mine.id(0), "typed on a train")
        new = mine.desk.insert(after=mine.id(3), start=9000, end=9500, text="inserted on a train")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == mine.desk.status(new) == "dirty"
        await other.sync()
        assert other.texts[0] == "first words"
        mine.desk.offline = False
        await mine.sync()
        await other.sync()
        assert other.values == mine.values
        assert other.texts[0] == "typed on a train" and other.texts[4] == "inserted on a train"


async def test_a_server_that_was_away_gets_all_that_waited(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        server.stop()
        mine.desk.set_text(mine.id(0), "while it was away")
        mine.desk.remove(mine.id(3))
        await mine.sync()
        assert mine.desk.link == "unreachable"
        assert mine.desk.status(mine.id(0)) == "dirty"
        server.start()
        await mine.sync()
        assert mine.desk.link == "online"
        assert mine.desk.status(mine.id(0)) == "synced"
        served = httpx.get(f"{url}/file", headers=server.headers).content
        assert served == mine.write(tmp_path / "mine.vtt")
        assert b"while it was away" in served and b"fourth" not in served


async def test_a_link_that_was_lost_while_nothing_waited_comes_back(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        server.stop()
        await mine.sync()
        assert mine.desk.link == "unreachable"
        server.start()
        await mine.sync()
        assert mine.desk.link == "online"


async def test_insert_delete_split_merge_and_move_arrive_in_order(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        mine.desk.insert(after=None, start=0, end=500, text="before all")
        mine.desk.split(mine.id(2), at_char=6)
        mine.desk.merge([mine.id(4), mine.id(5)])
        mine.desk.insert(after=mine.id(1), start=2100, end=2200, text="between")
        await mine.sync()
        await other.sync()
        assert other.values == mine.values
        assert mine.desk.conflicts == other.desk.conflicts == []
        assert mine.desk.undo() and mine.desk.undo()
        other.desk.insert(after=other.id(1), start=2300, end=2400, text="at the same place")
        await other.sync()
        await mine.sync()
        await other.sync()
        assert other.values == mine.values
        assert httpx.get(f"{url}/file", headers=server.headers).content == mine.write(tmp_path / "a.vtt")


async def test_two_desks_type_at_once_and_end_equal(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with (
        desk(url, token=server.token, listen=True) as one,
        desk(url, token=server.token, listen=True) as two,
    ):
        for turn in range(5):
            one.desk.set_text(one.id(0), f"one {turn}")
            two.desk.set_text(two.id(1), f"two {turn}")
            one.desk.set_times(one.id(2), 5000 + turn, 6000)
            two.desk.set_settings(two.id(2), f"line:{turn}")
            await asyncio.gather(one.sync(), two.sync())
        await until(one, lambda: "two 4" in one.texts)
        await until(two, lambda: "one 4" in two.texts)
        await asyncio.gather(one.sync(), two.sync())
        await one.sync()
        await two.sync()
        assert one.values == two.values
        assert one.desk.conflicts == two.desk.conflicts == []


async def test_a_colleagues_change_arrives_by_itself(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token, listen=True) as mine, desk(url, token=server.token) as other:
        other.desk.set_text(other.id(2), "news")
        await other.sync()
        await until(mine, lambda: mine.texts[2] == "news")
        assert mine.desk.status(mine.id(2)) == "synced"
        assert not mine.desk.undo()  # it is no step of mine


async def test_a_wrong_token_keeps_all_and_a_right_one_sends_it(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        mine.session.set_token("wrong")
        mine.desk.set_text(mine.id(0), "kept")
        await mine.sync()
        assert mine.desk.link == "needs-token"
        assert mine.desk.status(mine.id(0)) == "dirty"
        mine.session.set_token(server.token)
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
    with pytest.raises(UserError, match="token"):
        async with desk(url, token="wrong"):
            pass


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.interop.desks import desk

async def main():
    url, token, journal = sys.argv[1:]
    async with desk(url, token=token, journal=Path(journal)) as mine:
        mine.desk.offline = True
        mine.desk.set_text(mine.id(0), "typed before the crash")
        mine.desk.remove(mine.id(3))
        await mine.session._journal.flushed()
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_desk_goes_on_where_it_was(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    journal = tmp_path / "film.vttproj"
    command = [sys.executable, "-c", KILLED, url, server.token, str(journal)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
    async with desk(str(journal), token=server.token) as again:
        assert again.desk.offline
        assert again.texts == ["typed before the crash", "second words", "third words"]
        assert again.desk.status(again.id(0)) == "dirty"
        again.desk.offline = False
        await again.sync()
        assert again.desk.status(again.id(0)) == "synced"
        served = httpx.get(f"{url}/file", headers=server.headers).content
        assert served == again.write(tmp_path / "again.vtt")
        assert again.desk.undo() and again.desk.undo()
        assert again.texts[0] == "first words" and len(again.texts) == 4
        await again.sync()
        assert httpx.get(f"{url}/file", headers=server.headers).content.decode() == FILE
