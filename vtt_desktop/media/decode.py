"""Open a film with PyAV and say what is in it; every refusal is one sentence.

Pulls in FFmpeg: import it where a film is opened, not where the window starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer

from vtt_desktop.domain.errors import UserError
from vtt_desktop.media.info import MediaInfo, PictureTrack, SoundTrack

FALLBACK_FPS = 25.0
"""Pictures a second where the file does not say."""


def read_media_info(path: Path) -> MediaInfo:
    """What `path` holds. Reads headers, and decodes nothing.

    Raises UserError: not there, a folder, empty, broken, or neither moving picture nor sound in it.
    """
    with open_media(path) as container:
        pictures = [
            stream
            for stream in container.streams.video
            if not stream.disposition & stream.disposition.attached_pic
        ]
        picture = None
        if pictures:
            first = pictures[0]
            rate = first.average_rate or first.guessed_rate
            fps = float(rate) if rate else FALLBACK_FPS
            picture = PictureTrack(first.width, first.height, fps, first.codec_context.name)
        sounds = tuple(
            SoundTrack(
                number,
                stream.codec_context.name,
                stream.codec_context.channels,
                stream.codec_context.sample_rate,
                stream.language or "",
                stream.metadata.get("title", ""),
            )
            for number, stream in enumerate(container.streams.audio)
        )
        return MediaInfo(path, duration_of(container), start_of(container), picture, sounds)


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """The container of `path`, closed afterwards.

    Raises UserError as `read_media_info` does; what goes wrong while it is open is the caller's.
    """
    name = path.name
    try:
        if path.is_dir():
            raise UserError(f"{name} is a folder, not a film.")
        if path.stat().st_size == 0:
            raise UserError(f"{name} is empty.")
        container = av.open(str(path))
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}.") from error
    except PermissionError as error:
        raise UserError(f"{name} may not be read.", "Check the permissions of the file.") from error
    except (av.FFmpegError, OSError) as error:
        raise UserError(f"{name} is not a film or sound file that can be read, or it is damaged.") from error
    try:
        still = container.format.name.endswith("_pipe") or container.format.name in ("image2", "tty")
        if still or not (container.streams.video or container.streams.audio):
            raise UserError(f"{name} holds neither a moving picture nor sound.")
        yield container
    finally:
        container.close()


def duration_of(container: InputContainer) -> int:
    """Milliseconds from the container's first time to its last; 0 where it does not say."""
    if container.duration is not None:
        length = round(container.duration / 1000)
        # FFmpeg writes the last time as the length of a Matroska file, also where it starts late.
        late = "matroska" in container.format.name and start_of(container) < length
        return length - start_of(container) if late else length
    lengths = [
        float(stream.duration * stream.time_base)
        for stream in container.streams
        if stream.duration is not None and stream.time_base is not None
    ]
    return round(max(lengths, default=0) * 1000)


def start_of(container: InputContainer) -> int:
    """The container's first time in milliseconds; 0 where it does not say."""
    # PyAV's stub promises an int; a raw stream has none.
    start: int | None = container.start_time
    return round((start or 0) / 1000)
