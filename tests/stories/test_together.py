"""Working together, from the window: who is where, the sync log, a cue's versions, tokens that are found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.driver import Driver, colleague, story
from tests.server_process import ROOT, ServerProcess
from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.sync import presence
from vtt_desktop.ui.panels import cue_history
from vtt_desktop.ui.panels.sync_log_model import WHAT

SAVED = "All saved on server"


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SETTLE_S", 0.0)
    monkeypatch.setattr(cue_history, "ASK_AFTER_MS", 0)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    cues = "".join(f"00:0{i}.000 --> 00:0{i}.900\nCue {i}\n\n" for i in range(1, 6))
    path.write_text(f"WEBVTT\n\n{cues}")
    return path


async def share(editor: Driver, film: Path, server: ServerProcess) -> str:
    """The window on a film that was just published from it."""
    url = f"{server.url}/projects/film"
    await editor.open(film)
    await editor.editor.workspace.publish(url, server.token)
    await editor.status_is(SAVED)
    return url


@story
async def test_a_colleague_is_seen_where_they_are_until_they_are_gone(
    editor: Driver, film: Path, server: ServerProcess
) -> None:
    url = await share(editor, film, server)
    here = editor.window.shared_views.presence
    tasks = Tasks()
    bo = await open_source(Source(url, token=server.token, author="Bo Lee"), tasks)
    bo.listen()
    editor.select(2)
    editor.session.colleagues.changed.connect(lambda _nothing: editor._woken.set())
    bo.be_at(bo.document.snapshot.cues[3].id)
    await editor.until("Bo in row 4", lambda: "Bo Lee on this cue" in editor.sync(4))
    assert here.isVisible() and here.text().strip() == "Bo Lee"
    me = editor.editor.workspace._author
    if not [one for one in bo.colleagues.at(bo.document.snapshot.cues[1].id) if one.name == me]:
        bo.colleagues.changed.connect(lambda _nothing: editor._woken.set())
        await editor.until("me in their row 2", lambda: bo.colleagues.at(bo.document.snapshot.cues[1].id))
    assert editor.run("colleagues")
    here.list.actions()[0].trigger()
    here.list.close()
    assert editor.current == 4
    editor.run("offline")
    assert here.isHidden() and editor.sync(4) == "Saved"
    await bo.close()
    await tasks.close()


@story
async def test_a_merge_is_found_in_the_log_and_undone(
    editor: Driver, film: Path, server: ServerProcess
) -> None:
    url = await share(editor, film, server)
    editor.run("offline")
    editor.type(" mine", 2)
    async with colleague(url, server.token) as desk:
        desk.set_times(desk.cues[1].id, 2200, 2900)
    editor.run("offline")
    await editor.status_is(SAVED)
    assert editor.run("sync-log")
    log = editor.window.shared_views.show_log()
    model = log.table.model()
    words = [model.index(row, WHAT).data() for row in range(model.rowCount())]
    assert "Merged with yours: in-time" in words and "Saved: text" in words
    log.table.setCurrentIndex(model.index(words.index("Merged with yours: in-time"), 0))
    QTest.keyClick(log.back, Qt.Key.Key_Space)
    assert editor.row(2).start.endswith("02.000") and editor.row(2).text == "Cue 2 mine"
    log.close()
    await editor.status_is(SAVED)
    assert editor.run("undo") and editor.row(2).start.endswith("02.200")


@story
async def test_the_versions_of_a_cue_come_from_the_server_and_one_is_restored(
    editor: Driver, film: Path, server: ServerProcess
) -> None:
    url = await share(editor, film, server)
    async with colleague(url, server.token) as desk:
        desk.set_text(desk.cues[2].id, "theirs")
    await editor.until("their text", lambda: editor.row(3).text == "theirs")
    editor.select(3)
    assert editor.run("cue-history")
    window = editor.window.shared_views.show_history()
    await editor.idle()
    window.ask()
    await editor.idle()
    assert [version.cue.text for version in window.versions if version.cue] == ["theirs", "Cue 3"]
    assert "Text by colleague" in window.by.text()
    window.list.setFocus()
    window.list.setCurrentItem(window.list.topLevelItem(1))
    QTest.keyClick(window.restore, Qt.Key.Key_Space)
    assert editor.row(3).text == "Cue 3"
    window.close()
    await editor.status_is(SAVED)


@story
async def test_our_own_server_is_opened_without_typing_a_token(
    editor: Driver, film: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "vtt_desktop",
        "serve",
        "--port",
        "0",
        "--store",
        str(tmp_path / "s.sqlite"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = f"{process.stdout.readline().removeprefix('listening on ').strip()}/projects/film"
        await editor.open(film)
        editor.run("publish")
        await editor.dialog_opens()
        editor.fill("Address", url)
        editor.click("Publish")
        await editor.dialog_closes()
        await editor.status_is(SAVED)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@story
async def test_a_token_is_asked_for_and_the_form_says_that_it_is_not_kept(
    editor: Driver, film: Path, server: ServerProcess
) -> None:
    await share(editor, film, server)
    editor.session.set_token("an old one")
    editor.type("!", 1)
    await editor.until("the token is asked for", lambda: editor.status.startswith("Token needed"))
    editor.run("token")
    await editor.dialog_opens()
    await editor.idle()
    dialog = editor.dialog
    assert dialog is not None and "until you close the program" in dialog.keep.sentence.text()  # type: ignore[attr-defined]
    assert dialog.keep.sentence.isVisible()  # type: ignore[attr-defined]
    editor.fill("Token", "wrong again")
    editor.click("Use token")
    await editor.until("the refusal", lambda: getattr(editor.dialog, "wrong", ""))
    editor.fill("Token", server.token)
    editor.click("Use token")
    await editor.dialog_closes()
    await editor.status_is(SAVED)
