"""The reference server as a process that can be stopped and started again where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SERVER = Path(__file__).parent / "servers" / "reference_server.py"


class ReferenceProcess:
    """`segments` are what it holds at first."""

    def __init__(self, folder: Path, segments: dict[str, str]) -> None:
        self.store = folder / "segments.json"
        self.store.write_text(json.dumps(segments), "utf-8")
        self._port = 0
        self._log = folder / "reference.log"
        self.start()

    @property
    def segments(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.store.read_text("utf-8"))
        return found

    def put(self, key: str, content: str) -> None:
        """As if somebody had saved it."""
        self.store.write_text(json.dumps({**self.segments, key: content}), "utf-8")

    def remove(self, key: str) -> None:
        self.store.write_text(json.dumps({k: v for k, v in self.segments.items() if k != key}), "utf-8")

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), str(self.store), str(self._port)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("listening on "):
            self.stop()
            raise RuntimeError(self._log.read_text())
        self.url = line.removeprefix("listening on ").strip()
        self._port = int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
