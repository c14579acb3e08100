"""A project that a macro left offline, or that stopped: each later run says so, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.app.program import Program
from tests.app.reference_server import ReferenceServer
from vtt_desktop.app import headless
from vtt_desktop.domain.errors import UserError

OFFLINE = "vtt-desktop: The project is offline until “vtt-desktop sync --online PROJECT”.\n"
WAITING = "vtt-desktop: 1 edit not sent; the project is offline until “vtt-desktop sync --online PROJECT”.\n"
EDIT = "desk.set_text(desk.cues[0].id, 'Mine')"
STOP = "raise desk.UserError('The film is missing.')"

Run = Callable[..., Awaitable[int]]


@pytest.fixture
def run(program: Program, reference: ReferenceServer) -> Run:
    async def run(body: str, project: str = "p.vttproj") -> int:
        kept = str(program.folder / project) if project else ""
        source = f"{reference.url}/vtt/s1"
        macro = program.macro(body)
        return await headless.run(macro, source, (), profile="", ids=(), token="", project=kept, save=False)

    return run


@pytest.mark.parametrize("stopped", [STOP, "1 / 0", ""])
async def test_later_runs_say_that_the_project_is_offline(
    stopped: str, run: Run, program: Program, reference: ReferenceServer, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = f"desk.offline = True\n{EDIT}\n{stopped}"
    if stopped == STOP:
        with pytest.raises(UserError, match="The macro stopped in line 11: The film is missing"):
            await run(stop)
    else:
        assert await run(stop) == (1 if stopped else 0)
    assert WAITING in capsys.readouterr().err
    reference.heard.clear()
    assert await run("assert desk.offline") == 0
    assert capsys.readouterr().err == WAITING and reference.heard == []
    assert await run("desk.undo()") == 0
    assert capsys.readouterr().err == OFFLINE, "also where nothing waits: it hears of nobody"


async def test_a_sync_may_end_it(
    run: Run, program: Program, reference: ReferenceServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(f"desk.offline = True; {EDIT}")
    project = str(program.folder / "p.vttproj")
    assert await headless.sync_project(project, "", online=True) == 0
    assert "Mine" in reference.contents["s1"]
    capsys.readouterr()
    assert await run("assert not desk.offline; desk.set_text(desk.cues[0].id, 'Again')") == 0
    assert capsys.readouterr().err == "" and "Again" in reference.contents["s1"]


async def test_without_a_project_it_is_said_that_nothing_is_kept(
    run: Run, reference: ReferenceServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(f"desk.offline = True; {EDIT}", "") == 3
    words = "1 edit not sent; the macro went offline, and without --project nothing keeps it."
    assert capsys.readouterr().err == f"vtt-desktop: {words}\n"


async def test_what_was_edited_before_a_macro_stopped_is_sent(
    run: Run, reference: ReferenceServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="The film is missing"):
        await run(f"{EDIT}; {STOP}", "")
    assert "Mine" in reference.contents["s1"] and capsys.readouterr().err == ""
