"""Commands that need a session and no window: publish, sync, run."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from vtt_desktop.app.credentials import Credentials
from vtt_desktop.app.desk import Desk, run_macro
from vtt_desktop.app.opening import Source, open_source, publish
from vtt_desktop.app.person import person
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.sync.state import Link

DONE, FOUND, COULD_NOT = 0, 1, 3
HOW_TO_DECIDE = (
    "Decide with “vtt-desktop sync --went-back mine PROJECT” (what is here is saved there again) "
    "or “--went-back theirs” (what the server has now is taken)."
)
DEBOUNCE_S = 0.3
log = logging.getLogger(__name__)


async def publish_file(file: str, url: str, profile: str, token: str) -> int:
    """Puts a file into a new project and prints its address."""
    tasks = Tasks()
    target = parse_target(url, profile)
    session = await open_source(Source(file), tasks)
    try:
        await publish(session, target, tasks, token, person(), Credentials())
    finally:
        await _closed(session, tasks)
    print(f"published {len(session.document.snapshot.cues)} cues to {target.url}")
    return DONE


async def sync_project(project: str, token: str, went_back: str = "") -> int:
    """Sends and fetches what waits in a project; prints what is left. `went_back`: “mine” or “theirs” shall
    hold where the server went back."""
    tasks = Tasks()
    source = Source(
        project,
        token=token,
        author=person(),
        journal=Path(project),
        tell=_tell,
        credentials=Credentials(),
        may_look=False,
    )
    session = await open_source(source, tasks)
    try:
        if session.engine is None:
            raise UserError(f"The project {project} is not shared with a server.")
        if session.offline and session.engine is not None:
            session.engine.set_offline(False)  # to be asked to sync is to be asked to go online, this once
        await session.sync_now()
        if went_back and session.sync.setback is not None:
            await session.decide_setback(went_back == "mine")
        if session.sync.setback is not None:
            _tell(f"{session.sync.setback.sentence} {HOW_TO_DECIDE}")
            return FOUND
        return _report(session)
    finally:
        await _closed(session, tasks)


async def run(
    macro: Path,
    source: str,
    args: Sequence[str],
    *,
    profile: str,
    ids: Sequence[str],
    token: str,
    project: str,
    save: bool,
) -> int:
    """Runs a macro on a source. Without a project, what waits is sent before the program ends."""
    if not source and not profile and not project:
        raise UsageError(
            "Nothing to run the macro on.", "Give a file, a project, or a backend with --profile."
        )
    journal = Path(project) if project else None
    if source.endswith(".vttproj") and journal is None:
        journal = Path(source)
    name = source or (project if project and not profile else "")
    tasks = Tasks()
    where = Source(
        name,
        profile,
        tuple(ids),
        token,
        person(),
        journal=journal,
        debounce_s=DEBOUNCE_S,
        tell=_tell,
        credentials=Credentials(),
    )
    session = await open_source(where, tasks)
    try:
        status = await _run_macro(macro, session, args)
        if journal is None and session.engine is not None and session.engine.online:
            await session.engine.settle()
        if save:
            await session.save()
        if journal is None:  # nothing keeps what could not be sent
            return status or _report(session)
        summary = session.sync.summary
        left = summary.conflicts or summary.link is Link.NEEDS_TOKEN  # the rest goes by itself
        return status or (_report(session) if left else DONE)
    finally:
        await _closed(session, tasks)


async def _run_macro(macro: Path, session: Session, args: Sequence[str]) -> int:
    try:
        result = await run_macro(macro, Desk(session), args)
    except asyncio.CancelledError:
        raise
    except UserError as error:
        if line := _line(macro, error):
            error.message = f"The macro stopped{line}: {error.message}"
        raise
    except Exception as error:
        line = _line(macro, error)
        log.debug("macro failed", exc_info=True)
        print(f"vtt-desktop: the macro failed{line}: {type(error).__name__}: {error}", file=sys.stderr)
        return FOUND
    return result if isinstance(result, int) and not isinstance(result, bool) else DONE


def _line(macro: Path, error: Exception) -> str:
    """Where in the macro it came to that; nothing where it was not in the macro."""
    where = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(macro)]
    return f" in line {where[-1].lineno}" if where else ""


def _report(session: Session) -> int:
    """Tells on stderr what is left to do; the exit status for it."""
    summary = session.sync.summary
    if summary.link is Link.LOCAL:
        return DONE
    left = []
    if summary.conflicts:
        left.append(_count(summary.conflicts, "conflict"))
    if summary.refused:
        left.append(f"{_count(summary.refused, 'segment')} refused")
    if summary.waiting:
        left.append(f"{_count(summary.waiting, 'edit')} not sent")
    if summary.detail:
        left.append(summary.detail.rstrip("."))
    if left:
        print(f"vtt-desktop: {'; '.join(left)}.", file=sys.stderr)
    if summary.conflicts or summary.refused:
        return FOUND
    return COULD_NOT if summary.waiting or summary.link not in (Link.ONLINE, Link.OFFLINE) else DONE


def _tell(sentence: str) -> None:
    print(f"vtt-desktop: {sentence}", file=sys.stderr)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


async def _closed(session: Session, tasks: Tasks) -> None:
    await session.close()
    await tasks.close()
