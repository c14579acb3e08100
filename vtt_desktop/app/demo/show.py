"""Sets the stage for the demonstration: the editor for a person, or a story that plays by itself."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Timer
from urllib.request import ProxyHandler, Request, build_opener

from vtt_desktop.app.demo.film import sample_film
from vtt_desktop.app.demo.processes import (
    KILL_ME,
    Stage,
    colleague,
    command,
    publish_sample,
    start_server,
    stop_server,
)
from vtt_desktop.app.display import draw_in_memory, has_display
from vtt_desktop.domain.errors import UserError

_LONGEST_ACT_S = 240.0


def run_demo(*, script: bool, out: Path) -> int:
    """Plays the demonstration; exit status 0 where every step did what it should."""
    if not script and not has_display():
        print(f"There is no display: the story plays by itself, with its pictures in {out}/.", flush=True)
        script = True
    if script:
        _cleared(out)
    folder = Path(tempfile.mkdtemp(prefix="vtt-desktop-demo-"))
    place = Stage(str(folder), "", str(out.resolve()), secrets.token_urlsafe(24))
    try:
        place.film = str(sample_film())
        start_server(place)
        publish_sample(place)
        return _story(place, out) if script else _editor(place)
    finally:
        with suppress(FileNotFoundError):
            stop_server(Stage.load(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _editor(stage: Stage) -> int:
    """The editor on the shared sample, for a person; a second one can be opened beside it."""
    print(f"The sample film is shared at {stage.project_url}")
    print("To edit it from a second desk:")
    program = f"VTT_DESKTOP_TOKEN={stage.token} ./packaging/run"
    print(f"    {program} {stage.project_url}")
    return subprocess.run(
        command(stage.project_url, "--media", stage.film), env=stage.environment, check=False
    ).returncode


def _cleared(out: Path) -> None:
    """The folder for the pictures, without those of an earlier story."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {out} cannot be made: {error.strerror}.") from None
    for old in out.glob("[0-9][0-9]-*.png"):
        old.unlink()


def _story(stage: Stage, out: Path) -> int:
    draw_in_memory()
    stage.save()
    print(f"The story plays on {stage.project_url}; pictures go to {out}/", flush=True)
    first = _play(stage, 1, kill=True)
    second = _play(stage, 2, kill=False) if first == -signal.SIGKILL else 1
    if second not in (0, 1):
        print(f"✗ The editor ended by itself, with status {second}", flush=True)
    fine = second == 0 and _all_agree(stage)
    print("The story went as it should." if fine else "The story did not go as it should.", flush=True)
    return 0 if fine else 1


def _play(stage: Stage, act: int, *, kill: bool) -> int:
    """One life of the editor; where `kill`, it is ended by SIGKILL the moment it says that it is ready."""
    arguments = command("demo", "--act", str(act), "--stage", stage.folder)
    environment = {**stage.environment, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
        watchdog = Timer(_LONGEST_ACT_S, process.kill)
        watchdog.start()
        assert process.stdout is not None
        ready = False
        for line in process.stdout:
            if kill and line.strip() == KILL_ME:
                os.kill(process.pid, signal.SIGKILL)
                ready = True
            else:
                print(line, end="", flush=True)
        status = process.wait()
        watchdog.cancel()
    return status if ready or not kill else status or 1


def _all_agree(stage: Stage) -> bool:
    """Server, both desks and the saved files: the same bytes."""
    stage = Stage.load(Path(stage.folder))
    mine = Path(stage.folder) / "mine.vtt"
    theirs = Path(stage.folder) / "theirs.vtt"
    colleague(stage, "save", str(theirs))
    held = server_file(stage)
    same = mine.read_bytes() == theirs.read_bytes() == held
    sign = "✓" if same else "✗"
    print(f"{sign} Server, both desks and the saved files agree: {len(held)} bytes each", flush=True)
    return same


def server_file(stage: Stage) -> bytes:
    """The whole project as the server gives it out as a file."""
    request = Request(f"{stage.project_url}/file", headers={"Authorization": f"Bearer {stage.token}"})
    with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
        held: bytes = answer.read()
    return held
