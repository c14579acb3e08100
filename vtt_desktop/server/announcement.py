"""How a server on this machine tells the programs of the same person its token: a note in their state folder.

The note names one origin and the file with the token, is there while the server runs, and says nothing of
any other origin. Kept apart from the server's start, so that reading a note brings in nothing of a server.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

LONGEST = 4096
"""Characters of a token file that are looked at."""


@contextmanager
def announced(origin: str, token_file: Path) -> Iterator[None]:
    """Says, while the context lasts, that `token_file` holds the token of `origin`.

    Without a folder to write to nothing is said: a person can still type the token.
    """
    note = _note(origin)
    said = json.dumps({"origin": origin, "token_file": str(token_file.absolute()), "pid": os.getpid()})
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = note.with_name(f"{note.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(said)
        fresh.replace(note)
    try:
        yield
    finally:
        with suppress(OSError):
            if note.read_text("utf-8") == said:  # another server may have taken the port since
                note.unlink()


def announced_token(origin: str) -> str:
    """The token of the server that runs at exactly this origin (`http://127.0.0.1:8765`); nothing: none."""
    try:
        said = json.loads(_note(origin).read_text("utf-8"))
        if not isinstance(said, dict) or said.get("origin") != origin:
            return ""
        return token_in(Path(str(said["token_file"])))
    except (OSError, ValueError, KeyError):
        return ""


def token_in(path: Path) -> str:
    """The token that a file holds; nothing where others could have read or made it. OSError."""
    status = path.stat()
    if os.name != "nt" and (stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid()):
        return ""
    with path.open(encoding="ascii", errors="replace") as file:
        kept = file.read(LONGEST).strip()
    return kept if kept.isascii() and len(kept) >= 32 else ""


def _note(origin: str) -> Path:
    name = re.sub(r"[^0-9A-Za-z.]", "_", origin.partition("//")[2])
    return Path(platformdirs.user_state_dir("vtt-desktop")) / "servers" / f"{name}.json"
