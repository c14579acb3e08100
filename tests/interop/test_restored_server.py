"""A server put back from an older copy: what it has lost was acknowledged here, and stays here."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.server_process import ServerProcess
from vtt_desktop.app.desk import Desk
from vtt_desktop.app.opening import Source, open_source, publish
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.sync.state import Link

FILM = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:03.000 --> 00:04.000\nTwo\n"


async def test_a_restored_backup_takes_nothing_away_and_is_said(tmp_path: Path) -> None:
    film = tmp_path / "film.vtt"
    film.write_text(FILM, "utf-8")
    server = ServerProcess(tmp_path)
    server.start()
    try:
        tasks = Tasks()
        session = await open_source(Source(str(film)), tasks)
        await publish(session, parse_target(f"{server.url}/projects/film"), tasks, server.token)
        server.stop()
        kept = tmp_path / "copy"
        kept.mkdir()
        for part in tmp_path.glob("server.sqlite*"):
            shutil.copy(part, kept)
        server.start()
        desk = Desk(session)
        desk.set_text(desk.cues[0].id, "SAVED")
        new = desk.insert(after=desk.cues[0].id, start=2100, end=2900, text="INSERTED")
        await desk.sync()
        assert {desk.status(cue.id) for cue in desk.cues} == {"synced"}
        server.stop()
        for part in tmp_path.glob("server.sqlite*"):
            part.unlink()
        for part in kept.iterdir():
            shutil.copy(part, tmp_path)
        server.start()
        await desk.sync()
        assert [cue.text for cue in desk.cues] == ["SAVED", "INSERTED", "Two"]
        assert desk.cue(new) is not None
        assert session.sync.link is Link.READ_ONLY
        assert "older state" in session.sync.summary.detail
        await session.close()
        await tasks.close()
    finally:
        server.stop()
