"""The real server as a real process, for tests of anything that talks to it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


class ServerProcess:
    """`python -m vtt_desktop.server` on a store in `folder`, or the one of `store_url`, on loopback.

    The port is free at the first start and the same at every later one, so that a client finds a
    restarted server where it was. `url` has no trailing slash. `token` is asked for by the server.
    """

    def __init__(
        self,
        folder: Path,
        *,
        token: str = "a-token-for-tests",
        options: Sequence[str] = (),
        store_url: str = "",
        before_exec: Callable[[], None] | None = None,
    ) -> None:
        self.token = token
        self.store = folder / "server.sqlite"
        self.url = ""
        self.output: list[str] = []
        self._store_url = store_url or f"sqlite:///{self.store}"
        self._options = list(options)
        self._before_exec = before_exec
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self._folder = folder

    @property
    def headers(self) -> dict[str, str]:
        """What a client sends to be let in."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until connections are accepted; raises RuntimeError with what it said instead."""
        assert not self.running
        command = [sys.executable, "-m", "vtt_desktop.server", "--store", self._store_url]
        command += ["--port", str(self._port), *self._options]
        with (self._folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "VTT_DESKTOP_TOKEN": self.token},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=self._before_exec,
            )
        line = self._first_line()
        if not line.startswith("listening on "):
            self.kill()
            raise RuntimeError(f"the server did not start: {line!r} {self.log()}")
        self.url = line.removeprefix("listening on ").strip()
        self._port = int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        """SIGTERM, as a service manager stops it; returns the exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL, as a crash ends it."""
        return self._end(signal.SIGKILL)

    def log(self) -> str:
        """What it wrote on stderr so far."""
        return (self._folder / "server.log").read_text()

    def _end(self, number: int) -> int:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
        try:
            status = self._process.wait(timeout=20)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
        return status

    def _first_line(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        stream = self._process.stdout
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
        try:
            return lines.get(timeout=START_SECONDS)
        except queue.Empty:
            return ""


@contextlib.contextmanager
def running_server(folder: Path, **settings: object) -> Iterator[ServerProcess]:
    """A started server that is gone at the end, however the test ends."""
    server = ServerProcess(folder, **settings)  # type: ignore[arg-type]
    server.start()
    try:
        yield server
    finally:
        if server.running:
            server.kill()
