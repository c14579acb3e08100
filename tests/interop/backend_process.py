"""Somebody else's server as a real process that says where it listens."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on now, for a server that cannot choose one itself."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def listening(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Starts the command and gives the address that it prints; it is killed at the end."""
    with (folder / "backend.log").open("a") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        found: queue.SimpleQueue[str] = queue.SimpleQueue()
        stream = process.stdout

        def read() -> None:
            for line in stream:  # to its end: a full pipe would stop the server
                if address := re.search(r"(?:listening|successfully listens|started) on (\S+)", line):
                    found.put(address[1])
            found.put("")

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        address = found.get(timeout=START_SECONDS)
        if not address:
            raise RuntimeError(f"it did not start: {(folder / 'backend.log').read_text()[-2000:]}")
        yield address if "://" in address else f"http://{address}"
    finally:
        process.kill()
        process.wait()
        reader.join()
        stream.close()
