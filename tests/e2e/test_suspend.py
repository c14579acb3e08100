"""A computer is suspended with the program on it, and the server is another process when it wakes."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from tests.app.program import PATIENCE, ROOT, Program
from tests.e2e.napper import WORDS
from tests.interop.desks import desk, published
from tests.server_process import running_server

BEFORE = 5
"""Words after which it is stopped."""


async def changed_by_a_colleague(url: str, token: str) -> None:
    async with desk(url, token=token) as screen:
        screen.desk.set_text(screen.id(1), "a colleague's words")
        await screen.sync()


async def read(url: str, token: str) -> list[str]:
    async with desk(url, token=token) as screen:
        return screen.texts


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be stopped there")
def test_after_a_nap_it_sends_its_own_and_hears_the_others(program: Program, tmp_path: Path) -> None:
    """I1, I3, I6: stopped while it types and sends; the server is killed and started again meanwhile."""
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(folder) as server:
        url = asyncio.run(published(program.folder, server.url, server.token))
        journal = program.folder / "film.vttproj"
        with subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.napper", url, str(journal)],
            env={**program.environment, "VTT_DESKTOP_TOKEN": server.token, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            watchdog = Timer(PATIENCE, process.kill)
            watchdog.start()
            assert process.stdout is not None and process.stderr is not None
            said = [process.stdout.readline().strip() for _ in range(BEFORE)]
            os.kill(process.pid, signal.SIGSTOP)
            server.kill()
            server.start()
            asyncio.run(changed_by_a_colleague(url, server.token))
            os.kill(process.pid, signal.SIGCONT)
            said += process.stdout.read().split()
            status, error = process.wait(), process.stderr.read()
            watchdog.cancel()
        assert status == 0, error
        texts = asyncio.run(read(url, server.token))
    assert said == [f"word{i}" for i in range(1, WORDS + 1)]
    assert texts[:2] == [f"first words {' '.join(said)}", "a colleague's words"]
