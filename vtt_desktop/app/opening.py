"""A source that a person names becomes a session: a file, a project with its journal, or a backend."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.credentials import Credentials
from vtt_desktop.app.journals import DocumentJournal, FileJournal, HeldJournal, NoJournal, damage_told
from vtt_desktop.app.known_file import known_file, known_start
from vtt_desktop.app.probes import as_probed, connected
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import Target, is_url, load_profile, parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.formats.files import OpenedFile, open_file
from vtt_desktop.formats.webvtt import WebVTTFile
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import DEBOUNCE_S
from vtt_desktop.sync.journal import Recovered
from vtt_desktop.sync.journal_lock import HeldElsewhere
from vtt_desktop.sync.known_segments import KnownSegments
from vtt_desktop.sync.names import HEAD_KEY, tell_what_they_are
from vtt_desktop.sync.profile_file import read_profile
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.sorting import sorting_of

PROJECT_SUFFIX = ".vttproj"
_FEW = 3
"""So many segments by name are a title, where a backend has no projects."""


@dataclass(frozen=True, slots=True)
class Source:
    """What to open. `journal` is the project file, or where the program keeps one; None: none is kept."""

    name: str
    profile: str = ""
    ids: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    author: str = ""
    journal: Path | None = None
    debounce_s: float = DEBOUNCE_S
    tell: Callable[[str], object] = lambda sentence: None
    """Hears what a person should know of a source that could be opened all the same."""
    credentials: Credentials | None = None
    """Asked for a token where none was given."""
    may_look: bool = True
    """What another program has open is shown, read only; otherwise it is refused."""
    read: WebVTTFile | None = None
    """What the file held a moment ago: read once more only where it holds something else now."""

    async def token_for(self, target: Target) -> str:
        """The token that was given, else the one that is known for the target's origin."""
        return self.token or await known_token(target, self.credentials)


async def open_source(source: Source, tasks: Tasks) -> Session:
    """Opens a file, a project or a backend. UserError in one sentence for everything that cannot be."""
    path = Path(source.name)
    if path.suffix == PROJECT_SUFFIX and not is_url(source.name):
        _must_exist(path)
        return await _from_journal(replace(source, journal=path), tasks)
    if is_url(source.name) or source.profile or path.suffix == ".toml":
        return await _from_backend(source, tasks)
    return await _from_file(source, _absolute(path), tasks)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _must_exist(project: Path) -> None:
    if not project.exists():
        raise UserError(f"There is no project {project}.")


def new_session(tasks: Tasks, journal: DocumentJournal | None = None) -> Session:
    """An empty document without a file."""
    return Session(Snapshot(Head(b"WEBVTT", b"\n")), tasks=tasks, journal=journal or NoJournal())


async def known_token(target: Target, credentials: Credentials | None) -> str:
    """The token that came with the address, else the one that is kept for its origin; nothing: none."""
    if target.token or credentials is None or target.profile.auth == "none":
        return target.token
    return await credentials.token_for(target.base)


async def publish(
    session: Session,
    target: Target,
    tasks: Tasks,
    token: str,
    author: str = "",
    credentials: Credentials | None = None,
) -> None:
    """Puts the session's document into a new project and goes on as shared there."""
    if session.read_only:
        raise UserError(session.read_only, "Close it there first.")
    if session.engine is not None:
        raise UserError("This document is shared already.", "Save a copy to publish it somewhere else.")
    target = as_probed(target)
    if target.profile.read_only:
        raise UserError("Nothing can be published there.", target.profile.read_only)
    token = token or await known_token(target, credentials)
    repository = connected(target, token, author)
    snapshot = session.document.snapshot
    keys = [HEAD_KEY, *(f"cue-{cue.id}" for cue in snapshot.cues)]
    if not tell_what_they_are(target.profile):
        keys = [target.profile.create.new_id() for _ in keys]
    codec = Codec(target.profile.content, WebVTTSegmentText(), target.profile.bookkeeping)
    try:
        opened = await lazy.opening().publish(snapshot, repository, codec, keys)
    except BaseException:
        await repository.close()
        raise
    session.share(target, repository, opened.known, seq=opened.seq, epoch=opened.epoch, author=author)


async def _from_file(source: Source, path: Path, tasks: Tasks) -> Session:
    opened: OpenedFile | None = None
    if source.journal is None or not source.journal.exists():  # what cannot be opened leaves none behind
        opened = await asyncio.to_thread(_read, source, path)
    began: list[OpenedFile] = []
    journal, told = await _journal(source, began.append)
    known = journal.recovered
    if known is not None and _is_another(known, path):
        journal.close()
        raise _holds_another(known, source)
    if known is not None and known.meta.get("base"):
        return await _resume(source, journal, told, tasks, None)
    file = began[-1] if began else known_file(known.meta, source.read) if known is not None else None
    if known is not None and file is not None and file.path == path:
        # What was typed and not saved is there again; what others wrote meanwhile is met.
        session = Session(
            known.snapshot,
            tasks=tasks,
            journal=journal,
            next_id=known.next_id,
            file=file,
            title=path.name,
            events=known.events,
            saved=not known.meta.get("unsaved"),
        )
        session.disk.restore(known.segments)
        told(session)
        _tell_if_gone(source, path)
        await session.look_at_disk()
        return session
    try:
        fresh = opened if opened else await asyncio.to_thread(_read, source, path)
    except UserError:
        journal.close()
        raise
    session = Session(fresh.snapshot, tasks=tasks, journal=journal, file=fresh, title=path.name)
    session.begin_journal()
    told(session)
    return session


def _read(source: Source, path: Path) -> OpenedFile:
    return open_file(path, lazy.foreign_formats, read=source.read)


def _is_another(known: Recovered, path: Path | None) -> bool:
    """Whether a journal holds the work on another document than this file, or than a backend's project."""
    if place := known.meta.get("path"):
        return place != str(path)
    return bool(known.meta.get("base")) or bool(known.events)


def _holds_another(known: Recovered, source: Source) -> UserError:
    title = known.meta.get("title") or known.meta.get("project") or "Untitled"
    return UsageError(
        f"The project {source.journal} holds another document, {title}.",
        "Open it by itself, or keep this one under another name.",
    )


def _tell_if_gone(source: Source, path: Path) -> None:
    if not path.exists():
        source.tell(f"There is no file {path} any more; what it held is still here, until it is saved.")


async def _from_backend(source: Source, tasks: Tasks) -> Session:
    name, profile = source.name, source.profile
    if name.endswith(".toml") and not profile:
        name, profile = "", name
    target = as_probed(parse_target(name, profile, source.ids))
    journal, told = await _journal(source)
    if journal.recovered is not None and journal.recovered.meta.get("base"):
        return await _resume(source, journal, told, tasks, target)
    if journal.recovered is not None and _is_another(journal.recovered, None):
        journal.close()
        raise _holds_another(journal.recovered, source)
    repository = connected(target, await source.token_for(target), source.author)
    codec = Codec(target.profile.content, WebVTTSegmentText(), target.profile.bookkeeping)
    try:
        opened = await lazy.opening().open_project(repository, codec)
    except BaseException:
        await repository.close()
        journal.close()
        raise
    ids = target.profile.list.ids
    named = f"{', '.join(ids[:_FEW])}{' …' if len(ids) > _FEW else ''}"
    title = target.project or named or target.profile.name
    session = Session(opened.snapshot, tasks=tasks, journal=journal, title=title)
    session.begin_journal()
    session.share(
        target,
        repository,
        opened.known,
        seq=opened.seq,
        epoch=opened.epoch,
        debounce_s=source.debounce_s,
        author=source.author,
    )
    told(session)
    return session


async def _from_journal(source: Source, tasks: Tasks) -> Session:
    journal, told = await _journal(source)
    known = journal.recovered
    if known is None:
        journal.close()
        if journal.rescued is not None:
            it = journal.rescued
            return await _from_journal(replace(source, name=str(it), journal=it), tasks)
        if journal.set_aside is not None:
            raise UserError(
                f"{source.name} is not a project, or is damaged so that nothing of it can be read.",
                f"It was kept as {journal.set_aside.name}.",
            )
        place = Path(source.name)
        kept = sorted(map(str, place.parent.glob(f"{place.stem}.recovered-*{PROJECT_SUFFIX}")))
        hint = f"What could be read of a damaged one of that name is in {kept[-1]}." if kept else ""
        raise UserError(f"The project {source.journal} holds nothing yet.", hint)
    if known.meta.get("base"):
        return await _resume(source, journal, told, tasks, None)
    if known.meta.get("path"):
        path = Path(known.meta["path"])
        journal.close()
        return await _from_file(source, path, tasks)
    session = Session(
        known.snapshot,
        tasks=tasks,
        journal=journal,
        next_id=known.next_id,
        events=known.events,
        title=known.meta.get("title") or "Untitled",
    )
    told(session)
    return session


async def _resume(
    source: Source,
    journal: DocumentJournal,
    told: Callable[[Session], None],
    tasks: Tasks,
    target: Target | None,
) -> Session:
    """A shared document as it was: text, queue, conflicts, undo; nothing is asked of the server for that."""
    known = journal.recovered
    assert known is not None
    meta = known.meta
    if target is not None and target.project and target.project != meta.get("project"):
        journal.close()
        raise _holds_another(known, source)
    if target is None:
        target = as_probed(_target_of(known, source))
    session = Session(
        known.snapshot,
        tasks=tasks,
        journal=journal,
        next_id=known.next_id,
        file=known_file(meta),
        title=meta.get("title") or meta.get("project") or "Untitled",
        events=known.events,
        saved=not meta.get("unsaved"),
    )
    repository = connected(target, await source.token_for(target), source.author)
    repository.mark = meta.get("mark", "")
    sorting = sorting_of(target.profile)
    session.share(
        target,
        repository,
        await KnownSegments.ready(known.segments, sorting, session.document.snapshot),
        seq=int(meta.get("seq") or 0),
        epoch=meta.get("epoch", ""),
        offline=bool(meta.get("offline")),
        debounce_s=source.debounce_s,
        author=source.author,
        setback=Setback(meta["setback"]) if meta.get("setback") else None,
    )
    told(session)
    return session


def _target_of(known: Recovered, source: Source) -> Target:
    meta = known.meta
    if source.profile:
        profile, text = load_profile(source.profile)
    else:
        text = meta.get("profile", "")
        profile = read_profile(text, meta.get("profile_name") or "the project's profile")
    ids: Sequence[str] = [one for one in meta.get("ids", "").split("\n") if one]
    if ids:
        profile = replace(profile, list=replace(profile.list, ids=tuple(ids)))
    return Target(profile, text, meta.get("base", ""), meta.get("project", ""))


async def _journal(
    source: Source, began: Callable[[OpenedFile], object] = lambda file: None
) -> tuple[DocumentJournal, Callable[[Session], None]]:
    """The journal, and a function that tells the session of the journal's troubles on the loop's thread.

    `began` hears of the file that the document began as, where the journal needed it.
    """
    path = source.journal
    if path is None:
        return NoJournal(), lambda session: None
    loop = asyncio.get_running_loop()
    listeners: list[Session] = []
    early: list[str] = []

    def on_loop(sentence: str) -> None:
        early.append(sentence)
        for session in listeners:
            session.journal_failed(sentence)

    def failed(sentence: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(on_loop, sentence)

    def base(meta: Mapping[str, str]) -> Snapshot | None:
        file = known_start(meta, source.read)
        if file is None:
            return None
        began(file)
        return file.snapshot

    journal: DocumentJournal
    try:
        journal = await asyncio.to_thread(FileJournal.open, path, failed, base)
    except HeldElsewhere as held:
        if not source.may_look:
            raise
        journal = await asyncio.to_thread(HeldJournal.look, path, held, base)
        source.tell(journal.held)
    itself = Path(source.name) == path
    if (words := damage_told(journal, path)) and (journal.recovered or journal.rescued or not itself):
        source.tell(words)

    def tell(session: Session) -> None:
        listeners.append(session)
        if early:
            session.journal_failed(early[-1])

    return journal, tell
