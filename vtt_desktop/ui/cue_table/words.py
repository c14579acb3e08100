"""The state of a cue's sync in words: for tooltips, screen readers and the line below the text box."""

from __future__ import annotations

from typing import Final

from vtt_desktop.sync.phase import Badges, Link, Phase

CONFLICTS_KEY: Final = "Ctrl+Shift+K"

_WORDS: Final = {
    Phase.LOCAL: "",
    Phase.SYNCED: "Saved",
    Phase.DIRTY: "Waiting to be sent",
    Phase.SENDING: "Sending…",
    Phase.UNKNOWN: "Sent, not confirmed yet",
    Phase.CONFLICT: f"Conflict — {CONFLICTS_KEY}",
    Phase.GONE: f"Removed by someone else — {CONFLICTS_KEY}",
    Phase.REFUSED: "Refused",
    Phase.READ_ONLY: "Read-only",
}

_BEHIND: Final = {
    Phase.SYNCED: "Saved before the server went back — choose how to go on",
    Phase.DIRTY: "Not sent before you choose how to go on",
}
"""What is said while the server lacks something that was saved there."""


def sync_words(sync: Badges, cue_id: int) -> str:
    """One short sentence on where the cue stands; nothing for a document without a server."""
    phase = sync.phase(cue_id)
    words = _WORDS[phase]
    if sync.setback is not None and phase in _BEHIND:
        words = _BEHIND[phase]
    elif phase is Phase.DIRTY and sync.link is Link.READ_ONLY:
        words = "Read-only — not sent"
    elif phase is Phase.DIRTY and sync.link is Link.OFFLINE:
        words = "Waiting to be sent — offline"
    elif phase is Phase.DIRTY and sync.link is Link.UNREACHABLE:
        words = "Waiting to be sent — no answer from the server"
    detail = sync.detail(cue_id)
    return f"{words}: {detail}" if detail and words else detail or words
