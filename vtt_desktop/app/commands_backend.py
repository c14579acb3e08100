"""`probe`: tries what a backend does with versions, and says whether it may be written to."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from vtt_desktop.app.probes import tried
from vtt_desktop.app.target import parse_target

WRITABLE, UNSAFE, NOT_REACHED = 0, 1, 3
_SIGNS = {"good": "ok  ", "note": "note", "bad": "BAD ", "untried": "?   "}


async def probe(
    profile: str, source: str, *, ids: Sequence[str], token: str, scratch: str, as_json: bool
) -> int:
    """Tries a backend, prints each finding, keeps the result; the exit status.

    UserError where the profile or the address is wrong, or there is nothing to try it on.
    """
    target = parse_target(source, profile, ids or ((scratch,) if scratch else ()))
    result = await tried(target, token, scratch)
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        for one in result["findings"]:
            print(f"{_SIGNS[one['mark']]}  {one['words']}")
    if not result["reached"]:
        print(f"vtt-desktop: {result['reason']}", file=sys.stderr)
        return NOT_REACHED
    if not as_json:
        print(
            f"{target.profile.name} may be written to."
            if result["writable"]
            else f"{target.profile.name} MUST NOT be written to, and is opened to be read only from now on."
        )
    return WRITABLE if result["writable"] else UNSAFE
