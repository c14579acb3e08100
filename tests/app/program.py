"""The program as its user has it: real processes, with folders of their own; never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which a process that was to end has failed its test."""

TWO_CUES = (
    "WEBVTT\n\n1\n00:01.000 --> 00:02.000 line:0\nHello\n\nNOTE kept\n\n00:03.000 --> 00:04.500\nWorld\n"
)


@dataclass(frozen=True)
class Result:
    """How a process ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """The last line of the output, which a macro printed as JSON."""
        assert self.out.strip(), f"it said nothing; on stderr: {self.err!r}"
        return json.loads(self.out.strip().splitlines()[-1])

    def sentence(self, pattern: str, status: int = 3) -> None:
        """It ended with that status, and stderr is one line in which the pattern is found."""
        assert self.status == status, (self.status, self.err)
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, lines
        assert re.search(pattern, lines[0]), lines[0]


class Program:
    """`vtt-desktop` in `folder`. No test meets another's journals, logs or tokens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "HOME": str(folder),
            **{f"XDG_{kind}_HOME": str(folder / f".{kind}") for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        }

    def command(self, *arguments: str | bytes | Path) -> list[str | bytes]:
        plain = [str(one) if isinstance(one, Path) else one for one in arguments]
        return [sys.executable, "-m", "vtt_desktop", *plain]

    def __call__(
        self, *arguments: str | bytes | Path, token: str = "", patience: float = PATIENCE, **how: Any
    ) -> Result:
        """Runs one command to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env={**self.environment, **({"VTT_DESKTOP_TOKEN": token} if token else {}), **how.pop("env", {})},
            capture_output=True,
            timeout=patience,
            check=False,
            **how,
        )
        result = Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace"))
        assert "Traceback" not in result.err, result.err
        return result

    def file(self, name: str, content: str | bytes = TWO_CUES) -> Path:
        """A file in the program's folder."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def macro(self, body: str, name: str = "macro.py") -> Path:
        """A macro: `body` is what its `async def main(desk, *args)` does; `tell(x)` prints JSON."""
        head = "import json\n\n\ndef tell(said):\n    print(json.dumps(said))\n\n\n"
        head += "async def main(desk, *args):\n"
        inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
        return self.file(name, head + inside + "\n")

    def run(self, body: str, source: str | Path = "", *options: str | Path, **how: Any) -> Result:
        """Runs a macro that is written in place on a source."""
        named: Sequence[str | Path] = [source] if source else []
        return self("run", *options[: _dashes(options)], self.macro(body), *named, *_after(options), **how)


def _dashes(options: Sequence[str | Path]) -> int:
    return options.index("--") if "--" in options else len(options)


def _after(options: Sequence[str | Path]) -> Sequence[str | Path]:
    return options[_dashes(options) :]


class Backend:
    """A small HTTP server in a thread of the test. `heard` are the requests: method, path, headers, body."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []
        backend = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer on a kept connection takes 40 ms

            def log_message(self, format: str, *args: Any) -> None:
                """Tests say what they want to know."""

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                backend.heard.append((self.command, self.path, dict(self.headers), body))
                status, headers, said = backend.answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(said))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_PATCH = do_PUT = do_POST = do_DELETE = answer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer: each backend has its own."""
        raise NotImplementedError  # there is no backend of this kind itself

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def closing(backend: Backend) -> Iterator[Any]:
    """For fixtures: the backend, and its end."""
    try:
        yield backend
    finally:
        backend.close()
