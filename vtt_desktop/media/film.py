"""Write a film file: pictures as RGB, sound as mono samples. For the sample clip and for tests.

MPEG-4 part 2 and AAC in MP4: both encoders are FFmpeg's own, so no GPL encoder is asked for, every
Qt and PyAV build reads them, and they are by far the fastest here (5 minutes at 640 × 360 in 6 s CPU).
"""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from vtt_desktop.domain.errors import UserError

SAMPLE_RATE = 48_000
"""Samples a second of the sound track."""


class FilmWriter:
    """A film being written beside `path` and put in its place only when it is whole.

    Use as a context manager: leaving it normally finishes the file, leaving it by an exception
    removes what was written. Give sound and pictures in about the same order as they play.

    Raises UserError where the file cannot be written (no such folder, disk full).
    """

    def __init__(self, path: Path, *, width: int, height: int, fps: int, sound: bool = True) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._size = (width, height)
        self._fps = fps
        self._pictures = 0
        self._samples = 0
        try:
            self._container = av.open(str(self._part), "w", format="mp4")
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._video = self._container.add_stream("mpeg4", rate=fps)
        self._video.width, self._video.height = width, height
        self._video.pix_fmt = "yuv420p"
        self._video.time_base = Fraction(1, fps)
        # A constant quantiser (q = 5) keeps the digits of the clock sharp and costs bits only where
        # something moves. A key frame every two seconds: a seek decodes 50 pictures at most.
        self._video.codec_context.qmin = self._video.codec_context.qmax = 5
        self._video.codec_context.gop_size = 2 * fps
        # The count is written into the stream as slices: fixed, so that the same film is the same bytes.
        self._video.codec_context.thread_count = 2
        self._audio = self._container.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if sound else None
        if self._audio is not None:
            self._audio.bit_rate = 48_000

    def add_picture(self, rgb32: bytes | bytearray | memoryview) -> None:
        """The next picture: height × width × 4 bytes, blue green red and one unused (QImage RGB32)."""
        width, height = self._size
        pixels = np.frombuffer(rgb32, np.uint8).reshape(height, width, 4)
        frame = av.VideoFrame.from_ndarray(pixels, format="bgra")
        frame = frame.reformat(format="yuv420p", interpolation=Interpolation.POINT)
        frame.pts, frame.time_base = self._pictures, Fraction(1, self._fps)
        self._pictures += 1
        self._write(self._video, frame)

    def add_sound(self, samples: NDArray[np.float32]) -> None:
        """The next samples, mono, -1 … 1, at `SAMPLE_RATE`."""
        if self._audio is None:
            return
        frame = av.AudioFrame.from_ndarray(
            samples.astype(np.float32, copy=False).reshape(1, -1), format="fltp", layout="mono"
        )
        frame.sample_rate = SAMPLE_RATE
        frame.pts, frame.time_base = self._samples, Fraction(1, SAMPLE_RATE)
        self._samples += len(samples)
        self._write(self._audio, frame)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            else:
                with suppress(OSError):  # there is already something to tell
                    self._container.close()
        finally:
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        self._write(self._video, None)
        if self._audio is not None:
            self._write(self._audio, None)
        try:
            self._container.close()
            os.replace(self._part, self._path)
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def _write(
        self,
        stream: av.VideoStream | av.AudioStream,
        frame: av.VideoFrame | av.AudioFrame | None,
    ) -> None:
        try:
            self._container.mux(stream.encode(frame))  # type: ignore[arg-type]
        except OSError as error:
            raise _cannot_write(self._path, error) from error


def _cannot_write(path: Path, error: OSError) -> UserError:
    return UserError(f"The film {path.name} cannot be written: {error.strerror or error}.")
