"""A place in the list of recent ones is opened as it was opened the first time."""

from pathlib import Path

from tests.driver import program_running
from tests.interop.desks import published
from tests.server_process import ServerProcess
from vtt_desktop.resources import ROOT


async def test_a_recent_address_is_opened_with_its_profile(server: ServerProcess, tmp_path: Path) -> None:
    text = (ROOT / "profiles" / "vtt-desktop.toml").read_text()
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('name = "VTT Desktop server"', 'name = "mine"'))
    url = await published(tmp_path, server.url, server.token)
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.editor.workspace.open_server(url, server.token, str(mine))
        assert editor.session._target is not None and editor.session._target.profile.name == "mine"
    async with program_running(tmp_path / "settings.ini") as editor:
        workspace = editor.editor.workspace
        await workspace.open_server(workspace.recent[0], server.token)
        assert editor.session._target is not None and editor.session._target.profile.name == "mine"
