"""The system asks the program to end: a terminal that closes, a logout, a service manager."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.driver import PATIENCE, program_running
from vtt_desktop.app.signals import ENDING, EndingSignals


@pytest.mark.skipif(os.name == "nt", reason="signals of that kind end the process there")
@pytest.mark.parametrize("number", ENDING)
async def test_it_ends_and_what_was_typed_is_there(
    film: Path, tmp_path: Path, number: signal.Signals
) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        signals = EndingSignals(editor.window.leave, editor.window)
        try:
            editor.type(" typed", 1)
            os.kill(os.getpid(), number)
            await asyncio.wait_for(editor.editor.finished.wait(), PATIENCE)
        finally:
            signals.release()
    assert b"typed" not in film.read_bytes()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert editor.row(1).text == "One typed"
