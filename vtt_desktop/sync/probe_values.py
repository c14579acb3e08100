"""Whether a backend keeps texts and times as it is sent them, tried for a probe."""

from __future__ import annotations

import asyncio

from vtt_desktop.sync.answers import Answer, Done
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.probe_scratch import Scratch, Seen, said

REGET = "write.version = 'reget'"
WEAK = " It is a weak one (W/…), which many servers take in no save: etag = 'strip-weak'."
_COARSE = "The version changes once a second at most: two saves within one share it."
A_SECOND_S = 1.1
_TEXT = "  <b>Probe</b>  "
_CLOSE_MS = 60
"""A time that comes back within one and a half frames of a film was rounded; else its unit is not right."""


async def shared(on: Scratch, check: str, words: str, seen: Seen) -> Seen:
    """Two saves have one version, that of `seen`: says so in these words, or that it is for their being too
    close to one another; gives what is there then."""
    await asyncio.sleep(A_SECOND_S)
    later = await on.saved(seen, on.with_text(seen.body, "Probe 4"))
    on.bad(check, _COARSE if later.etag != seen.etag else words)
    return later


async def a_second_later(on: Scratch, first: Seen, wanted: Body) -> tuple[Seen, Answer]:
    """Tries a save once more that was refused although it named the version just read: some servers take no
    version of this second. Gives what was saved over, and the answer."""
    later = await on.fetched_later()
    answer = await on.send(later, wanted, later.etag)
    if isinstance(answer, Done):
        on.settling = True
        on.note(
            "save-at-once",
            "A save right after another one is refused, and taken a second later: it is sent twice then.",
        )
    return later, answer


async def altered(on: Scratch, seen: Seen) -> Seen:
    """A text that some backends tidy up. One whose answer to a save shows a version and not what it made of
    the text would leave the desk with words that the server does not have."""
    wanted = on.with_text(seen.body, _TEXT)
    answer = await on.send(seen, wanted, seen.etag)
    now = await on.fetched()
    if not isinstance(answer, Done):
        on.note("text", f"Text with tags, and blanks at its ends, is refused: {on.reached(answer)}")
    elif said(now.body) == said(wanted):
        on.good("text", "Text with tags, and blanks at its ends, reads back as it was saved.")
    elif answer.etag is None or answer.document is not None:
        on.note("text", f"The server changes text that it is sent: “{_TEXT}” reads {_quoted(now.body)}.")
    else:
        on.bad(
            "text",
            f"The server changes text that it is sent (“{_TEXT}” reads {_quoted(now.body)}), and its answer "
            f"to a save does not show that: {REGET}.",
        )
    return now


def rounds(body: Body, wanted: Body) -> bool:
    """Whether a body is what was wanted but for times that moved by less than two frames."""
    pairs = list(zip(said(body), said(wanted), strict=False))
    moved = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairs]
    same = len(body.cues) == len(wanted.cues) and all(a[2] == b[2] for a, b in pairs)
    return same and 0 < max(moved, default=0) <= _CLOSE_MS


def _quoted(body: Body) -> str:
    return f"“{body.cues[0].text[:40]}”" if body.cues else "as nothing"
