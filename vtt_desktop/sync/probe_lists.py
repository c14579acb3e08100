"""What a backend's list says, tried for a probe: what it names, its versions, and how far behind it is."""

from __future__ import annotations

import asyncio

from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.answers import Contents, Done, Listed
from vtt_desktop.sync.probe_scratch import Scratch, Seen

_BEHIND_S = 3.0
"""So long a list may take to tell of a save before it is said to be behind."""
_LOOKS = 6


async def look_at_list(on: Scratch) -> int:
    """Whether the list can be read; gives the feed's position that it is as new as."""
    if not on.profile.list.url:
        return 0
    contents = await on.repository().contents()
    if not isinstance(contents, Contents):
        raise on.untried("list", f"The list cannot be read: {on.reached(contents)}")
    number = len(contents.items)
    many = f"{number} segment{'' if number == 1 else 's'}"
    on.good("list", f"The list can be read; it names {many}{_in_pages(on, contents.pages)}.")
    await _first_cue(on, contents)
    return contents.seq


def _in_pages(on: Scratch, pages: int) -> str:
    how = on.profile.list
    if pages > 1:
        return f" on {pages} pages"
    if how.next or how.next_params or how.next_headers:
        return "; a second page was not there to be tried"
    return ""


async def _first_cue(on: Scratch, contents: Contents) -> None:
    """Shows one cue as it is read: no try tells whether seconds are taken for milliseconds, a person does."""
    for row in contents.items[:2]:  # the first may be the head
        document = row.document
        if document is None:
            answer = await on.repository().fetch(row.key)
            document = answer.document if isinstance(answer, Done) else None
        if document is None:
            continue
        try:
            body = on.codec.read(document, (), lambda: 0)
        except UserError as error:
            on.note("first-cue", f"{row.key} is not as the profile says: {error}")
            return
        if body.cues and on.codec.tells_times(body):
            cue = body.cues[0]
            times = f"{format_time(cue.start)} to {format_time(cue.end)}"
            words = " ".join(cue.text.split())[:40]
            on.note("first-cue", f"“{words}” is read as {times}; if it is not, look at the units.")
            return


async def listed(on: Scratch, seen: Seen) -> None:
    """Whether the list shows the version of a read, be it a moment later."""
    if not on.profile.list.url:
        return
    row, look = await _row(on), 0
    while look < _LOOKS and (row is None or row.etag not in (None, seen.etag)):
        await asyncio.sleep(_BEHIND_S / _LOOKS)
        row, look = await _row(on), look + 1
    if row is None:
        on.bad("list-version", "The list does not name the scratch segment (list.items, list.id).")
    elif row.etag is None:
        on.note("list-version", "The list shows no versions: each segment is read by itself.")
    elif row.etag == seen.etag and look:
        on.note("list-version", "The list is behind: it shows the version of a read a moment later.")
    elif row.etag == seen.etag:
        on.good("list-version", "The list shows the same version as a read.")
    elif row.etag in on.met:
        on.note("list-version", f"The list is behind: after {_BEHIND_S:.0f} s it shows an older version yet.")
    else:
        on.bad(
            "list-version",
            f"The list shows version {row.etag} for what a read shows as {seen.etag}: "
            "list.version or list.version_format is not right.",
        )


async def _row(on: Scratch) -> Listed | None:
    """The scratch segment's row in the list."""
    contents = await on.repository().contents()
    rows = contents.items if isinstance(contents, Contents) else ()
    return next((one for one in rows if one.key == on.key), None)
