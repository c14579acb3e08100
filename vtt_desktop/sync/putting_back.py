"""After a server went back: puts there again what this desk has, or takes what the server has now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import Contents, Done, Missing, words_of
from vtt_desktop.sync.engine_ports import RepositoryPort
from vtt_desktop.sync.machines import Machines
from vtt_desktop.sync.segment import Version
from vtt_desktop.sync.segment_events import Overruled, PutBack
from vtt_desktop.sync.state import SyncState

TAKEN = "Take the server's versions"
Group = Callable[[str], AbstractContextManager[None]]
"""Makes one undo step of the edits made inside."""


@dataclass(frozen=True, slots=True)
class ThereNow:
    """What the server has for one segment; `deleted`: nothing, and it knows that somebody removed it."""

    version: Version
    deleted: bool = False


class PuttingBack:
    """To take the server's versions is an edit of the person's, and can be undone."""

    def __init__(
        self,
        state: SyncState,
        machines: Machines,
        repository: RepositoryPort,
    ) -> None:
        self._state = state
        self._machines = machines
        self._repository = repository

    async def look(self, mine: bool) -> tuple[Contents, Mapping[str, ThereNow]]:
        """What the server has now, of every segment that it or this desk knows. A project that is not there
        any more is made again for `mine`. UserError where it cannot be asked."""
        contents = await self._repository.contents(fresh=True)
        if isinstance(contents, Missing):
            if not mine:
                raise UserError("There is no such project on the server any more: nothing can be taken.")
            made = await self._repository.make_project()
            if not isinstance(made, Done):
                raise UserError(f"The project cannot be made again: {words_of(made)}")
            contents = await self._repository.contents(fresh=True)
        if not isinstance(contents, Contents):
            raise UserError(f"The server cannot be asked: {words_of(contents)}")
        found: dict[str, ThereNow] = {}
        for item in contents.items:
            if item.gone:
                found[item.key] = ThereNow(Version(None, None), True)
            elif item.document is None:
                found[item.key] = await self._read(item.key)
            else:
                found[item.key] = ThereNow(self._version(item.key, item.document, item.etag))
        for key, one in list(self._state.segments.items()):
            if one.base is not None and key not in found:
                # Of an empty project nothing more can be said of one than of all.
                found[key] = await self._read(key) if found else ThereNow(Version(None, None))
        return contents, found

    def carry_out(self, found: Mapping[str, ThereNow], mine: bool, group: Group) -> Sequence[str]:
        """Steps every segment to what was decided; gives those that it concerns."""
        if mine:
            for key, there in found.items():
                met = there.version.etag in self._met(key)
                self._machines.step(key, PutBack(there.version, met, there.deleted))
        else:
            with group(TAKEN):
                for key, there in found.items():
                    self._machines.decided(key, Overruled(there.version), TAKEN)
        return [*found]

    async def _read(self, key: str) -> ThereNow:
        answer = await self._repository.fetch(key, cache_bust=True)
        if isinstance(answer, Missing):
            return ThereNow(Version(None, None), answer.deleted)
        if not isinstance(answer, Done):
            raise UserError(f"The server cannot be asked: {words_of(answer)}")
        return ThereNow(self._version(key, answer.document, answer.etag))

    def _version(self, key: str, document: object, etag: str | None) -> Version:
        if etag is None:
            raise UserError("The server shows no versions: nothing can be put back safely.")
        return Version(self._machines.read(key, document), etag)

    def _met(self, key: str) -> set[str | None]:
        """Tags that this segment was saved or seen under, as the sync log tells."""
        one = self._state.segment(key)
        if one is None:
            return set()
        ids = {cue.id for body in (one.base, one.mine) if body is not None for cue in body.cues}
        return {line.etag for line in self._state.log if line.etag and line.cue_id in ids}
