"""A document shared through a real server, from the window: colleagues, conflicts, no network."""

from pathlib import Path

import pytest

from tests.driver import Driver, colleague, program_running, story
from tests.server_process import ServerProcess
from vtt_desktop.app.opening import Source, open_source, publish
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.ui.dialogs.conflict import MOVED

SAVED = "All saved on server"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    cues = "".join(f"00:0{i}.000 --> 00:0{i}.900\nCue {i}\n\n" for i in range(1, 6))
    path.write_text(f"WEBVTT\n\n{cues}")
    return path


@pytest.fixture
def url(server: ServerProcess) -> str:
    return f"{server.url}/projects/film"


async def published(film: Path, server: ServerProcess, url: str) -> None:
    """The film in a project, with no window on it."""
    tasks = Tasks()
    session = await open_source(Source(str(film)), tasks)
    await publish(session, parse_target(url), tasks, server.token)
    await session.close()
    await tasks.close()


async def share(editor: Driver, film: Path, server: ServerProcess, url: str) -> None:
    """The window on a film that was just published from it."""
    await editor.open(film)
    await editor.editor.workspace.publish(url, server.token)
    await editor.status_is(SAVED)


@story
async def test_publish_from_the_window(editor: Driver, film: Path, server: ServerProcess, url: str) -> None:
    await editor.open(film)
    before = film.read_bytes()
    editor.run("publish")
    await editor.dialog_opens()
    editor.fill("Address", url)
    editor.fill("Token", "wrong")
    editor.click("Publish")
    await editor.until("the refusal", lambda: getattr(editor.dialog, "wrong", ""))
    assert editor.status == "Local file"
    editor.fill("Token", server.token)
    editor.click("Publish")
    await editor.dialog_closes()
    assert editor.status == SAVED and editor.session.shared_url == url
    editor.type("!", 2)
    assert editor.sync(2) == "Waiting to be sent"
    await editor.badge(2, "Saved")
    async with colleague(url, server.token) as desk:
        assert [cue.text for cue in desk.cues] == ["Cue 1", "Cue 2!", "Cue 3", "Cue 4", "Cue 5"]
    assert film.read_bytes() == before, "the file is written when somebody saves it"
    editor.run("test-backend")
    await editor.dialog_opens()
    assert (editor.filled("Profile"), editor.filled("Address")) == ("vtt-desktop", url), (
        "the one that is open"
    )


@story
async def test_open_from_a_server(editor: Driver, film: Path, server: ServerProcess, url: str) -> None:
    await published(film, server, url)
    editor.run("open-server")
    await editor.dialog_opens()
    editor.fill("Address", url)
    editor.fill("Token", server.token)
    editor.click("Open")
    await editor.until("the cues", lambda: len(editor.texts) == 5)
    assert editor.status == SAVED and editor.sync(1) == "Saved"
    async with colleague(url, server.token) as desk:
        desk.set_text(desk.cues[4].id, "From the other desk")
    await editor.until("it arrives", lambda: editor.row(5).text == "From the other desk")


@story
async def test_a_colleague_edits_while_i_type(
    editor: Driver, film: Path, server: ServerProcess, url: str
) -> None:
    await share(editor, film, server, url)
    editor.type(" is mine", 3)
    editor.press("Home")
    caret, current = editor.caret, editor.current
    async with colleague(url, server.token) as desk:
        desk.insert(start=0, end=500, text="Before all")
        desk.set_text(desk.cues[5].id, "Theirs")
        desk.remove([desk.cues[2].id])
    await editor.until(
        "it arrives", lambda: editor.texts == ["Before all", "Cue 1", "Cue 3 is mine", "Cue 4", "Theirs"]
    )
    assert (editor.caret, editor.current) == (caret, current) and editor.typed == "Cue 3 is mine"
    editor.type("So: ")
    assert editor.row(3).text == "So: Cue 3 is mine"
    editor.press("Ctrl+Z")
    assert editor.row(3).text == "Cue 3 is mine", "undo is mine alone"
    await editor.badge(3, "Saved")


@story
async def test_a_colleague_in_the_same_cue_moves_only_the_text(
    editor: Driver, film: Path, server: ServerProcess, url: str
) -> None:
    await share(editor, film, server, url)
    editor.select(2)
    editor.window.editor.focus_text()
    editor.press("Ctrl+End")
    async with colleague(url, server.token) as desk:
        desk.set_text(desk.cues[1].id, "This is cue 2")
    await editor.until("it arrives", lambda: editor.typed == "This is cue 2")
    assert editor.caret == len("This is cue 2")
    editor.type(", yes")
    await editor.badge(2, "Saved")
    assert editor.row(2).text == "This is cue 2, yes"


async def in_conflict(editor: Driver, server: ServerProcess, url: str, number: int = 2) -> None:
    """Mine and theirs on one cue's text."""
    editor.run("offline")
    editor.type(" mine", number)
    async with colleague(url, server.token) as desk:
        desk.set_text(desk.cues[number - 1].id, f"Cue {number} theirs")
    editor.run("offline")
    await editor.until("the conflict", lambda: "Conflict" in editor.sync(number))


@story
async def test_a_conflict_waits_and_is_resolved_by_keyboard_alone(
    editor: Driver, film: Path, server: ServerProcess, url: str
) -> None:
    await share(editor, film, server, url)
    await in_conflict(editor, server, url)
    assert editor.dialog is None, "nothing pops up over the typing"
    assert "1 conflict" in editor.status
    editor.type(", still typing")
    editor.type(" goes on", 4)
    await editor.badge(4, "Saved")
    editor.press("Ctrl+Shift+K")
    await editor.dialog_opens()
    conflict = editor.conflict.conflict
    assert conflict is not None and conflict.theirs is not None
    assert conflict.theirs.text == "Cue 2 theirs"
    editor.press("Esc")
    await editor.dialog_closes()
    assert "1 conflict" in editor.status
    editor.press("Ctrl+Shift+K")
    await editor.dialog_opens()
    editor.press("Alt+M")
    await editor.dialog_closes()
    await editor.status_is(SAVED)
    editor.type("!", 2)
    await editor.badge(2, "Saved")
    assert editor.row(2).text == "Cue 2 mine, still typing!"
    async with colleague(url, server.token) as desk:
        assert desk.cues[1].text == "Cue 2 mine, still typing!"


@story
async def test_the_other_side_moves_while_the_dialog_is_open(
    editor: Driver, film: Path, server: ServerProcess, url: str
) -> None:
    await share(editor, film, server, url)
    await in_conflict(editor, server, url)
    editor.run("conflicts")
    await editor.dialog_opens()
    async with colleague(url, server.token) as desk:
        desk.set_text(desk.cues[1].id, "Cue 2 theirs, again")
    await editor.until("it says so", lambda: editor.conflict.notice == MOVED)
    editor.press("Alt+T")
    await editor.dialog_closes()
    await editor.badge(2, "Saved")
    assert editor.row(2).text == "Cue 2 theirs, again"
    editor.select(2)
    editor.run("undo")
    assert editor.row(2).text == "Cue 2 mine", "what was not chosen is one step back"


@story
async def test_offline_is_a_switch(editor: Driver, film: Path, server: ServerProcess, url: str) -> None:
    await share(editor, film, server, url)
    editor.press("Ctrl+Alt+F")
    assert editor.status == "Offline — nothing queued"
    editor.type("!", 1)
    editor.select(5)
    editor.run("insert-after")
    editor.type("New")
    assert editor.status == "Offline — 2 edits queued"
    assert editor.sync(1) == "Waiting to be sent — offline"
    async with colleague(url, server.token) as desk:
        assert len(desk.cues) == 5
    editor.press("Ctrl+Alt+F")
    await editor.status_is(SAVED)
    async with colleague(url, server.token) as desk:
        assert [cue.text for cue in desk.cues] == ["Cue 1!", "Cue 2", "Cue 3", "Cue 4", "Cue 5", "New"]


@story
async def test_the_server_stops_and_comes_back(
    editor: Driver, film: Path, server: ServerProcess, url: str
) -> None:
    await share(editor, film, server, url)
    server.stop()
    editor.type("!", 1)
    await editor.until("the link is down", lambda: editor.status.startswith("Cannot reach server"))
    editor.type("?", 2)
    await editor.status_is("Cannot reach server — 2 edits queued")
    assert editor.dialog is None
    server.start()
    editor.press("Ctrl+R")
    await editor.status_is(SAVED)
    async with colleague(url, server.token) as desk:
        assert [cue.text for cue in desk.cues][:2] == ["Cue 1!", "Cue 2?"]


async def test_queue_conflict_and_undo_over_a_restart(
    film: Path, tmp_path: Path, server: ServerProcess, url: str
) -> None:
    settings = tmp_path / "settings.ini"
    async with program_running(settings) as editor:
        await editor.open(film)
        await editor.editor.workspace.publish(url, server.token)
    async with program_running(settings) as editor:
        await editor.open(url, server.token)
        await in_conflict(editor, server, url)
        editor.run("offline")
        editor.type(" queued", 4)
    async with program_running(settings) as editor:
        await editor.open(url, server.token)
        assert editor.status == "Offline — 1 edit queued · 1 conflict"
        assert editor.row(2).text == "Cue 2 mine" and "Conflict" in editor.sync(2)
        editor.run("undo")
        assert editor.row(4).text == "Cue 4"
        editor.run("redo")
        editor.run("offline")
        await editor.badge(4, "Saved")
        assert "Conflict" in editor.sync(2)


async def test_a_token_that_is_no_longer_taken(
    film: Path, tmp_path: Path, server: ServerProcess, url: str
) -> None:
    settings = tmp_path / "settings.ini"
    async with program_running(settings) as editor:
        await editor.open(film)
        await editor.editor.workspace.publish(url, server.token)
    async with program_running(settings) as editor:
        await editor.open(film, "old-token")
        editor.type("!", 1)
        await editor.status_is("Token needed — 1 edit queued")
        editor.run("token")
        await editor.dialog_opens()
        editor.fill("Token", server.token)
        editor.click("Use token")
        await editor.status_is(SAVED)


@story
async def test_a_server_that_cannot_be_opened_is_said(
    editor: Driver, film: Path, server: ServerProcess
) -> None:
    await editor.open(film)
    await editor.open(f"{server.url}/projects/none", server.token)
    assert editor.message and len(editor.texts) == 5
    await editor.open(f"{server.url}/projects/none", "wrong")
    assert "oken" in editor.message and "wrong" not in editor.message
