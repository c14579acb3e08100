"""Two desks on one server, each killed again and again in the middle of whatever it does: sending, merging,
deciding. Every word that either wrote is on the server once."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from tests.app.program import PATIENCE, ROOT, Program
from tests.e2e.lives import PROMISE_S, kept_from
from tests.e2e.sharer import decide
from tests.interop.desks import Screen, desk, published
from tests.server_process import ServerProcess, running_server

KILLS = int(os.environ.get("VTT_DESKTOP_KILLS", "50")) // 4
"""Of each desk."""
ROUNDS = 40
"""Rounds of sending, fetching and deciding after which two desks that are left alone agree."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(folder) as one:
        yield one


def life(
    command: list[str], peer: Path, environment: dict[str, str], words: int
) -> tuple[list[str], list[str]]:
    """One life of a desk: what was accepted so long before its end that it must be there, and all else."""
    said: list[tuple[float, str]] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watchdog = Timer(3 * PATIENCE, process.kill)
        watchdog.start()
        assert process.stdout is not None and process.stderr is not None
        died = 0.0
        for line in process.stdout:
            if line.endswith("]\n"):
                said.append(tuple(json.loads(line)))
            if not died and len(said) >= words:
                died = time.monotonic()
                os.kill(process.pid, signal.SIGKILL)
        watchdog.cancel()
        assert process.wait() == -signal.SIGKILL and died, process.stderr.read()
    sure = died - PROMISE_S - kept_from(peer, [moment for moment, _ in said], died)
    return [word for moment, word in said if moment < sure], [word for _, word in said]


def lives(program: Program, url: str, token: str, name: str, seed: int) -> tuple[list[str], list[str]]:
    chance = random.Random(f"{name} {seed}")
    environment = {**program.environment, "VTT_DESKTOP_TOKEN": token, "PYTHONPATH": str(ROOT)}
    sure: list[str] = []
    every: list[str] = []
    for number in range(KILLS):
        command = [
            sys.executable,
            "-m",
            "tests.e2e.sharer",
            url,
            str(program.folder / f"{name}.vttproj"),
            name,
        ]
        command += [str(number), str(seed + number)]
        peer = program.folder / f"{name}.peer"
        now_sure, now = life(command, peer, environment, chance.randint(1, 60))
        sure += now_sure
        every += now
    return sure, every


async def agreed(screens: list[Screen]) -> None:
    """Both go on until nothing waits on either side."""
    for _ in range(ROUNDS):
        for screen in screens:
            await screen.sync()
            decide(screen)
        left = [screen.session.sync.summary for screen in screens]
        if not any(one.waiting or one.conflicts for one in left) and screens[0].values == screens[1].values:
            return
    raise AssertionError(f"they do not come together: {left}, {[screen.texts for screen in screens]}")


async def together(program: Program, url: str, token: str) -> list[list[str]]:
    """What both desks, started once more, and the server hold in the end."""
    journals = [program.folder / f"{name}.vttproj" for name in "AB"]
    async with (
        desk(url, token=token, journal=journals[0]) as a,
        desk(url, token=token, journal=journals[1]) as b,
    ):
        await agreed([a, b])
        async with desk(url, token=token) as fresh:
            return [screen.texts for screen in (a, b, fresh)]


def test_every_word_of_two_desks_is_there_once(program: Program, server: ServerProcess) -> None:
    seed = random.SystemRandom().randrange(10_000)
    url = asyncio.run(published(program.folder, server.url, server.token))
    with ThreadPoolExecutor(2) as threads:
        desks = [threads.submit(lives, program, url, server.token, name, seed) for name in "AB"]
        results = [one.result() for one in desks]
    texts = asyncio.run(together(program, url, server.token))
    assert texts[0] == texts[1] == texts[2], f"seed {seed}"
    found = Counter(word for text in texts[2] for word in text.split())
    for sure, every in results:
        assert not (lost := [word for word in sure if word not in found]), f"seed {seed}: lost {lost}"
        twice = [word for word in every if found[word] > 1]
        assert not twice, f"seed {seed}: twice {twice} in {texts[2]}"
    assert len(found) > KILLS, "they did work"
