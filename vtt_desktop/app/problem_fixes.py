"""What mends a problem in the list: the repairs of `check --fix`, one problem or one rule at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from vtt_desktop.app.problem_worker import Checks
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Origin
from vtt_desktop.domain.edits_text import remove_cues
from vtt_desktop.domain.problem import Problem
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.domain.timecode import format_duration
from vtt_desktop.formats.webvtt_checks import check_cue
from vtt_desktop.formats.webvtt_fixes import repaired_cue
from vtt_desktop.quality.checker import pairs
from vtt_desktop.quality.fixes import mended_cue
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import TWICE, check_gap, shown_alike
from vtt_desktop.quality.rules import check_cue as check_quality_of
from vtt_desktop.ui.authoring import Fix

_ORDER = "start-order"
_SETTINGS = frozenset({"repeated-setting", "bad-setting"})
_TEXT = frozenset({"bare-ampersand", "unclosed-tag", "unmatched-tag", "wrong-nesting"})
_TIMING = frozenset({"timing-line"})
_OF_PROFILES = frozenset(
    {"line-count", "line-length", "duration-short", "duration-long", "reading-speed", "gap"}
)
_AROUND = 60_000
"""ms before and behind a cue in which its neighbours are looked for: no gap of a profile is as long."""
_SHORT = 10_000
_BESIDE = 32
_SHOWN = 60
"""Characters of a text in a preview."""


def fix_of(problem: Problem, snapshot: Snapshot, checks: Checks) -> Fix | None:
    """What mends one problem; None where nothing does."""
    if problem.rule == _ORDER:
        return _in_order(snapshot)
    if problem.rule == TWICE:
        cue = snapshot.cues.get(problem.cue_id or 0)
        near = (
            sorted(_around(snapshot.cues, cue), key=lambda one: snapshot.cues.index_of(one.id))
            if cue is not None
            else ()
        )
        return _once({problem.cue_id}, near, snapshot)
    made = _mended(problem, snapshot, {}, checks)
    if made is None:
        return None
    old, new = made
    return Fix(Edit("Fix problem", (CueChange(old, new),)), _words(snapshot, old, new, problem.cue_id))


def fix_all(problems: Iterable[Problem], snapshot: Snapshot, checks: Checks) -> Fix | None:
    """What mends those of the problems that can be mended, in one edit. They are of one rule."""
    problems = tuple(problems)
    if problems and problems[0].rule == TWICE:
        return _once({one.cue_id for one in problems}, snapshot.cues, snapshot)
    changed: dict[int, Cue] = {}
    preview, mended = "", 0
    for problem in problems:
        if problem.rule == _ORDER:
            return _in_order(snapshot)
        made = _mended(problem, snapshot, changed, checks)
        if made is not None:
            mended += 1
            preview = preview or _words(snapshot, *made, problem.cue_id)
            changed[made[1].id] = made[1]
    if not changed:
        return None
    changes = [CueChange(snapshot.cues.get(cue_id), cue) for cue_id, cue in changed.items()]
    changes.sort(key=lambda change: snapshot.cues.index_of(change.id))
    count = f"{mended:,} problems" if mended > 1 else "1 problem"
    return Fix(Edit(f"Fix {count}", tuple(changes)), f"{count}, the first: {preview}")


def _mended(
    problem: Problem, snapshot: Snapshot, changed: Mapping[int, Cue], checks: Checks
) -> tuple[Cue, Cue] | None:
    """A cue and how it is without the problem; `changed` are cues as others of the same edit leave them."""
    if problem.cue_id is None or not snapshot.cues.has(problem.cue_id):
        return None
    cue = changed.get(problem.cue_id) or snapshot.cues[snapshot.cues.index_of(problem.cue_id)]
    if checks.profile is not None and problem.section == checks.profile.title:
        return _by_profile(problem, cue, snapshot, changed, checks.profile)
    return _by_specification(problem, cue, checks) if checks.webvtt else None


def _by_specification(problem: Problem, cue: Cue, checks: Checks) -> tuple[Cue, Cue] | None:
    rule = problem.rule
    if rule not in _SETTINGS | _TEXT | _TIMING:
        return None
    whole = repaired_cue(cue, checks.regions, checks.kind)
    fresh = cue
    if rule in _SETTINGS:
        fresh = cue.with_(settings=whole.settings)
    elif rule in _TEXT:
        fresh = cue.with_(text=whole.text)
    elif whole.source is None and cue.source is not None:
        fresh = cue.with_(source=None)
    if fresh is cue or any(one.rule == rule for one in check_cue(fresh, checks.regions, checks.kind)):
        return None
    return cue, fresh


def _by_profile(
    problem: Problem, cue: Cue, snapshot: Snapshot, changed: Mapping[int, Cue], profile: Profile
) -> tuple[Cue, Cue] | None:
    if problem.rule not in _OF_PROFILES:
        return None
    around = _around(snapshot.cues, cue)
    order = [one for _, one in pairs(changed.get(one.id, one) for one in around)]
    at = next((i for i, one in enumerate(order) if one.id == cue.id), None)
    if at is not None and problem.rule == "gap":
        at -= 1  # it is the out-time before a gap that moves
    if at is None or at < 0:
        return None
    old, after = order[at], order[at + 1] if at + 1 < len(order) else None
    new = mended_cue(old, order[at - 1] if at else None, after, profile)
    if new is old:
        return None
    left = [*check_quality_of(new, profile), *(check_gap(new, after, profile) if after is not None else ())]
    return (
        None if any((one.rule, one.cue_id) == (problem.rule, problem.cue_id) for one in left) else (old, new)
    )


def _around(cues: CueList, cue: Cue) -> Iterable[Cue]:
    """Cues near it in time; in a long document near it in the file, or every cue would have to be read."""
    if len(cues) <= _SHORT:
        return cues.overlapping(cue.start - _AROUND, max(cue.start, cue.end) + _AROUND)
    at = cues.index_of(cue.id)
    return cues[max(0, at - _BESIDE) : at + _BESIDE + 1]


def _in_order(snapshot: Snapshot) -> Fix | None:
    """The cues in the order of their in-times, which is the one that players have them in."""
    cues = sorted(snapshot.cues, key=lambda cue: cue.start)  # stable
    edit = edit_to(snapshot, snapshot.head, cues, "Put cues in order", Origin.USER)
    if not edit.changes:
        return None
    moved = len(edit.ids)
    return Fix(edit, f"{'1 cue moves' if moved == 1 else f'{moved:,} cues move'} to where the in-times say")


def _once(wanted: Set[int | None], cues: Iterable[Cue], snapshot: Snapshot) -> Fix | None:
    """Of two cues that say the same at the same time the second goes; the first where only the second has an
    identifier or a comment before it. Where both have, a person has to say which."""
    kept: dict[object, Cue] = {}
    gone: list[Cue] = []
    for cue in cues:
        what = shown_alike(cue)
        first = kept.setdefault(what, cue)
        if first is cue or cue.id not in wanted:
            continue
        spare = next((one for one, other in ((cue, first), (first, cue)) if _adds_nothing(one, other)), None)
        if spare is not None:
            gone.append(spare)
            kept[what] = first if spare is cue else cue
    if not gone:
        return None
    number, text = snapshot.cues.index_of(gone[0].id) + 1, gone[0].text.replace("\n", " ⏎ ")
    preview = f"cue {number:,} goes: “{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"
    if len(gone) > 1:
        preview = f"{len(gone):,} cues go, the first: {preview}"
    return Fix(replace(remove_cues(snapshot, [cue.id for cue in gone]), label="Keep one of two"), preview)


def _adds_nothing(cue: Cue, other: Cue) -> bool:
    """Whether nothing is lost with a cue that says what another says."""
    return not cue.lead.strip() and cue.identifier in ("", other.identifier)


def _words(snapshot: Snapshot, old: Cue, new: Cue, of: int | None) -> str:
    number = snapshot.cues.index_of(new.id) + 1
    where = f"cue {number:,}: " if new.id != of else ""
    parts = []
    if new.settings != old.settings:
        parts.append(f"“{old.settings}” → “{new.settings}”" if new.settings else f"without “{old.settings}”")
    if new.text != old.text:
        parts.append(_differing(old.text, new.text))
    if new.end != old.end:
        by = format_duration(abs(new.end - old.end))
        parts.append(f"ends {by} s {'later' if new.end > old.end else 'earlier'}")
    if not parts:
        parts.append("the timing line is written anew")
    return where + ", ".join(parts)


def _differing(old: str, new: str) -> str:
    """What differs of two texts, with a little of what stands round it."""
    before, after = old.replace("\n", " ⏎ "), new.replace("\n", " ⏎ ")
    first = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    begin = max(0, first - _SHOWN // 3)
    shown = [
        text[begin : begin + _SHOWN] + ("…" if len(text) > begin + _SHOWN else "") for text in (before, after)
    ]
    lead = "…" if begin else ""
    return " → ".join(f"“{lead}{text}”" for text in shown)
