"""Profiles: what a broadcaster or a program asks of subtitles, in numbers, read from TOML.

Those that come with the program lie in `resources/rules`; a person's own is a file of the same kind, which
may say `like = "netflix-en"` and only what differs.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vtt_desktop.domain.errors import UserError
from vtt_desktop.resources import resource

_POLICIES = ("least", "close", "long-or-none")
_KEYS = {
    ("lines", "most"): "most_lines",
    ("lines", "characters"): "characters",
    ("speed", "cps"): "cps",
    ("speed", "cps-optimal"): "cps_optimal",
    ("speed", "wpm"): "wpm",
    ("speed", "wpm-optimal"): "wpm_optimal",
    ("speed", "word"): "word",
    ("duration", "least"): "shortest",
    ("duration", "most"): "longest",
    ("gap", "policy"): "gap_policy",
    ("gap", "ms"): "gap_ms",
    ("gap", "frames"): "gap_frames",
    ("gap", "better"): "better_gap",
    ("gap", "close-below"): "close_below",
}
_FURTHEST = 8
"""Profiles that may stand on each other: more is a circle."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The numbers of one profile; nought or an empty policy: nothing is asked. Times are milliseconds.

    `gap_policy` is `least` (no shorter gap), `close` (no shorter one, and none between that and
    `close_below`) or `long-or-none` (that long, better `better_gap`, or no gap at all).
    """

    name: str
    title: str
    fps: float = 24
    most_lines: int = 0
    characters: int = 0
    cps: float = 0
    cps_optimal: float = 0
    wpm: float = 0
    wpm_optimal: float = 0
    word: int = 0
    shortest: int = 0
    longest: int = 0
    gap_policy: str = ""
    gap_ms: int = 0
    gap_frames: int = 0
    better_gap: int = 0
    close_below: int = 0

    @property
    def gap(self) -> float:
        """The shortest gap, ms; frames are counted at `fps`."""
        return self.gap_frames * 1000 / self.fps if self.gap_frames else self.gap_ms


def profile_names() -> list[str]:
    """The profiles that come with the program."""
    return sorted(path.stem for path in resource("rules").glob("*.toml"))


def load_profile(name: str, fps: float | None = None) -> Profile:
    """The profile of that name, or in that `.toml` file; `fps` overrules its frame rate.

    UserError for a name that none has and for a file that says what no profile can.
    """
    found = _load(name, 0)
    if fps is not None:
        found["fps"] = fps
    if not float("inf") > found.get("fps", 24) > 0:
        raise UserError("A frame rate is a number above nought.")
    return Profile(**found)


def _load(name: str, depth: int) -> dict[str, Any]:
    path = Path(name) if name.endswith(".toml") else None
    if path is None:
        if name not in profile_names():
            raise UserError(f"There is no profile {name}.", f"There are: {', '.join(profile_names())}.")
        path = resource("rules", f"{name}.toml")
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"The profile {path} cannot be read: {(error.strerror or '').lower()}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The profile {path} is no TOML: {error}.") from error
    like = said.pop("like", None)
    if depth > _FURTHEST:
        raise UserError(f"The profile {path} is like itself.")
    made = _load(str(like), depth + 1) if like is not None else {}
    made |= {"name": path.stem, "title": path.stem}
    for key, value in said.items():
        if key in ("title", "fps"):
            made[key] = _checked(path, key, key, value)
            continue
        for inner, number in (value if isinstance(value, dict) else {"": value}).items():
            field = _KEYS.get((key, inner))
            if field is None:
                where = f"{key} {inner}".strip()
                raise UserError(f"The profile {path} says “{where}”, which means nothing.")
            made[field] = _checked(path, field, f"{key} {inner}", number)
    return made


def _checked(path: Path, field: str, said: str, value: object) -> object:
    wanted = str(next(f.type for f in fields(Profile) if f.name == field))
    if wanted == "str":
        good = isinstance(value, str) and (field != "gap_policy" or value in _POLICIES)
    else:
        good = isinstance(value, int if wanted == "int" else (int, float)) and not isinstance(value, bool)
        good = good and float("inf") > float(str(value)) >= 0
    if not good:
        raise UserError(f"The profile {path} gives “{said}” a value that it cannot have: {value}.")
    return value
