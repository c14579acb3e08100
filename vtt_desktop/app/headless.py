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
from vtt_desktop.app.outcome import COULD_NOT, DONE, FOUND, report, tell
from vtt_desktop.app.person import person
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.sync.places import left_out

DEBOUNCE_S = 0.3
log = logging.getLogger(__name__)


async def publish_file(file: str, url: str, profile: str, token: str) -> int:
    """Puts a file into a new project and prints its address; what has no place there is named."""
    tasks = Tasks()
    target = parse_target(url, profile)
    session = await open_source(Source(file), tasks)
    try:
        await publish(session, target, tasks, token, person(), Credentials())
    finally:
        await _closed(session, tasks)
    snapshot = session.document.snapshot
    print(f"published {len(snapshot.cues)} cues to {target.url}")
    left = left_out(snapshot, target.profile.content)
    if left:
        tell(f"This backend has no place for {left}: not published, it stays in the file alone.")
    return DONE


async def sync_project(project: str, token: str, went_back: str = "", *, online: bool = False) -> int:
    """Sends and fetches what waits in a project; prints what is left. `went_back`: “mine” or “theirs” shall
    hold where the server went back; `online`: one that is offline is online from then on."""
    tasks = Tasks()
    source = Source(
        project,
        token=token,
        author=person(),
        journal=Path(project),
        tell=tell,
        credentials=Credentials(),
        may_look=False,
    )
    session = await open_source(source, tasks)
    try:
        if session.engine is None:
            raise UserError(f"The project {project} is not shared with a server.")
        if online:
            session.set_offline(False)
        elif session.offline:
            session.engine.set_offline(False)  # to be asked to sync is to be asked to go online, this once
        await session.sync_now()
        if went_back and session.sync.setback is not None:
            await session.decide_setback(went_back == "mine")
        return report(session)
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
    """Runs a macro on a source. What waits is sent before the program ends; a project keeps the rest."""
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
        tell=tell,
        credentials=Credentials(),
    )
    session = await open_source(where, tasks)
    try:
        stopped: UserError | None = None
        try:
            status = await _run_macro(macro, session, args)
        except UserError as error:
            status, stopped = COULD_NOT, error
        if session.engine is not None and session.engine.online:
            await session.engine.settle()
        if save and stopped is None:
            await session.save()
        left = report(session, kept=journal is not None)
        if stopped is not None:
            raise stopped
        return status or left
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


async def _closed(session: Session, tasks: Tasks) -> None:
    await session.close()
    await tasks.close()
