"""Each kind of conflict in the words of a person: what happened, and what each choice does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.sync.body import Conflict, ConflictKind

NAMED = 30
"""So many characters tell which cue is meant, or fewer, so that no word is torn."""
_SIGNS = " .,;:!?…。、！？–—-"


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


def quoted(text: str) -> str:
    """The first words of a cue's text, without signs at their end, since a sentence goes on or ends behind
    them; nothing where it has none."""
    text = " ".join(spoken_text(text).split())
    short = text
    if len(text) > NAMED:
        short, _, torn = text[: NAMED + 1].rpartition(" ")
        short = short if len(torn) < len(short) else text[:NAMED]
    words = short.rstrip(_SIGNS) or short
    return f"“{words}{'…' if len(text) > NAMED else ''}”" if text else ""


def cue_name(conflict: Conflict, number: int | None) -> str:
    """`cue 12`, or what it says where it has no number (any more)."""
    if number is not None:
        return f"cue {number}"
    cue = conflict.mine or conflict.base or conflict.theirs
    words = quoted(cue.text) if cue is not None else ""
    return f"the cue {words}" if words else "a cue"
