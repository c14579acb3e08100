"""A colleague at another desk: a macro that does one thing to one cue of the shared film, or saves a copy."""

import json
from typing import Any


async def main(desk: Any, what: str, *args: str) -> None:
    if what == "save":
        desk.save(args[0])
        print(json.dumps({"cues": len(desk.cues)}))
        return
    cue = desk.cues[int(args[0]) - 1]
    if what == "text":
        desk.set_text(cue.id, args[1])
    elif what == "times":
        desk.set_times(cue.id, cue.start + int(args[1]), cue.end + int(args[2]))
    await desk.sync()
    now = desk.cue(cue.id)
    print(
        json.dumps(
            {
                "status": desk.status(cue.id),
                "etag": desk.etag(cue.id),
                "text": now.text,
                "start": now.start,
                "end": now.end,
            }
        )
    )
