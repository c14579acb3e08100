"""A cue block of a WebVTT file: its timings and its settings, by the steps of the specification."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import isinf
from typing import Literal

from vtt_desktop.domain.cue import Cue, Source, made_cue

# WebVTT 6.3 "collect a WebVTT timestamp". Hours may have any number of digits; two-digit first units above
# 59 count as hours and then lack their third part, which refuses them.
_TIMESTAMP = r"(?:([0-9]+):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?![0-9])"
_ONE = re.compile(_TIMESTAMP)
# WebVTT 6.3 "collect WebVTT cue timings and settings": white space round the arrow is optional to a parser.
_TIMINGS = re.compile(rf"[ \t\f]*{_TIMESTAMP}[ \t\f]*-->[ \t\f]*{_TIMESTAMP}(.*)", re.DOTALL)
ASCII_WHITESPACE = " \t\n\f\r"
_SPACES = re.compile(r"[ \t\n\f\r]+")
_PERCENTAGE = re.compile(r"[0-9]+(?:\.[0-9]+)?%")
_LINE_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_VERTICAL: dict[str, Literal["rl", "lr"]] = {"rl": "rl", "lr": "lr"}
# A look-up costs a third of int() and a product; a film has thousands of these.
_SECONDS = {f"{n:02d}": n * 1000 for n in range(60)}
_MINUTES = {f"{n:02d}": n * 60_000 for n in range(60)}
_HOURS: dict[str | None, int] = {None: 0, **{f"{n:02d}": n * 3_600_000 for n in range(100)}}
_LONGEST_HOURS = 12  # digits; int() of a megabyte of them would be an attack


@dataclass(frozen=True, slots=True)
class CueSettings:
    """What the settings of a cue say, with the defaults of WebVTT 6.3 for what they do not say.

    `line` and `position` are "auto" or a number; `region` is the identifier that was asked for and not
    overruled, else None.
    """

    vertical: Literal["", "rl", "lr"] = ""
    line: Literal["auto"] | float = "auto"
    snap_to_lines: bool = True
    line_align: str = "start"
    position: Literal["auto"] | float = "auto"
    position_align: str = "auto"
    size: float = 100
    align: str = "center"
    region: str | None = None


def parse_timestamp(text: str) -> int | None:
    """Milliseconds of a timestamp, all of `text` (WebVTT 6.3 "collect a WebVTT timestamp"), else None."""
    found = _ONE.fullmatch(text)
    return _ms(found[1], found[2], found[3], found[4]) if found else None


def parse_timings(line: str) -> tuple[int, int, str] | None:
    """(start, end, settings as written) of a timing line in ms, or None where a parser drops the cue."""
    found = _TIMINGS.match(line)
    if not found:
        return None
    h1, m1, s1, f1, h2, m2, s2, f2, rest = found.groups()
    if h1 in _HOURS and h2 in _HOURS:
        start = _HOURS[h1] + _MINUTES[m1] + _SECONDS[s1] + int(f1)
        end = _HOURS[h2] + _MINUTES[m2] + _SECONDS[s2] + int(f2)
    else:
        start, end = _ms(h1, m1, s1, f1), _ms(h2, m2, s2, f2)
    return start, end, rest.strip(ASCII_WHITESPACE) if rest else ""


def decode(data: bytes) -> str:
    """Bytes as a parser sees them (WebVTT 6.1): UTF-8, what is none and NUL as U+FFFD, line ends as LF."""
    text = data.decode("utf-8", "replace")
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def read_cue(block: bytes, cue_id: int = 0, lead: bytes = b"") -> Cue:
    """The cue of one block; ValueError where the block is no cue's."""
    first, _, rest = decode(block).partition("\n")
    identifier = ""
    if "-->" not in first:
        identifier = first
        first, _, rest = rest.partition("\n")
    timings = parse_timings(first)
    if timings is None:
        raise ValueError(f"not a cue block: {block[:60]!r}")
    start, end, settings = timings
    return made_cue(
        cue_id,
        start,
        end,
        rest,
        identifier,
        settings,
        lead,
        Source(identifier, start, end, settings, rest, block),
    )


def parse_percentage(text: str) -> float | None:
    """WebVTT 4.1 "WebVTT percentage", 6.3 "parse a percentage string": 0 to 100, else None."""
    if not _PERCENTAGE.fullmatch(text):
        return None
    number = float(text[:-1])
    return number if number <= 100 else None


def split_on_spaces(text: str) -> list[str]:
    """The words between ASCII white space: a no-break space parts nothing here, unlike in `str.split`."""
    return [word for word in _SPACES.split(text) if word]


def parse_settings(settings: str) -> CueSettings:
    """WebVTT 6.3 "parse the WebVTT cue settings": bad ones are ignored one by one, the last good one wins."""
    found = CueSettings()
    for word in split_on_spaces(settings):
        name, colon, value = word.partition(":")
        if colon and name and value:
            found = parse_setting(found, name, value) or found
    # Step 3: a region holds horizontal cues of its own width only.
    if found.region is not None and (found.line != "auto" or found.size != 100 or found.vertical):
        found = replace(found, region=None)
    return found


def parse_setting(found: CueSettings, name: str, value: str) -> CueSettings | None:
    """`found` with one more setting applied, or None where it is to be ignored."""
    if name == "region":
        return replace(found, region=value)
    if name == "vertical":
        vertical = _VERTICAL.get(value)
        return replace(found, vertical=vertical) if vertical else None
    if name == "line":
        return _line(found, value)
    if name == "position":
        number, comma, align = value.partition(",")
        percentage = parse_percentage(number)
        if percentage is None or (comma and align not in ("line-left", "center", "line-right")):
            return None
        return replace(found, position=percentage, position_align=align or found.position_align)
    if name == "size":
        percentage = parse_percentage(value)
        return None if percentage is None else replace(found, size=percentage)
    if name == "align":
        return replace(found, align=value) if value in ("start", "center", "end", "left", "right") else None
    return None


def _line(found: CueSettings, value: str) -> CueSettings | None:
    text, comma, align = value.partition(",")
    if comma and align not in ("start", "center", "end"):
        return None
    number: float | None
    if text.endswith("%"):
        number = parse_percentage(text)
    else:
        # HTML 2.3.4.3: a number beyond the largest double is an error; there is no negative nought.
        number = float(text) + 0.0 if _LINE_NUMBER.fullmatch(text) else None
        number = None if number is not None and isinf(number) else number
    if number is None:
        return None
    return replace(
        found, line=number, line_align=align or found.line_align, snap_to_lines=not text.endswith("%")
    )


def _ms(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    whole = 0
    if hours is not None:
        digits = hours.lstrip("0") if len(hours) > _LONGEST_HOURS else hours
        whole = int(digits or 0) if len(digits) <= _LONGEST_HOURS else 10**_LONGEST_HOURS - 1
    return ((whole * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)
