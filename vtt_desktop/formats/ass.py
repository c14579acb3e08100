"""ASS and SSA, kept line by line: styles, fonts, comments and every untouched line are written as read.

Bytes of the model are UTF-8, as in `srt`. A cue is a `Dialogue:` line of the `[Events]` section; all
between two such lines is the lead of the second.
"""

from __future__ import annotations

import html
import re

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.formats.ass_text import from_ass, to_ass

_DIALOGUE = re.compile(rb"(?:\A|(?<=[\r\n]))(Dialogue:[ \t]*)([^\r\n]*)")
_SECTION = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n]))\[([^\]\r\n]+)\][^\r\n]*", re.IGNORECASE)
_FORMAT = re.compile(rb"(?:\A|(?<=[\r\n]))Format:[ \t]*([^\r\n]*)")
_TIME = re.compile(r"\s*(\d{1,6}):(\d{1,2}):(\d{1,2})[.:](\d{1,3})\s*")
_EOL = re.compile(rb"\r\n|\r|\n")
_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_HEADER = b"""[Script Info]
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, \
MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"""
_SSA_HEADER = b"""[Script Info]
ScriptType: v4.00

[V4 Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, Italic, \
BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, Encoding
Style: Default,Arial,20,16777215,255,0,0,0,0,1,2,2,2,10,10,10,0,1

[Events]
Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"""


def looks_like_ass(data: bytes) -> bool:
    """Whether UTF-8 `data` has the first section of an ASS or SSA file."""
    return (
        b"[script info]" in data[:4096].lower()
        or re.search(rb"(?i)\[v4\+? styles\]", data[:4096]) is not None
    )


def read_ass(data: bytes) -> Snapshot:
    """The cues of UTF-8 ASS or SSA bytes: the Dialogue lines of its events."""
    first, last, fields = _events(data)
    cues: list[Cue] = []
    before: int | None = None
    head = data
    for found in _DIALOGUE.finditer(data, first, last):
        values = _values(found[2], len(fields))
        cue = _read_cue(found[0], values, fields, len(cues) + 1) if values else None
        if cue is None:
            continue
        if before is None:
            head = before_first = data[: found.start()]
            before = len(before_first)
        cues.append(cue.with_(lead=data[before : found.start()]))
        before = found.end()
    return Snapshot(Head(head, data[before:] if before is not None else b""), CueList.of(cues))


def write_ass(snapshot: Snapshot, *, ssa: bool = False) -> bytes:
    """UTF-8 bytes; of a touched line only the fields that were touched are new. Times go by hundredths."""
    head = snapshot.head.text
    tail = snapshot.head.tail
    own = looks_like_ass(head) or any(map(_is_line, snapshot.cues))
    if not own:
        head, tail = (_SSA_HEADER if ssa else _HEADER) + b"\n", b"\n"
    found = _EOL.search(head)
    eol: bytes = found[0] if found else b"\n"
    _, _, fields = _events(head)
    out = [head]
    if len(snapshot.cues) and head[-1:] not in (b"\r", b"\n"):
        out.append(eol)
    first = True
    for cue in snapshot.cues:
        lead = cue.lead if own and _is_line(cue) and cue.lead[:1] in (b"\r", b"\n") else eol
        if first:  # the head ends with a line end of its own; a comment line in the lead stays
            lead = _EOL.sub(b"", lead, count=1)
            first = False
        out += [lead, _write_cue(cue, fields)]
    return b"".join([*out, tail])


def _is_line(cue: Cue) -> bool:
    """Whether a cue was read from ASS: another one's lead has blank lines, which are none of ASS's."""
    return cue.source is not None and _DIALOGUE.fullmatch(cue.source.block) is not None


def _events(data: bytes) -> tuple[int, int, tuple[str, ...]]:
    """Where the [Events] section begins and ends, and the names of its fields in lower case."""
    sections = list(_SECTION.finditer(data))
    for i, found in enumerate(sections):
        if found[1].strip().lower() == b"events":
            end = sections[i + 1].start() if i + 1 < len(sections) else len(data)
            dialogue = _DIALOGUE.search(data, found.end(), end)
            named = _FORMAT.search(data, found.end(), dialogue.start() if dialogue else end)
            fields: tuple[str, ...] = _FIELDS
            if named:
                fields = tuple(
                    part.strip().decode("utf-8", "replace").lower() for part in named[1].split(b",")
                )
            return found.end(), end, fields if {"start", "end", "text"} <= set(fields) else _FIELDS
    return len(data), len(data), _FIELDS


def _values(line: bytes, count: int) -> list[bytes] | None:
    values = line.split(b",", count - 1)
    return values if len(values) == count else None


def _read_cue(line: bytes, values: list[bytes], fields: tuple[str, ...], cue_id: int) -> Cue | None:
    said = {name: value.decode("utf-8", "replace") for name, value in zip(fields, values, strict=True)}
    start, end = _ms(said["start"]), _ms(said["end"])
    if start is None or end is None:
        return None
    text, settings = from_ass(said["text"], said.get("name", ""))
    return Cue(
        cue_id, start, end, text, settings=settings, source=Source("", start, end, settings, text, line)
    )


def _write_cue(cue: Cue, fields: tuple[str, ...]) -> bytes:
    source = cue.source
    found = _DIALOGUE.fullmatch(source.block) if source is not None else None
    if source is None or found is None:  # new, or read from another format
        return b"Dialogue: " + _fill(_defaults(fields), fields, cue, None)
    if (cue.start, cue.end, cue.text, cue.settings) == (
        source.start,
        source.end,
        source.text,
        source.settings,
    ):
        return source.block
    values = _values(found[2], len(fields))
    return found[1] + _fill(values or _defaults(fields), fields, cue, source if values else None)


def _defaults(fields: tuple[str, ...]) -> list[bytes]:
    said = {"layer": b"0", "marked": b"Marked=0", "style": b"Default"}
    return [said.get(name, b"0" if name.startswith("margin") else b"") for name in fields]


def _fill(values: list[bytes], fields: tuple[str, ...], cue: Cue, source: Source | None) -> bytes:
    made = dict(zip(fields, values, strict=True))
    if source is None or cue.start != source.start:
        made["start"] = _time(cue.start)
    if source is None or cue.end != source.end:
        made["end"] = _time(cue.end)
    if source is None or (cue.text, cue.settings) != (source.text, source.settings):
        made["text"] = to_ass(cue.text, cue.settings).encode("utf-8", "replace")
        if "name" in made:
            made["name"] = html.unescape(cue.speaker).replace(",", " ").encode("utf-8", "replace")
    return b",".join(made[name] for name in fields)


def _ms(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    seconds = (int(found[1]) * 60 + int(found[2])) * 60 + int(found[3])
    return seconds * 1000 + int(found[4].ljust(3, "0"))


def _time(ms: int) -> bytes:
    seconds, hundredths = divmod((max(ms, 0) + 5) // 10, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{hundredths:02d}".encode()
