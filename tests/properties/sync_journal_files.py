"""Journals of simulated desks as real files: of one in so many worlds what a crash leaves is read from disk,
now and then with a broken page in it (I1, I2, I3, I11), and now and then a second program looks at it (I13).
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.properties.sync_accounts import Accounts
from tests.properties.sync_desk import Desk
from tests.properties.sync_faults import Network
from tests.properties.sync_memory_journal import MemoryJournal
from tests.properties.sync_second_program import SecondProgram
from tests.properties.sync_virtual_time import Broken
from vtt_desktop.app.journals import damage_told
from vtt_desktop.sync import journal_file
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.journal_file import JournalFile
from vtt_desktop.sync.journal_replay import Recovered

FILES_IN = 125
"""Of so many schedules one keeps its journals in files."""
CRASH_OFTEN = 0.06
"""Of its steps, those at which a desk is killed, apart from what happens everywhere."""
DAMAGED_OFTEN = 0.7
"""Of its crashes, those that leave a file of which a page is broken."""
LOOKED_OFTEN = 0.1
"""Of its steps, those at which somebody opens a desk's project a second time."""
PAGE = 4096


@contextmanager
def nothing_waits_for_the_disk() -> Iterator[None]:
    """No power is cut here, and to wait for the disk takes longer than all else."""
    was = journal_file._connected, journal_file._sync_folder

    def connected(path: Path) -> sqlite3.Connection:
        connection = was[0](path)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    journal_file._connected, journal_file._sync_folder = connected, lambda folder: None
    try:
        yield
    finally:
        journal_file._connected, journal_file._sync_folder = was


def kept_in_files(seed: int) -> bool:
    return seed % FILES_IN == 23 % FILES_IN


class JournalFiles:
    """A folder with the projects of all desks of a world."""

    def __init__(self, seed: int, network: Callable[[str], Network], accounts: Accounts) -> None:
        self._network = network
        self._accounts = accounts
        self._chance = random.Random(f"files {seed}")
        self._temporary = TemporaryDirectory(prefix="vtt-desktop-")
        self._folder = Path(self._temporary.name)
        self._held: dict[str, tuple[Journal, SecondProgram]] = {}
        self._over: list[SecondProgram] = []

    async def close(self) -> None:
        with nothing_waits_for_the_disk():
            for name in tuple(self._held):
                try:
                    self._gone(name)
                except Broken as error:
                    self._accounts.failed(error)
        for second in self._over:
            await second.close()
        self._temporary.cleanup()

    def happen(self, desks: list[Desk]) -> Desk | None:
        """One thing that happens to a project on disk; gives a desk that is killed."""
        desk = self._chance.choice(desks)
        if self._chance.random() < CRASH_OFTEN:
            return desk
        if desk.name not in self._held and self._chance.random() < LOOKED_OFTEN:
            with nothing_waits_for_the_disk():
                self._look(desk.name, desk.journal)
        elif desk.name in self._held:
            self._held[desk.name][1].act()
        return None

    def started(self, name: str, left: MemoryJournal, *, may_break: bool) -> MemoryJournal | None:
        """What a start finds of what a crash left. None: nothing that the work could go on from, which the
        program says, and what of it can be read is a project by itself, shared with nobody."""
        with nothing_waits_for_the_disk():
            return self._started(name, left, may_break)

    def _started(self, name: str, left: MemoryJournal, may_break: bool) -> MemoryJournal | None:
        self._gone(name)
        path = self._written(name, left)
        before = path.read_bytes()
        broken = may_break and self._chance.random() < DAMAGED_OFTEN
        if broken:
            before = self._broken(before)
            path.write_bytes(before)
        journal = Journal.open(path, lambda sentence: None)
        journal.close()
        told = damage_told(journal, path)
        if journal.set_aside is not None:
            if journal.set_aside.read_bytes() != before:
                raise Broken(f"I3 the damaged project of {name} was not kept")
            if "was damaged" not in told or journal.set_aside.name not in told:
                raise Broken(f"I4 {name} says “{told}” of a damaged project")
        if (found := journal.recovered) is not None:
            again = _as_it_was(found, left)
            check_same(name, again, left)
            return again
        if not broken or journal.set_aside is None:
            raise Broken(f"I3 {name} finds nothing in a sound project")
        self._check_offered(name, journal, left, told)
        return None

    def _look(self, name: str, journal: MemoryJournal) -> None:
        """Somebody opens the project of that desk once more."""
        path = self._written(name, journal)
        first = Journal.open(path, lambda sentence: None)
        second = SecondProgram(f"{name} once more", path, self._chance, self._accounts)
        self._held[name] = first, second
        second.share(self._network(second.name))

    def _gone(self, name: str) -> None:
        """The program that has the project open ends, and so does who looks at it meanwhile."""
        if name in self._held:
            first, second = self._held.pop(name)
            self._over.append(second)
            try:
                second.look()
            finally:
                first.close()
            second.takes_over()

    def _written(self, name: str, journal: MemoryJournal) -> Path:
        """A file with what is on that desk's disk, as the real journal writes it."""
        path = self._folder / f"{name}.vttproj"
        for old in self._folder.glob(f"{name}.*"):
            if old.suffix != ".lock":
                os.unlink(old)
        JournalFile.create(path, journal.commands())[0].close()
        return path

    def _broken(self, data: bytes) -> bytes:
        """One page of it says something else."""
        at = PAGE * self._chance.randrange(len(data) // PAGE)
        other = PAGE * self._chance.randrange(len(data) // PAGE)
        fill = self._chance.choice((bytes(PAGE), self._chance.randbytes(PAGE), data[other : other + PAGE]))
        return data[:at] + fill + data[at + PAGE :]

    def _check_offered(self, name: str, journal: Journal, left: MemoryJournal, told: str) -> None:
        """The project that was put together stands by itself, and what is not in it is named."""
        if journal.rescued is None:
            return
        beside = Journal.open(journal.rescued, lambda sentence: None)
        beside.close()
        found = beside.recovered
        if found is None or found.segments or found.meta.keys() & {"base", "seq", "mark"}:
            raise Broken(f"I2 what was put together of the project of {name} may go to a server")
        if not journal.missing or any(words not in told for words in journal.missing):
            raise Broken(f"I3 {name} does not say that {journal.missing} is missing: “{told}”")
        texts = {cue.text for cue in found.snapshot.cues}
        if not {"cues", "edits"} & set(journal.missing) and texts != left.texts:
            raise Broken(f"I3 {name} does not say that of {left.texts} only {texts} could be read")


def _as_it_was(found: Recovered, left: MemoryJournal) -> MemoryJournal:
    """What was read back, to go on from."""
    again = MemoryJournal(left.disk)
    again.begin(found.snapshot, found.next_id)
    again.segments, again.meta = {one.key: one for one in found.segments}, dict(found.meta)
    return again


def check_same(name: str, again: MemoryJournal, left: MemoryJournal) -> None:
    """What the work goes on from is all that was on disk."""
    known = {key: replace(one, again=False) for key, one in left.segments.items()}  # that is not written down
    for what, now, was in (
        ("head", again.snapshot.head, left.snapshot.head),
        ("cues", [*again.snapshot.cues], [*left.snapshot.cues]),
        ("segments", again.segments, known),
        ("words", again.meta, left.meta),
    ):
        if now != was:
            raise Broken(f"I3 {name} finds other {what} on its disk: {now}, and had {was}")
