"""Profiles: what a broadcaster or a program asks of subtitles, in numbers, read from TOML.

Those that come with the program lie in `resources/rules`; a person's own is a file of the same kind, which
may say `like = "netflix-en"` and only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.toml_text import KINDS, no_key, not_among, read_toml, wrong_key
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
"""Profiles that may stand on each other: more is a circle, as a rule."""


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
            raise UserError(f"There is no profile {name}.", _shipped())
        path = resource("rules", f"{name}.toml")
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"The profile {path} cannot be read: {(error.strerror or '').lower()}.") from error
    except UnicodeDecodeError:
        raise UserError(f"{path} is not a text file in UTF-8.") from None
    return _made(read_toml(text, str(path)), text, path, depth)


def _made(said: Mapping[str, Any], text: str, path: Path, depth: int) -> dict[str, Any]:
    where = str(path)
    made: dict[str, Any] = {}
    if "like" in said:
        like = _checked(text, where, "like", said["like"], "str")
        if like not in profile_names() and not str(like).endswith(".toml"):
            what = f"is {like!r}, and there is no such profile"
            raise UserError(wrong_key(text, where, "like", what).message, _shipped())
        if depth == _FURTHEST:
            raise wrong_key(text, where, "like", "leads to itself again, or to too many others")
        made = _load(str(like), depth + 1)
    made |= {"name": path.stem, "title": path.stem}
    tables = {table for table, _ in _KEYS}
    types = {field.name: str(field.type) for field in fields(Profile)}
    for key, value in said.items():
        if key in ("title", "fps"):
            made[key] = _checked(text, where, key, value, types[key])
        elif key in tables:
            if not isinstance(value, dict):
                raise wrong_key(text, where, key, "must be a table")
            for inner, one in value.items():
                field = _KEYS.get((key, inner))
                if field is None:
                    raise no_key(text, where, f"{key}.{inner}", (two for table, two in _KEYS if table == key))
                made[field] = _checked(text, where, f"{key}.{inner}", one, types[field])
        elif key != "like":
            raise no_key(text, where, key, tables | {"title", "fps", "like"})
    return made


def _shipped() -> str:
    return f"There are: {', '.join(profile_names())}."


def _checked(text: str, where: str, key: str, value: object, wanted: str) -> object:
    """The value, where it is of the type `wanted` and such as the key can have."""
    if key == "gap.policy":
        if value not in _POLICIES:
            raise not_among(text, where, key, value, _POLICIES)
        return value
    words = "" if wanted == "str" else " above nought" if key == "fps" else ", nought or more"
    if wanted == "str":
        good = isinstance(value, str)
    else:
        number = isinstance(value, int if wanted == "int" else (int, float)) and not isinstance(value, bool)
        good = number and float("inf") > float(str(value)) >= 0 and (key, value) != ("fps", 0)
    if not good:
        kind = {"str": str, "int": int, "float": float}[wanted]
        raise wrong_key(text, where, key, f"is {value!r}; it must be {KINDS[kind]}{words}")
    return value
