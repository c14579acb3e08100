"""The other processes of the demonstration: the server, and a colleague's desk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from vtt_desktop.domain.errors import UserError
from vtt_desktop.resources import resource

TOKEN_VARIABLE = "VTT_DESKTOP_TOKEN"
PROJECT = "the-last-ferry"
KILL_ME = "ready to be killed"
"""What the editor says at the end of the first act, on its standard output."""
_LISTENING = "listening on "
_COLLEAGUE = Path(__file__).with_name("colleague.py")


@dataclass(slots=True)
class Stage:
    """What the processes of one demonstration share; kept in a file, so that a restarted editor finds it."""

    folder: str
    film: str
    out: str
    token: str
    url: str = ""
    server_pid: int = 0

    @property
    def project_url(self) -> str:
        return f"{self.url}/projects/{PROJECT}"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process: the token, and folders of its own, so that nobody's real documents are met."""
        home = {name: f"{self.folder}/{name.lower()}" for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME")}
        return {**os.environ, **home, TOKEN_VARIABLE: self.token}

    def save(self) -> None:
        (Path(self.folder) / "stage.json").write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Stage:
        return cls(**json.loads((folder / "stage.json").read_text("utf-8")))


def command(*arguments: str) -> list[str]:
    """How this program is started again."""
    return [sys.executable, "-m", "vtt_desktop", *arguments]


def start_server(stage: Stage) -> None:
    """Starts the real server on a free port, or on the one it had; returns when it accepts."""
    port = stage.url.rpartition(":")[2] or "0"
    store = f"sqlite:///{stage.folder}/server.sqlite"
    log = open(Path(stage.folder) / "server.log", "ab")  # the server's for its whole life
    with log:
        process = subprocess.Popen(
            command("serve", "--port", port, "--store", store),
            stdout=subprocess.PIPE,
            stderr=log,
            env=stage.environment,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line.startswith(_LISTENING):
        words = (Path(stage.folder) / "server.log").read_text("utf-8", "replace").strip().splitlines()
        raise UserError(f"The server did not start: {words[-1] if words else line or 'it said nothing'}")
    stage.url = line.removeprefix(_LISTENING)
    stage.server_pid = process.pid
    _children[process.pid] = process
    stage.save()


_children: dict[int, subprocess.Popen[str]] = {}


def stop_server(stage: Stage) -> None:
    """Ends the server and returns when its port is closed."""
    pid, stage.server_pid = stage.server_pid, 0
    stage.save()
    if not pid:
        return
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    child = _children.pop(pid, None)
    if child is not None:
        child.wait(10)


def publish_sample(stage: Stage) -> None:
    """Puts the sample into a project on the server, with the program's own command."""
    sample = str(resource("sample", "the-last-ferry.vtt"))
    done = subprocess.run(
        command("publish", sample, stage.project_url),
        env=stage.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError(f"The sample could not be published: {done.stderr.strip()}")


def colleague(stage: Stage, *arguments: str) -> dict[str, object]:
    """A second desk, in a process of its own: runs the macro `colleague.py` and gives what it printed."""
    done = subprocess.run(
        command("run", str(_COLLEAGUE), stage.project_url, "--", *arguments),
        env=stage.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise UserError(f"The colleague's desk failed: {done.stderr.strip() or 'it said nothing'}")
    answer: dict[str, object] = json.loads(lines[-1])
    return answer
