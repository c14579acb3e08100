"""What sharing costs over what the network costs: sending, opening, a bulk edit, doing nothing.

Run as a script: `python tests/bench/bench_sync.py [--cues 10000]`. Both sides of a ratio run in one go, on
our own server as a process of its own with a fresh store each, and with the journal in its file as in the
program. Prints ratios, and exits with 1 where one is above its budget.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import selectors
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, thread_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx

from tests.server_process import ServerProcess, running_server
from vtt_desktop.app.journals import FileJournal, NoJournal
from vtt_desktop.app.opening import publish
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.formats.webvtt_cue import read_cue
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.opening import open_project
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.schedule import PARALLEL
from vtt_desktop.sync.state import Link

PAGE = 1000
PAIRS = 7
IDLE_S = 3.0
BUDGETS = {
    "sending over a bare httpx loop": 1.5,
    "opening over one list and parse": 1.5,
    "longest hold of the loop while opening, over 16 ms of CPU": 1.0,
    "longest hold of the loop while sending, over 50 ms of CPU": 1.0,
    "shift of all in a shared document, over 250 ms": 1.0,
    "wake-ups of an idle loop, over those of the feed": 1.0,
}


class WatchedSelector(selectors.DefaultSelector):
    """Knows how long the loop was away from it (the longest by the clock, and in CPU of its thread), and how
    often it woke."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def select(self, timeout: float | None = None) -> list[Any]:
        self.longest = max(self.longest, perf_counter() - self._left)
        self.longest_cpu = max(self.longest_cpu, thread_time() - self._left_cpu)
        found = super().select(timeout)
        self.wakes += 1
        self.woken_by_sockets += bool(found)
        self._left, self._left_cpu = perf_counter(), thread_time()
        return found

    def begin(self) -> None:
        self.longest, self.longest_cpu, self.wakes, self.woken_by_sockets = 0.0, 0.0, 0, 0
        self._left, self._left_cpu = perf_counter(), thread_time()


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of this process."""

    wall: float
    cpu: float


async def timed(work: Coroutine[Any, Any, object]) -> Spent:
    gc.collect()
    wall, cpu = perf_counter(), process_time()
    await work
    return Spent(perf_counter() - wall, process_time() - cpu)


def film(count: int) -> Snapshot:
    """Cues as a file has them, each with its bytes."""

    def block(i: int) -> bytes:
        minutes, seconds = divmod(i * 3, 60)
        stamp = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        return f"{stamp}.000 --> {stamp}.900\nThe ferry leaves at {i % 24} o’clock,\nand not before.".encode()

    return Snapshot(
        Head(b"WEBVTT", b"\n"), CueList.of(read_cue(block(i), i + 1, b"\n\n") for i in range(count))
    )


async def shared(server: ServerProcess, snapshot: Snapshot, folder: Path, tasks: Tasks) -> Session:
    """A document that was just published, with its journal, offline."""
    journal = FileJournal.open(folder / "film.vttproj", print)
    session = Session(snapshot, tasks=tasks, journal=journal)
    session.begin_journal()
    await publish(session, parse_target(f"{server.url}/projects/film", ""), tasks, server.token)
    assert session.engine is not None
    session.set_offline(True)
    await tasks.until_idle()
    await journal.flushed()
    return session


async def written_out(session: Session, tasks: Tasks) -> None:
    await tasks.until_idle()
    assert session.sync.summary.waiting == len(session.document.snapshot.cues)


async def sent(session: Session, watched: WatchedSelector) -> None:
    watched.begin()
    session.set_offline(False)
    assert session.engine is not None
    await session.engine.settle(60.0)
    left = session.sync.summary
    assert left.link is Link.ONLINE and not left.waiting and not left.conflicts and not left.refused, left


class Bare:
    """The same requests by nothing but httpx: one client, as many at once, each answer's tag read."""

    def __init__(self, server: ServerProcess, session: Session) -> None:
        assert session.engine is not None
        codec = _codec(session.engine.repository.profile)
        self.requests = [
            (one.key, one.etag or "", json.dumps(codec.document(one.mine, one.base), ensure_ascii=False))
            for one in session.sync.segments.values()
            if one.mine is not None and one.mine != one.base
        ]
        self.url = f"{server.url}/projects/film"
        self.headers = {
            **server.headers,
            "Accept-Encoding": "identity",
            "Content-Type": "application/merge-patch+json",
        }

    async def send(self, first: int, last: int) -> None:
        todo = iter(self.requests[first:last])
        limits = httpx.Limits(max_connections=PARALLEL, max_keepalive_connections=PARALLEL)
        async with httpx.AsyncClient(headers=self.headers, limits=limits, timeout=20.0) as client:

            async def worker() -> None:
                for number, (key, etag, body) in enumerate(todo):
                    headers = {"If-Match": etag, "Idempotency-Key": f"{key}-{number}"}
                    answer = await client.patch(f"{self.url}/vtt/{key}", content=body, headers=headers)
                    assert answer.status_code == 200 and answer.headers["ETag"] != etag

            await asyncio.gather(*(worker() for _ in range(PARALLEL)))

    async def read(self) -> None:
        """One list, page by page, and the text of each of its segments read."""
        text = WebVTTSegmentText()
        async with httpx.AsyncClient(headers=self.headers, timeout=20.0) as client:
            url = f"{self.url}/segments?limit={PAGE}"
            while url:
                page = (await client.get(url)).json()
                for item in page["items"]:
                    if item["document"]["kind"] == "cues":
                        text.read(item["document"]["content"])
                url = str(httpx.URL(self.url).join(page["next"])) if page.get("next") else ""


def _codec(profile: Profile) -> Codec:
    return Codec(profile.content, WebVTTSegmentText(), profile.bookkeeping)


async def opened(server: ServerProcess, tasks: Tasks, watched: WatchedSelector) -> None:
    """As the program does it, a session that shares it included."""
    watched.begin()
    target = parse_target(f"{server.url}/projects/film", "")
    repository = Repository(target.profile, target.base, project="film", token=server.token)
    found = await open_project(repository, _codec(target.profile))
    session = Session(found.snapshot, tasks=tasks, journal=NoJournal())
    session.share(target, repository, found.known, seq=found.seq, epoch=found.epoch)
    await session.close()


async def idle(session: Session, watched: WatchedSelector, idle_s: float) -> float:
    """How often a loop with a quiet shared document wakes, over how often bytes of the feed wake it."""
    session.listen()
    loop = asyncio.get_running_loop()
    for seconds in (idle_s / 3, idle_s):  # the first while is for the feed to get going
        done = loop.create_future()
        watched.begin()
        loop.call_later(seconds, done.set_result, None)
        await done
    # Each wake-up by a socket may be followed by one turn of the loop, and the end of the wait is one.
    return (watched.wakes - 1) / max(1, 2 * watched.woken_by_sockets)


async def measured(count: int, folder: Path, watched: WatchedSelector, idle_s: float) -> dict[str, float]:
    ratios: dict[str, float] = {}
    snapshot, tasks = film(count), Tasks()
    first, second = folder / "first", folder / "second"
    for one in (first, second):
        one.mkdir()
    with running_server(first) as ours, running_server(second) as bares:
        session = await shared(ours, snapshot, first, tasks)
        other = await shared(bares, snapshot, second, tasks)
        ids = [cue.id for cue in snapshot.cues]
        started = perf_counter()
        session.submit(shift(session.document.snapshot, ids, 40))
        seconds = perf_counter() - started
        ratios["shift of all in a shared document, over 250 ms"] = seconds / 0.25
        print(f"shift of {count:,} shared cues: {seconds * 1000:.0f} ms")
        watched.begin()
        await written_out(session, tasks)
        print(f"longest hold while it is written out: {watched.longest_cpu * 1000:.0f} ms CPU")
        other.submit(shift(other.document.snapshot, ids, 40))
        await written_out(other, tasks)
        bare = Bare(bares, other)
        assert len(bare.requests) == count

        # Half of the floor before and half after, so that what else the machine does counts on both sides.
        before = await timed(bare.send(0, count // 2))
        spent = await timed(sent(session, watched))
        hold, hold_cpu = watched.longest, watched.longest_cpu
        after = await timed(bare.send(count // 2, count))
        floor = Spent(before.wall + after.wall, before.cpu + after.cpu)
        print(f"sending {count:,}: bare {_said(floor)}; ours {_said(spent)}")
        ratios["sending over a bare httpx loop"] = spent.wall / floor.wall
        print(f"longest hold while sending: {hold * 1000:.0f} ms, at most {hold_cpu * 1000:.0f} ms of it CPU")
        ratios["longest hold of the loop while sending, over 50 ms of CPU"] = hold_cpu / 0.05

        floors, spents, holds = [], [], []
        for _ in range(PAIRS):  # one right after the other: what else the machine does counts on both sides
            floors.append(await timed(bare.read()))
            spents.append(await timed(opened(ours, tasks, watched)))
            holds.append(watched.longest_cpu)
        floor, spent = (min(several, key=lambda one: one.wall) for several in (floors, spents))
        print(f"opening {count:,}, at best: list and parse {_said(floor)}; ours {_said(spent)}")
        by_pair = [one.wall / other.wall for one, other in zip(spents, floors, strict=True)]
        print(f"opening, pair by pair: {', '.join(f'{one:.2f}' for one in sorted(by_pair))}")
        ratios["opening over one list and parse"] = median(by_pair)
        print(f"longest hold while opening: {min(holds) * 1000:.0f} ms CPU")
        ratios["longest hold of the loop while opening, over 16 ms of CPU"] = min(holds) / 0.016

        ratios["wake-ups of an idle loop, over those of the feed"] = await idle(session, watched, idle_s)
        await session.close()
        await other.close()
        await tasks.close()
    return ratios


def _said(spent: Spent) -> str:
    return f"{spent.wall:.2f} s ({spent.cpu:.2f} CPU)"


def run(count: int, idle_s: float = IDLE_S) -> dict[str, float]:
    """All ratios for that many cues, by name."""
    watched = WatchedSelector()
    factory: Callable[[], asyncio.AbstractEventLoop] = lambda: asyncio.SelectorEventLoop(watched)  # noqa: E731
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(measured(count, Path(folder), watched, idle_s))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cues", type=int, default=10_000)
    count = parser.parse_args(arguments).cues
    gc.disable()  # as in the program, which collects in its own time
    try:
        ratios = run(count)
    finally:
        gc.enable()
    for name, budget in BUDGETS.items():
        ratio = ratios[name]
        print(f"{'ok  ' if ratio <= budget else 'OVER'} {name}: {ratio:.2f} (budget {budget:.2f})")
    return int(any(ratios[name] > budget for name, budget in BUDGETS.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
