"""What a macro works on: the same document, history and sync as the window's, without a window."""

from __future__ import annotations

import asyncio
import inspect
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vtt_desktop.app.macro_values import ids_of, whole, words
from vtt_desktop.app.session import Session
from vtt_desktop.domain import edits_text, edits_timing
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.edit import FIRST, Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.problem import Problem
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_file, check_webvtt, kind_of
from vtt_desktop.formats.webvtt_write import write_webvtt
from vtt_desktop.quality.checker import check_quality, check_twice
from vtt_desktop.quality.profiles import load_profile
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.deciding import NO_CUE
from vtt_desktop.sync.phase import Phase


class Desk:
    """The macro API. What cannot be done raises `UserError`; times are milliseconds; ids are `cue.id`."""

    UserError = UserError

    def __init__(self, session: Session) -> None:
        self._session = session

    # Reading

    @property
    def cues(self) -> CueList:
        """The cues in file order, frozen as they are now."""
        return self._session.document.snapshot.cues

    def cue(self, cue_id: int) -> Cue | None:
        """The cue with this id, or None."""
        return self.cues.get(cue_id)

    @property
    def header(self) -> str:
        """The signature line, header lines, STYLE and REGION blocks, as text."""
        return self._session.document.snapshot.head.text.decode("utf-8", "replace")

    # Editing

    def set_text(self, cue_id: int, text: str) -> None:
        whole("set_text", id=cue_id)
        words("set_text", text=text)
        self._submit(edits_text.set_text(self._snapshot, cue_id, text))

    def set_times(self, cue_id: int, start: int, end: int) -> None:
        whole("set_times", id=cue_id, start=start, end=end)
        self._submit(edits_timing.set_times(self._snapshot, cue_id, start, end))

    def set_settings(self, cue_id: int, settings: str) -> None:
        whole("set_settings", id=cue_id)
        words("set_settings", settings=settings)
        self._submit(edits_text.set_settings(self._snapshot, cue_id, settings))

    def set_identifier(self, cue_id: int, identifier: str) -> None:
        whole("set_identifier", id=cue_id)
        words("set_identifier", identifier=identifier)
        self._submit(edits_text.set_identifier(self._snapshot, cue_id, identifier))

    def insert(
        self, after: int | None = None, *, start: int, end: int, text: str = "", settings: str = ""
    ) -> int:
        """A new cue behind `after` (None: before all others); gives its id."""
        whole("insert", start=start, end=end)
        words("insert", text=text, settings=settings)
        if after is not None:
            whole("insert", after=after)
            edits_text.cue_of(self._snapshot, after)
        self._check_times(start, end)
        if "-->" in text or "-->" in settings:
            raise UserError("A cue's text and settings cannot hold “-->”.", "Write --&gt; in text.")
        cue = Cue(self._session.document.new_id(), start, end, edits_text.clean_text(text), settings=settings)
        self._submit(edits_text.insert_cue(cue, FIRST if after is None else after))
        return cue.id

    def remove(self, ids: int | Iterable[int]) -> None:
        self._submit(edits_text.remove_cues(self._snapshot, self._checked("remove", ids)))

    def split(self, cue_id: int, at_char: int | None = None, at_ms: int | None = None) -> int:
        """Cuts a cue in two; gives the id of the second. UserError for a place that is not inside it."""
        whole("split", id=cue_id)
        cue = edits_text.cue_of(self._snapshot, cue_id)
        if at_char is not None:
            whole("split", at_char=at_char)
            if not 0 <= at_char <= len(cue.text):
                raise UserError(f"The cue has {len(cue.text)} characters: it cannot be split at {at_char}.")
        if at_ms is not None:
            whole("split", at_ms=at_ms)
            if not cue.start < at_ms < cue.end:
                lasts = f"The cue lasts from {cue.start} to {cue.end} ms"
                raise UserError(f"{lasts}: it cannot be split at {at_ms} ms.")
        new_id = self._session.document.new_id()
        self._submit(edits_text.split_cue(self._snapshot, cue_id, new_id, at_char=at_char, at_ms=at_ms))
        return new_id

    def merge(self, ids: Sequence[int], joiner: str = "\n") -> int:
        """Makes one cue of neighbours; gives its id, the first one's."""
        checked = self._checked("merge", ids)
        words("merge", joiner=joiner)
        first = min(checked, key=self.cues.index_of, default=0)
        self._submit(edits_text.merge_cues(self._snapshot, checked, joiner))
        return first

    def shift(self, ids: int | Iterable[int], ms: int) -> None:
        """Moves cues in time together. UserError, and none is moved, where one would begin before nought."""
        whole("shift", ms=ms)
        checked = self._checked("shift", ids)
        first = min((edits_text.cue_of(self._snapshot, one).start for one in checked), default=0)
        if first + ms < 0:
            raise UserError(f"A shift by {ms} ms would put a cue before 0; these go {-first} ms at most.")
        self._submit(edits_timing.shift(self._snapshot, checked, ms))

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """All edits made inside are one undo step."""
        with self._session.history.group(label):
            yield

    def undo(self) -> bool:
        """False when there is nothing to undo; UserError with the reason where it cannot be."""
        return self._session.history.undo() is not None

    def redo(self) -> bool:
        return self._session.history.redo() is not None

    # Sync

    @property
    def offline(self) -> bool:
        return self._session.offline

    @offline.setter
    def offline(self, offline: bool) -> None:
        self._session.set_offline(bool(offline))

    async def sync(self) -> None:
        """Sends and fetches until nothing is left to do, or the server does not answer."""
        await self._session.sync_now()

    def status(self, cue_id: int) -> str:
        """local, synced, dirty, sending, unknown, conflict, gone or refused.

        What may only be read is synced for as long as nothing of it is changed here, since it is as the
        server has it: `reason` tells that it may not be changed. A change of it is refused.
        """
        phase = self._session.sync.phase(cue_id)
        return "synced" if phase is Phase.READ_ONLY else str(phase.value)

    def reason(self, cue_id: int) -> str:
        """Why a cue was refused, may only be read or waits; or nothing."""
        return self._session.sync.detail(cue_id)

    def etag(self, cue_id: int) -> str | None:
        return self._session.sync.etag(cue_id)

    @property
    def link(self) -> str:
        """How the server is reached: local, online, offline, unreachable, needs-token, read-only."""
        return self._session.sync.link.value

    @property
    def setback(self) -> str:
        """Why nothing is sent since the server went back behind what it had saved, or nothing."""
        setback = self._session.sync.setback
        return setback.sentence if setback is not None else ""

    async def decide_setback(self, choice: str) -> None:
        """After the server went back: “mine” puts there again what is here, “theirs” takes what it has."""
        if choice not in ("mine", "theirs"):
            raise UserError(f"It is decided with “mine” or “theirs”, not “{choice}”.")
        await self._session.decide_setback(choice == "mine")

    @property
    def conflicts(self) -> list[Conflict]:
        return list(self._session.sync.conflicts)

    def resolve(self, cue_id: int, choice: str | Cue | None) -> None:
        """Ends a conflict with "mine", "theirs", or a cue of one's own making (None: removed).

        A conflict on the header has the id 0, and takes "mine" or "theirs" only. UserError where there is no
        such conflict.
        """
        found = next((c for c in self._session.sync.conflicts if c.id == cue_id), None)
        if isinstance(choice, str) and choice not in ("mine", "theirs"):
            raise UserError(f"A conflict is resolved with “mine”, “theirs” or a cue, not “{choice}”.")
        if found is None:
            raise UserError("There is no conflict on that cue.")
        if found.kind is ConflictKind.HEAD:
            if not isinstance(choice, str):
                raise UserError(NO_CUE)
            self._session.resolve_head(choice == "mine")
            return
        if isinstance(choice, str):
            choice = found.keep_mine if choice == "mine" else found.take_theirs
        self._session.resolve(cue_id, choice)

    # Checks

    def problems(self, profile: str | None = None) -> list[Problem]:
        """What the specification forbids in the document as it is now, then cues that are there twice, then
        what a profile (a name or a `.toml` file) forbids. UserError for a profile that there is not."""
        snapshot = self._session.document.snapshot
        rules = load_profile(profile) if profile is not None else None
        found: list[Problem] = []
        if self._session.format_name == "WebVTT":
            file = read_webvtt(write_webvtt(snapshot))
            found += [*check_file(file), *check_webvtt(snapshot, kind=kind_of(file))]
        found += check_twice(snapshot.cues)
        if rules is not None:
            found += check_quality(snapshot.cues, rules)
        return found

    # Files

    def save(self, path: str | Path | None = None) -> None:
        """Writes the file at once; UserError where it cannot be, with the old file as it was."""
        self._session.save_now(Path(path) if path is not None else None)

    # Inside

    def _submit(self, edit: Edit) -> None:
        """Each call of a macro is an undo step of its own, whatever the clock says; `group` joins them."""
        self._session.history.seal()
        self._session.submit(edit)

    @property
    def _snapshot(self) -> Any:
        return self._session.document.snapshot

    def _checked(self, call: str, ids: int | Iterable[int]) -> list[int]:
        every = ids_of(call, ids)
        for cue_id in every:
            edits_text.cue_of(self._snapshot, cue_id)
        return every

    def _check_times(self, start: int, end: int) -> None:
        if start < 0 or end <= start or end > edits_timing.LATEST:
            raise UserError("A cue must end after it starts, between 0 and 99,999 hours.")


async def run_macro(path: Path, desk: Desk, args: Sequence[str]) -> object:
    """Runs a macro file's `main(desk, *args)`. UserError where the file cannot be run."""
    try:
        source = await asyncio.to_thread(path.read_text, "utf-8")
    except UnicodeDecodeError:
        raise UserError(f"The macro {path} is not a text file in UTF-8.") from None
    except IsADirectoryError:
        raise UserError(f"The macro {path} is a folder, not a file.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"The macro {path} cannot be read: {reason}.") from None
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        code = compile(source, str(path), "exec")
    except SyntaxError as error:
        raise UserError(f"The macro {path} has a mistake in line {error.lineno}: {error.msg}.") from None
    except ValueError as error:  # a NUL in the source, for Python before 3.11.4
        raise UserError(f"The macro {path} has a mistake: {error}.") from None
    try:
        exec(code, module.__dict__)
    except SyntaxError as error:  # of something that the macro itself compiles or imports
        raise UserError(f"The macro {path} has a mistake in line {error.lineno}: {error.msg}.") from None
    main = getattr(module, "main", None)
    if not callable(main):
        raise UserError(f"The macro {path} has no function main(desk).")
    result = main(desk, *args)
    return await result if inspect.isawaitable(result) else result
