"""Three-way merge of cues by field: for 412 answers, remote changes, a file changed on disk, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vtt_desktop.domain.cue import Cue, settings_by_name, settings_text, split_voice
from vtt_desktop.domain.markup import loose_tags
from vtt_desktop.domain.text_merge import merge_text


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that both sides changed differently. Times are ms, else text; a setting is `setting:NAME`."""

    field: str
    base: int | str
    mine: int | str
    theirs: int | str


@dataclass(frozen=True, slots=True)
class CueMerge:
    """A merged cue. On a field in conflict it has mine; `took` names the fields taken from theirs."""

    cue: Cue
    conflicts: tuple[FieldConflict, ...] = ()
    took: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.conflicts


def fields(cue: Cue) -> dict[str, int | str]:
    """The atoms of a cue that merge on their own, in the order a person reads them."""
    voice, body = split_voice(cue.text)
    found: dict[str, int | str] = {"identifier": cue.identifier, "start": cue.start, "end": cue.end}
    found |= {f"setting:{name}": value for name, value in settings_by_name(cue.settings).items()}
    # The blank line that every block needs is no content: only what a person wrote between blocks is.
    return found | {"speaker": voice, "text": body, "comment": cue.lead.decode("utf-8", "replace").strip()}


def merge_cue(base: Cue, mine: Cue, theirs: Cue) -> CueMerge:
    """Merges what two sides made of `base`. Nothing of text is merged in silence: text is one atom.

    The result is re-validated: where in- and out-time came from different sides and no longer make
    a duration above nought, both times are in conflict; where speaker and text did, and a tag has lost its
    other half, both of these are.
    """
    if mine == theirs or theirs == base:
        return CueMerge(mine if mine != theirs else _with_source(mine, theirs))
    if mine == base:
        before, now = fields(base), fields(theirs)
        changed = tuple(name for name in {**before, **now} if before.get(name) != now.get(name))
        return CueMerge(theirs.with_(id=mine.id), (), changed)
    b, m, t = fields(base), fields(mine), fields(theirs)
    merged, took, conflicts = dict(m), [], []
    for name in dict.fromkeys([*b, *m, *t]):
        was, ours, other = b.get(name, ""), m.get(name, ""), t.get(name, "")
        if (name in m) == (name in t) and ours == other:
            continue
        if (name in b) == (name in t) and was == other:
            continue
        if (name in b) == (name in m) and was == ours:
            took.append(name)
            if name in t:
                merged[name] = other
            else:
                merged.pop(name, None)
        else:
            conflicts.append(FieldConflict(name, was, ours, other))
    cue = _made(mine, theirs, merged, took)
    for torn in _torn(merged, mine, theirs, {one.field for one in conflicts}):
        cue = cue.with_(**{name: getattr(mine, name) for name in torn if name != "speaker"})
        took = [name for name in took if name not in torn]
        conflicts = [one for one in conflicts if one.field not in torn]
        conflicts += [FieldConflict(name, b[name], m[name], t[name]) for name in torn]
    return CueMerge(cue, tuple(conflicts), tuple(took))


def _torn(merged: dict[str, int | str], mine: Cue, theirs: Cue, asked: set[str]) -> list[tuple[str, str]]:
    """Fields that belong together and do not fit, having come from different sides: as they are merged, or
    as they would be when either side is chosen for what is `asked`."""

    def made(one: str, other: str) -> list[tuple[Any, Any]]:
        if one not in asked and other not in asked:
            return [(merged[one], merged[other])]
        sides = (fields(mine), fields(theirs))
        return [
            ((s if one in asked else merged)[one], (s if other in asked else merged)[other]) for s in sides
        ]

    found: list[tuple[str, str]] = []
    if mine.end > mine.start and theirs.end > theirs.start:
        if any(end <= start for start, end in made("start", "end")):
            found.append(("start", "end"))
    texts = [f"{voice}{text}" for voice, text in made("speaker", "text")]
    if any("<" in text and text not in (mine.text, theirs.text) for text in texts):
        loose = loose_tags(mine.text) | loose_tags(theirs.text)
        if any(not loose_tags(text) <= loose for text in texts):
            found.append(("speaker", "text"))
    return found


def propose_text(base: Cue, mine: Cue, theirs: Cue) -> tuple[str, bool]:
    """The token merge of the three texts, as a start for composing, and whether it is without overlap."""
    return merge_text(base.text, mine.text, theirs.text)


def _with_source(mine: Cue, theirs: Cue) -> Cue:
    return mine if mine.source is not None else mine.with_(source=theirs.source)


def _made(mine: Cue, theirs: Cue, merged: dict[str, int | str], took: list[str]) -> Cue:
    by_name = {n.removeprefix("setting:"): str(v) for n, v in merged.items() if n.startswith("setting:")}
    if by_name == settings_by_name(mine.settings):
        settings = mine.settings
    elif by_name == settings_by_name(theirs.settings):
        settings = theirs.settings
    else:
        settings = settings_text(by_name)
    return mine.with_(
        identifier=str(merged["identifier"]),
        start=int(merged["start"]),
        end=int(merged["end"]),
        settings=settings,
        text=f"{merged['speaker']}{merged['text']}",
        lead=theirs.lead if "comment" in took else mine.lead,
    )
