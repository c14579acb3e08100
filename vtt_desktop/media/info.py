"""What a film holds, as plain values. No PyAV here: the window may import this at its start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """The moving picture. `fps` is the average rate, pictures a second."""

    width: int
    height: int
    fps: float
    codec: str


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """One sound track; `number` counts sound tracks from 0. `language` is as the file has it, or empty."""

    number: int
    codec: str
    channels: int
    sample_rate: int
    language: str
    title: str


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A film or a sound file.

    `duration` and `start` are milliseconds. `start` is the container's own first time: every time
    we speak of is counted from there, so it is subtracted from what a decoder says.
    """

    path: Path
    duration: int
    start: int
    picture: PictureTrack | None
    sounds: tuple[SoundTrack, ...]
