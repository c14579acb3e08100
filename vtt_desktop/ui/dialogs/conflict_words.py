"""Each kind of conflict in the words of a person: what happened, and what each choice does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.sync_log import Preview

NAMED = 30
"""So many characters tell which cue is meant."""
_FEW = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """`short` is for a list; `{cue}` stands for the cue's name."""

    short: str
    title: str
    story: str
    mine: str = "Keep mine"
    theirs: str = "Take theirs"


WORDINGS: Final = {
    ConflictKind.EDIT: Wording(
        "both changed it",
        "Both sides changed {cue}",
        "Choose a version, or compose one from both. What only one side changed is kept either way.",
    ),
    ConflictKind.REMOVED_THERE: Wording(
        "removed there",
        "The other side removed {cue}, and you changed it",
        "Keep your version, which brings the cue back for everyone, or let it go.",
        mine="Keep my cue",
        theirs="Remove it",
    ),
    ConflictKind.REMOVED_HERE: Wording(
        "removed here",
        "You removed {cue}, and the other side changed it",
        "Keep it removed, which takes their change away, or bring their version back.",
        mine="Keep it removed",
        theirs="Bring theirs back",
    ),
    ConflictKind.HEAD: Wording(
        "both changed it",
        "Both sides changed the header",
        "The header holds the first lines of the file, its STYLE and its REGION blocks.",
    ),
    ConflictKind.REVERTED: Wording(
        "sent, and then as before",
        "Your change to {cue} was sent, and the server shows the text from before",
        "Its answer was lost on the way: either it never arrived, or someone took it back.",
        mine="Send mine again",
        theirs="Leave it as it was",
    ),
    ConflictKind.TAKEN_BACK: Wording(
        "saved, and then as before",
        "Your change to {cue} was saved, and the server shows the version from before it",
        "Either someone took it back, or the server was put back to an older state.",
        mine="Save mine again",
        theirs="Leave it as it was",
    ),
}

FIELD_NAMES: Final = {
    "identifier": "Identifier",
    "start": "Start",
    "end": "End",
    "speaker": "Speaker",
    "text": "Text",
    "comment": "Comment",
    "header": "Header",
    "footer": "After the last cue",
}


def field_name(field: str) -> str:
    """A field of `domain.merge.fields` as a person calls it."""
    return FIELD_NAMES.get(field) or field.removeprefix("setting:").capitalize()


def along_words(kind: ConflictKind, mine: Preview, theirs: Preview) -> str:
    """What else each choice does: to cues that one side cut off from this one, or joined to it. Empty: to
    none."""
    words = WORDINGS[kind]
    sentences = (_also(words.mine, mine), _also(words.theirs, theirs))
    return " ".join(sentence for sentence in sentences if sentence)


def _also(choice: str, preview: Preview) -> str:
    back = [one.after for one in preview.others if one.before is None]
    gone = [one.before for one in preview.others if one.after is None]
    changed = [one.after for one in preview.others if one.before is not None and one.after is not None]
    parts = [f"brings back {_quoted(back)}"] if back else []
    parts += [f"removes {_quoted(gone)}"] if gone else []
    parts += [f"makes it {_quoted(changed)} beside it"] if changed else []
    return f"“{choice}” also {', and '.join(parts)}." if parts else ""


def _quoted(cues: Sequence[Cue | Head | None]) -> str:
    """The first words of each."""
    texts = [" ".join(spoken_text(cue.text).split()) for cue in cues if isinstance(cue, Cue)]
    named = ", ".join(f"“{text[:NAMED]}{'…' if len(text) > NAMED else ''}”" for text in texts[:_FEW])
    return named + (f" and {len(texts) - _FEW} more" if len(texts) > _FEW else "")


def cue_name(conflict: Conflict, number: int | None) -> str:
    """`cue 12`, or what it says where it has no number (any more)."""
    if number is not None:
        return f"cue {number}"
    cue = conflict.mine or conflict.theirs or conflict.base
    text = " ".join(spoken_text(cue.text).split()) if cue is not None else ""
    return f"the cue “{text[:NAMED]}{'…' if len(text) > NAMED else ''}”" if text else "a cue"
