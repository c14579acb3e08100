"""A second program on a journal that another one holds: it shows what is there, says who has it, and neither
writes nor sends anything, whatever its person tries (I13)."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.properties.sync_accounts import Accounts
from tests.properties.sync_faults import Network
from tests.properties.sync_virtual_time import Broken
from vtt_desktop.app.journals import FileJournal, HeldJournal
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import Target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal_lock import HeldElsewhere
from vtt_desktop.sync.journal_reading import no_base
from vtt_desktop.sync.setback import Setback


class SecondProgram:
    """What the program shows of a project that is open already, and what its person tries to do with it."""

    def __init__(self, name: str, path: Path, chance: random.Random, accounts: Accounts) -> None:
        self.name = name
        self._accounts = accounts
        self._path = path
        self._chance = chance
        self._files = _state(path)
        journal = self._looked()
        if f"(process {os.getpid()} on " not in journal.held or not journal.held.endswith("read only here."):
            raise Broken(f"I13 {self.name} says “{journal.held}”")
        assert journal.recovered is not None
        self._found = journal.recovered
        self._tasks = Tasks()
        self.session = Session(
            self._found.snapshot, tasks=self._tasks, journal=journal, next_id=self._found.next_id
        )

    def share(self, network: Network) -> None:
        """As `app.opening` does with a shared project."""
        meta = self._found.meta
        network.goes_out = self._must_not
        network.mark = meta.get("mark", "")
        self.session.share(
            Target(network.profile, "", "http://server.example", "film"),
            network,
            self._found.segments,
            seq=int(meta["seq"]),
            epoch=meta["epoch"],
            setback=Setback(meta["setback"]) if meta.get("setback") else None,
        )
        self._shown = self.session.document.snapshot

    def act(self) -> None:
        """One thing that its person tries."""
        session, cues = self.session, self.session.document.snapshot.cues
        assert session.engine is not None and session.feed is not None
        conflict = next(iter(session.sync.conflicts), None)
        if len(cues):
            cue = self._chance.choice(cues)
            self._refused(lambda: session.submit(set_text(session.document.snapshot, cue.id, "typed")))
        self._refused(session.undo)
        if conflict is not None:
            self._refused(lambda: session.resolve(conflict.id, conflict.keep_mine))
        session.set_offline(self._chance.random() < 0.5)
        session.set_token("another")
        self._tasks.spawn(session.sync_now(), "asked for by its person")
        self.look()

    def look(self) -> None:
        """Nothing of it changed, here or on disk."""
        if self.session.document.snapshot is not self._shown:
            raise Broken(f"I13 {self.name} shows something else by now")
        if _state(self._path) != self._files:
            raise Broken(f"I13 {self.name} wrote into what another has open")

    def takes_over(self) -> None:
        """The other program is gone: whoever opens it now has it."""
        journal = FileJournal.open(self._path, lambda sentence: None)
        journal.close()
        if journal.held or journal.recovered is None or journal.recovered.segments != self._found.segments:
            raise Broken(f"I13 {self.name} cannot take over")

    async def close(self) -> None:
        await self.session.close()
        await self._tasks.close()

    def _looked(self) -> HeldJournal:
        try:
            FileJournal.open(self._path, lambda sentence: None).close()
        except HeldElsewhere as held:
            return HeldJournal.look(self._path, held, no_base)
        raise Broken(f"I13 two programs have {self._path.name} open")

    def _refused(self, what: Callable[[], Any]) -> None:
        try:
            what()
        except UserError as error:
            if "open in another program" in error.message:
                return
        raise Broken(f"I13 {self.name} may be edited")

    def _must_not(self, key: str, document: object, write_id: str) -> None:
        self._accounts.broken(f"I13 {self.name} sends {key}, which another program has open")


def _state(path: Path) -> dict[str, bytes]:
    """All files of the project but the lock's, which says who holds it."""
    return {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*") if one.suffix != ".lock"}
