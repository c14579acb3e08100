"""Stories run on the loop that the program has: asyncio inside Qt's own."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.server_process import ServerProcess, running_server
from vtt_desktop.app.callbacks import Loop
from vtt_desktop.app.start import make_application


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": lambda: Loop(make_application())}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A real server of its own, which the story may stop and start."""
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(folder) as one:
        yield one


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of four cues with things that only a lossless editor keeps."""
    path = tmp_path / "film.vtt"
    path.write_bytes(
        b"\xef\xbb\xbfWEBVTT  a title\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: lime }\r\n\r\n"
        b"NOTE first\r\n\r\n1\r\n00:01.000 --> 00:02.000  line:0\r\nOne\r\n\r\n\r\n"
        b"00:00:02.500  -->  00:00:03.500\r\nTwo \xff\r\n\r\nhello\r\n\r\n"
        b"00:04.000 --> 00:05.000\r\nThree\r\n\r\n00:06.000 --> 00:07.000\r\n<i>Four</i>"
    )
    return path
