"""The commands that work on files alone: inspect, convert, check. Imported when one of them is asked for."""

from __future__ import annotations

import codecs
import json as js
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vtt_desktop.app.commands_hls import hls_join, hls_split
from vtt_desktop.app.journals import backups_folder
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import RefusedError, UsageError, UserError
from vtt_desktop.domain.problem import Problem
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.formats.atomic import no_folder, write_atomically
from vtt_desktop.formats.files import (
    KEPT,
    OpenedFile,
    file_of_bytes,
    open_file,
    read_bytes,
    save_file,
    written,
)
from vtt_desktop.formats.foreign import ForeignFormatsByLibrary
from vtt_desktop.formats.hls import timestamp_map
from vtt_desktop.formats.losses import NAMES, converted
from vtt_desktop.formats.webvtt_checks import check_file, check_webvtt, kind_of
from vtt_desktop.formats.webvtt_cue import parse_settings
from vtt_desktop.formats.webvtt_fixes import repaired
from vtt_desktop.formats.webvtt_region import Region
from vtt_desktop.formats.webvtt_text import parse_text
from vtt_desktop.quality.checker import check_quality, check_twice
from vtt_desktop.quality.fixes import mended
from vtt_desktop.quality.profiles import Profile, load_profile

__all__ = ["check", "convert", "hls_join", "hls_split", "inspect", "problems_of"]

DONE, FOUND, USAGE, COULD_NOT = 0, 1, 2, 3
FASTEST = 1000
"""Frames in a second that a film can have."""
_FORMATS = f"Give one with --to: {', '.join(sorted(NAMES.keys() - {'stl'}))}."
_SUFFIXES = {"webvtt": ".vtt", "microdvd": ".sub", "mpl2": ".txt", "tmp": ".txt"}


def inspect(files: Sequence[str], *, json: bool = False) -> int:
    """Prints what the parser sees of each file; 1 where one was refused, 3 where one could not be read."""
    worst = DONE
    for name in files:
        try:
            opened = _open(name)
        except UserError as error:
            worst = max(worst, _could_not(error))
            if json:
                _print_json({"file": name, "reject": True, "reason": error.message})
            continue
        if json:
            _print_json({"file": name, **_seen(opened)})
        else:
            seen = _seen(opened)
            print(
                f"{name}: {NAMES.get(opened.format, opened.format)}, {opened.encoding}, "
                f"{len(seen['cues'])} cues, {len(seen['regions'])} regions, {len(seen['styles'])} styles, "
                f"{len(seen['notes'])} notes, {len(seen['problems'])} problems"
            )
    return worst


def convert(
    files: Sequence[str],
    *,
    to: str | None = None,
    fps: float | None = None,
    encoding: str | None = None,
    output_dir: str | None = None,
) -> int:
    """Converts `[IN, OUT]`, or with `output_dir` each file into that folder; says on stderr what is lost.

    `to` is a format's name; without it the suffix of OUT says it, or the file keeps its own format.
    `encoding` is that of a file which is not Unicode by itself, and kept where the format is; what is
    written from a Unicode file, other than WebVTT, is written in it.
    """
    if fps is not None and not 0 < fps <= FASTEST:
        raise UsageError(f"A frame rate lies above 0 and is at most {FASTEST}.")
    foreign = ForeignFormatsByLibrary(fps)
    to = "webvtt" if to == "vtt" else to
    if to is not None and to not in NAMES:
        raise UsageError(f"There is no format {to}.", _FORMATS)
    if output_dir is None:
        if len(files) != 2:
            raise UsageError("convert takes IN and OUT, or --output-dir DIR and files.")
        target = Path(files[1])
        wanted = to or foreign.format_of(target.suffix)
        if wanted is None and not target.is_dir():
            raise UsageError(f"The name {target} does not say in which format to write.", _FORMATS)
        return _convert_one(files[0], target, wanted, encoding, foreign)
    folder = Path(output_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made: {no_folder(error)}.") from error
    targets = [folder / (Path(name).stem + _suffix(to) if to else Path(name).name) for name in files]
    twice = (
        {target for target in targets if targets.count(target) > 1}
        if len(set(targets)) < len(targets)
        else ()
    )
    worst = DONE
    for name, target in zip(files, targets, strict=True):
        if target in twice:
            print(f"{name}: another file of the list would be written to {target.name} too.", file=sys.stderr)
            worst = COULD_NOT
            continue
        worst = max(worst, _convert_one(name, target, to, encoding, foreign))
    return worst


def check(
    files: Sequence[str],
    *,
    profile: str | None = None,
    json: bool = False,
    fix: bool = False,
    fps: float | None = None,
) -> int:
    """Prints every problem of the files: 0 where there is none, 1 where there is one.

    With a profile its rules count too; `fps` is the film's frame rate for those that count frames. `fix`
    repairs in place what can be without a change of what is shown but for out-times and line breaks that the
    profile asks for, keeps the first original, and lists what is left.
    """
    try:
        rules = load_profile(profile, fps) if profile is not None else None
    except UserError as error:
        print(f"vtt-desktop: {error}", file=sys.stderr)
        return USAGE
    worst = DONE
    for name in files:
        try:
            opened = _open(name)
            fixed = 0
            if fix:
                opened, fixed = _fixed(opened, rules)
        except UserError as error:
            worst = max(worst, _could_not(error))
            continue
        problems = list(problems_of(opened, rules))
        worst = max(worst, FOUND if problems else DONE)
        if json:
            said = {"file": name, "problems": [_problem(opened, problem) for problem in problems]}
            _print_json(said | ({"fixed": fixed} if fix else {}))
            continue
        for problem in problems:
            print(f"{name}{_place(opened, problem)}: {problem.message} [{problem.rule}, {problem.section}]")
        if fixed:
            print(f"{name}: {fixed} cue{'s' if fixed > 1 else ''} repaired.", file=sys.stderr)
    return worst


def _fixed(opened: OpenedFile, rules: Profile | None) -> tuple[OpenedFile, int]:
    """The file repaired and saved, and how many cues were touched; nothing is written where there is none."""
    before = opened.snapshot
    if opened.format not in KEPT:
        name = NAMES.get(opened.format, opened.format)
        raise UserError(
            f"{opened.path} is {name}, which is not repaired in place.", "Convert it first (convert)."
        )
    now = before
    if opened.webvtt is not None:
        regions = (region.id for region in opened.webvtt.regions)
        now = repaired(before, regions, kind_of(opened.webvtt))
    if rules is not None:
        mending = mended(now.cues, rules)
        now = Snapshot(now.head, now.cues.replaced(mending)) if mending else now
    if now is before:
        return opened, 0
    moved = sum(1 for a, b in zip(before.cues, now.cues, strict=True) if a is not b)
    saved = save_file(opened, now, foreign=ForeignFormatsByLibrary, backups=backups_folder())
    return file_of_bytes(saved.path, saved.data, ForeignFormatsByLibrary, _given(opened)), moved


def _given(opened: OpenedFile) -> str | None:
    """The encoding to read the file in again: a detected one could be told otherwise the second time."""
    return opened.encoding if opened.encoding != "utf-8" else None


def _open(name: str) -> OpenedFile:
    return open_file(name, ForeignFormatsByLibrary)


def _could_not(error: UserError) -> int:
    """Says why on stderr: 1 for a file that is no subtitle file, 3 for one that could not be read."""
    print(f"vtt-desktop: {error}", file=sys.stderr)
    return FOUND if isinstance(error, RefusedError) else COULD_NOT


def _convert_one(
    name: str, target: Path, to: str | None, encoding: str | None, foreign: ForeignFormatsByLibrary
) -> int:
    try:
        given = encoding if encoding is not None and not _is_unicode(Path(name), encoding) else None
        opened = open_file(name, lambda: foreign, given)
        wanted = to or opened.format
        used = opened.encoding if wanted == opened.format else "utf-8"
        if encoding is not None and given is None:
            if wanted != "webvtt":
                used = encoding
            elif opened.format == "webvtt" and encoding.lower() not in ("utf-8", "utf8"):
                raise UserError("WebVTT is always UTF-8.", "Leave --encoding out.")
        snapshot, losses = converted(opened, wanted)
        unchanged = wanted == opened.format and used == opened.encoding
        data = opened.data if unchanged else written(snapshot, wanted, used, lambda: foreign, opened.session)
        for loss in losses:
            print(f"{name}: {loss}", file=sys.stderr)
        write_atomically(target, data)
    except UserError as error:
        return _could_not(error)
    return DONE


def _is_unicode(path: Path, encoding: str) -> bool:
    """Whether a file is Unicode by itself, by its mark or as valid UTF-8, so that `encoding` cannot be meant
    for it; UserError for an encoding that there is not."""
    data = read_bytes(path, anything=True)
    try:
        if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            codecs.lookup(encoding)
            return True
        as_asked = data.decode(encoding, "replace")
    except (LookupError, UnicodeError) as error:
        raise UserError(f"There is no encoding named {encoding}.") from error
    try:
        # A file of ASCII alone says nothing, unless the encoding makes something else of it, as UTF-16 does.
        return data.decode() == as_asked or not data.isascii()
    except UnicodeDecodeError:
        return False


def _suffix(to: str) -> str:
    return _SUFFIXES.get(to, f".{to}")


def problems_of(opened: OpenedFile, rules: Profile | None = None) -> Iterator[Problem]:
    """What the specification forbids in a WebVTT file, then cues that are there twice and what a profile
    forbids in any."""
    if opened.webvtt is not None:
        yield from check_file(opened.webvtt)
        yield from check_webvtt(opened.snapshot, kind=kind_of(opened.webvtt))
    yield from check_twice(opened.snapshot.cues)
    if rules is not None:
        yield from check_quality(opened.snapshot.cues, rules)


def _seen(opened: OpenedFile) -> dict[str, Any]:
    file = opened.webvtt
    regions = file.regions if file else ()
    clock = timestamp_map(file.header) if file else None
    return {
        "reject": False,
        "format": opened.format,
        "encoding": opened.encoding,
        "header": list(file.header) if file else [],
        "cues": [_cue(cue, regions) for cue in opened.snapshot.cues],
        "regions": [_region(region) for region in regions],
        "styles": list(file.styles) if file else [],
        "notes": list(file.notes) if file else [],
        "offset_ms": clock.offset if clock else 0,
        "problems": [_problem(opened, problem) for problem in problems_of(opened)],
    }


def _cue(cue: Cue, regions: Sequence[Region]) -> dict[str, Any]:
    said = parse_settings(cue.settings)
    # WebVTT 6.3: the last region of that identifier
    at = next((i for i in reversed(range(len(regions))) if regions[i].id == said.region), None)
    return {
        "id": cue.identifier,
        "start_ms": cue.start,
        "end_ms": cue.end,
        "vertical": said.vertical,
        "line": said.line,
        "snapToLines": said.snap_to_lines,
        "lineAlign": said.line_align,
        "position": said.position,
        "positionAlign": said.position_align,
        "size": said.size,
        "align": said.align,
        "region": at,
        "text": cue.text,
        "tree": [node.plain() for node in parse_text(cue.text)],
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "id": region.id,
        "width": region.width,
        "lines": region.lines,
        "regionAnchorX": region.anchor[0],
        "regionAnchorY": region.anchor[1],
        "viewportAnchorX": region.viewport_anchor[0],
        "viewportAnchorY": region.viewport_anchor[1],
        "scroll": region.scroll,
    }


def _problem(opened: OpenedFile, problem: Problem) -> dict[str, Any]:
    made: dict[str, Any] = {
        "rule": problem.rule,
        "section": problem.section,
        "message": problem.message,
        "severity": problem.severity.value,
    }
    if problem.cue_id is not None:
        cue = opened.snapshot.cues.get(problem.cue_id)
        made |= {
            "cue": opened.snapshot.cues.index_of(problem.cue_id) + 1,
            "start_ms": cue.start if cue else None,
        }
    if problem.line:
        made["line"] = problem.line
    return made


def _place(opened: OpenedFile, problem: Problem) -> str:
    if problem.cue_id is not None:
        cue = opened.snapshot.cues.get(problem.cue_id)
        at = format_time(cue.start) if cue else ""
        return f": cue {opened.snapshot.cues.index_of(problem.cue_id) + 1} ({at})"
    return f":{problem.line}" if problem.line else ""


def _print_json(value: dict[str, Any]) -> None:
    # ASCII: whatever encoding the reader of our output has, and lone surrogates cannot break it.
    print(js.dumps(value))
