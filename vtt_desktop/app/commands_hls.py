"""`hls split` and `hls join`: a film's subtitles as segments of a live stream's playlist, and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.formats.atomic import no_folder, write_atomically
from vtt_desktop.formats.files import read_bytes
from vtt_desktop.formats.hls import join_segments, playlist, playlist_names, split_segments

DONE, COULD_NOT = 0, 3
PLAYLIST = "subtitles.m3u8"


def hls_split(file: str, *, seconds: float, output_dir: str, mpegts: int = 0) -> int:
    """Writes segments of so many seconds and their playlist into a folder. Raises UserError."""
    if not float("inf") > seconds >= 0.001:
        raise UsageError("A segment must last longer than nought.")
    if not 0 <= mpegts < 2**33:
        raise UsageError("An MPEG-2 timestamp lies between 0 and 2^33.")
    data = read_bytes(Path(file))
    segments = split_segments(data, round(seconds * 1000), mpegts, Path(file).name)
    folder = Path(output_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made: {no_folder(error)}.") from error
    width = max(5, len(str(len(segments) - 1)))
    names = [f"segment-{number:0{width}d}.vtt" for number in range(len(segments))]
    if join_segments([segment.data for segment in segments])[0] != data:
        raise AssertionError("the segments do not give the file again")
    for name, segment in zip(names, segments, strict=True):
        write_atomically(folder / name, segment.data)
    # The playlist last: who reads it finds every segment.
    write_atomically(folder / PLAYLIST, playlist(names, segments).encode())
    print(f"{len(segments)} segments and {PLAYLIST} in {folder}")
    return DONE


def hls_join(sources: Sequence[str], out: str) -> int:
    """Joins the segments of a folder, of a playlist, or given one by one. Raises UserError."""
    whole, losses = join_segments([read_bytes(path) for path in _segments(sources)])
    write_atomically(Path(out), whole)
    for loss in losses:
        print(f"{out}: {loss}", file=sys.stderr)
    return DONE


def _segments(sources: Sequence[str]) -> list[Path]:
    if len(sources) > 1:
        return [Path(name) for name in sources]
    path = Path(sources[0])
    if path.is_dir():
        lists = sorted(path.glob("*.m3u8"))
        if len(lists) > 1:
            raise UserError(f"There are {len(lists)} playlists in {path}.", "Give one of them.")
        if not lists:
            found = sorted(path.glob("*.vtt"))
            if not found:
                raise UserError(f"There is no playlist and no segment in {path}.")
            return found
        path = lists[0]
    if path.suffix.lower() not in (".m3u8", ".m3u"):
        return [path]
    names = playlist_names(read_bytes(path).decode("utf-8", "replace"))
    for name in names:
        if "://" in name:
            raise UserError(
                f"{path.name} names {name}, which is not a file beside it.", "Fetch the segments first."
            )
    return [path.parent / unquote(name.partition("?")[0]) for name in names]
