"""How a command without a window ends: what is left to do, in a sentence on stderr, and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from vtt_desktop.app.session import Session
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.refusals import cue_of, place_of, why_of
from vtt_desktop.sync.segment import WAITS, Segment
from vtt_desktop.sync.state import Link, Summary

DONE, FOUND, COULD_NOT = 0, 1, 3
MOST_REFUSALS = 20
"""So many refused cues are told of one by one."""
HOW_TO_DECIDE = (
    "Decide with “vtt-desktop sync --went-back mine PROJECT” (what is here is saved there again) "
    "or “--went-back theirs” (what the server has now is taken)."
)
KEPT_OFFLINE = "project is offline until “vtt-desktop sync --online PROJECT”"
_NOT_KEPT = "the macro went offline, and without --project nothing keeps it"


def report(session: Session, *, kept: bool = False) -> int:
    """Tells what is left to do; the exit status for it. `kept`: a project keeps what is not sent. Then a
    server that is not reached is no failure where nothing is for it, nor is what a person keeps offline."""
    summary = session.sync.summary
    if summary.link is Link.LOCAL:
        return DONE
    if summary.setback is not None:
        tell(f"{summary.setback.sentence} {HOW_TO_DECIDE}")
        return FOUND
    decide = bool(summary.conflicts or summary.refused)
    if kept and not decide and not summary.waiting and summary.link is not Link.NEEDS_TOKEN:
        if summary.link is Link.OFFLINE:
            tell(f"The {KEPT_OFFLINE}.")
        return DONE
    if left := "; ".join(_left(session, summary, kept=kept)):
        tell(f"{left}.")
    if summary.refused:
        for line in _refusals(session):
            tell(line)
    if decide:
        return FOUND
    if kept and summary.link is Link.OFFLINE:
        return DONE
    return COULD_NOT if summary.waiting or summary.link not in (Link.ONLINE, Link.OFFLINE) else DONE


def tell(sentence: str) -> None:
    """One line on stderr."""
    print(f"vtt-desktop: {sentence}", file=sys.stderr)


def _left(session: Session, summary: Summary, *, kept: bool) -> Iterator[str]:
    if summary.conflicts:
        yield _count(summary.conflicts, "conflict")
    if summary.refused:
        yield f"{_count(summary.refused, 'segment')} refused"
    if summary.waiting:
        yield f"{_count(summary.waiting, 'edit')} not sent"
    if summary.detail:
        yield summary.detail.rstrip(".")
    elif summary.waiting:
        yield _why_waiting(session, kept=kept).rstrip(".")


def _refusals(session: Session) -> Iterator[str]:
    """What was refused and why, in the order of the document. Where not all can be told, each different
    sentence is before one is told twice."""
    cues = session.document.snapshot.cues
    every = sorted(_in(session, Phase.REFUSED), key=lambda one: place_of(one, cues))
    first = {why_of(one): one for one in reversed(every)}
    told = sorted(every, key=lambda one: first[why_of(one)] is not one)[:MOST_REFUSALS]
    for one in sorted(told, key=lambda one: place_of(one, cues)):
        cue = cue_of(one, cues)
        which = "the header"
        if cue is not None:
            number = f"cue {cues.index_of(cue.id) + 1}" if cues.has(cue.id) else "a removed cue"
            which = f"{number}, {format_time(cue.start)}"
        yield f"{which}: {' '.join(why_of(one).split()) or 'the server does not say why.'}"
    if len(every) > len(told):
        yield f"and {len(every) - len(told)} more."


def _why_waiting(session: Session, *, kept: bool) -> str:
    """Why something was not sent where the link has nothing to say on it."""
    if session.offline:
        return f"the {KEPT_OFFLINE}" if kept else _NOT_KEPT
    assert session.engine is not None, "what is not shared has nothing to send"
    if (pause := session.engine.pause_s) > 0:
        return f"the server is busy and wants to be left alone for {pause:.0f} s more"
    waiting = list(_in(session, Phase.DIRTY, Phase.UNKNOWN, Phase.SENDING))
    ids = {cue.id for one in waiting for body in (one.mine, one.base) if body for cue in body.cues}
    for line in reversed(session.sync.log):
        if line.cue_id in ids:
            return line.words[:1].lower() + line.words[1:]
    if any(one.after for one in waiting):
        return WAITS[:1].lower() + WAITS[1:]
    return "the server has not answered yet"


def _in(session: Session, *phases: Phase) -> Iterator[Segment]:
    return (one for one in session.sync.segments.values() if one.phase in phases)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
