"""A film played by Qt Multimedia.

Importing this costs what QtMultimedia and its FFmpeg cost, so only the factory that `app` gives to
the player does it. What was measured and is relied on here: `QVideoFrame.startTime()` is exact and
already counted from the container's start, `position()` is neither exact nor prompt; a seek to the
middle of a picture shows that picture; a seek that overtakes another loses it, so one at a time; a
stopped player shows nothing, so at the end it is paused again.
"""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtMultimedia import QAudioOutput, QMediaMetaData, QMediaPlayer, QVideoFrame, QVideoSink

from vtt_desktop.ui.player.framing import frame_at, frame_middle
from vtt_desktop.ui.player.transport import Transport

_PATIENCE = 600  # ms to wait for the picture of a seek before the next seek may go


def _sound_output(parent: QObject) -> QAudioOutput:
    """A sound output whose signals Qt's own threads can let go of without Python.

    A renderer that goes tells the output so in its own thread, under a lock. The first time, PySide looks
    there whether Python overrides `disconnectNotify`, and takes the interpreter for it. A window that calls
    `stop` meanwhile has the interpreter, waits for the lock, and stands still for ever. So that first time is
    over here, in the window's thread.
    """
    output = QAudioOutput(parent)
    output.mutedChanged.connect(_nothing)
    output.mutedChanged.disconnect(_nothing)
    return output


def _nothing(_muted: bool) -> None:
    pass


class QtMedia(Transport):
    """One opened film. Its first picture, duration and rate come soon after; see `Transport`."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._loaded = False
        self._rate_known = False
        self._goal: int | None = None  # the middle of the picture that a seek under way is to show
        self._wanted: int | None = None  # where to seek when that is done
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._seek_ended)
        self._sink = QVideoSink(self)
        self._player = QMediaPlayer(self)
        self._player.setAudioOutput(_sound_output(self))
        self._player.setVideoSink(self._sink)
        # Bound methods, not lambdas: frames come from a thread of Qt's, and Qt queues the call to ours.
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.durationChanged.connect(self._on_duration)
        self._player.positionChanged.connect(self._on_position)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._on_error)
        # Not before who opened it has had time to connect: a refusal may come at once.
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.timeout.connect(self._open)
        self._opening.start(0)

    def play(self) -> None:
        if self.duration and self.position >= self._last_ms():
            self.seek(0)
        if not self._opening.isActive():
            self._player.play()
        self._set_playing(True)

    def pause(self) -> None:
        self._player.pause()
        self._set_playing(False)

    def seek(self, ms: int) -> None:
        ms = max(0, min(ms, self.duration) if self._loaded else ms)
        self._set_position(ms)
        self._wanted = ms
        if self._goal is None and self._loaded:
            self._next_seek()

    def set_speed(self, speed: float) -> None:
        self._player.setPlaybackRate(speed)

    def close(self) -> None:
        self._opening.stop()
        self._patience.stop()
        for signal in (
            self._sink.videoFrameChanged,
            self._player.durationChanged,
            self._player.positionChanged,
            self._player.mediaStatusChanged,
            self._player.errorOccurred,
        ):
            signal.disconnect()
        self._player.stop()
        self._player.setVideoSink(None)  # type: ignore[arg-type]  # its stub knows no None
        self._player.setSource(QUrl())

    @Slot()
    def _open(self) -> None:
        self._player.setSource(QUrl.fromLocalFile(str(self._path)))
        # What is wanted of a film that is loading has to be said now: the player does it once it is loaded,
        # after it has told of that, and so takes back what a listener said.
        if self.playing:
            self._player.play()
        else:
            self._player.pause()  # shows the first picture; a stopped player shows none

    def _last_ms(self) -> int:
        """The first millisecond of the last picture."""
        return max(0, self.duration - round(1000 / self.frame_rate))

    def _next_seek(self) -> None:
        ms, self._wanted = self._wanted, None
        if ms is None:
            return
        if not self._player.hasVideo():
            self._player.setPosition(ms)
            return
        number = frame_at(min(ms, self._last_ms()), self.frame_rate)
        self._goal = frame_middle(number, self.frame_rate)
        self._player.setPosition(self._goal)
        self._patience.start()

    @Slot()
    def _seek_ended(self) -> None:
        self._patience.stop()
        self._goal = None
        self._next_seek()

    @Slot(QVideoFrame)
    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():  # comes at the end and at close
            return
        self.picture_changed.emit(frame)
        start, end = frame.startTime() / 1000, frame.endTime() / 1000
        if not self._rate_known and end > start:  # a stream that does not say (MPEG-TS): NaN in the metadata
            self.frame_rate, self._rate_known = 1000 / (end - start), True
        if self._goal is not None:
            if start <= self._goal < end:
                self._seek_ended()
            return  # the position is where the person wants it, whatever passes on the way there
        if not start - 0.5 <= self.position < end:
            self._set_position(round(start))

    @Slot("qlonglong")
    def _on_position(self, ms: int) -> None:
        # Only where there is no picture, or none any more, to say it exactly.
        beyond = ms > self.position + 500 and self._goal is None
        if self.playing and (not self._player.hasVideo() or beyond):
            self._set_position(ms)

    @Slot("qlonglong")
    def _on_duration(self, ms: int) -> None:
        self._set_duration(ms)

    @Slot(QMediaPlayer.MediaStatus)
    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.LoadedMedia and not self._loaded:
            self._loaded = True
            rate = self._player.metaData().value(QMediaMetaData.Key.VideoFrameRate)
            if rate and math.isfinite(rate):
                self.frame_rate, self._rate_known = float(rate), True
            self._set_duration(self._player.duration())
            self._next_seek()
        elif status == QMediaPlayer.MediaStatus.EndOfMedia:
            self._set_position(self.duration)
            if self.playing and self.position < self.duration:  # a loop took it back
                self._player.play()
                return
            self._set_playing(False)  # before the player pauses: it says 0 then, and that is not where we are
            self._player.pause()
            self._wanted = self.duration
            self._seek_ended()

    @Slot(QMediaPlayer.Error, str)
    def _on_error(self, error: QMediaPlayer.Error, text: str) -> None:
        if error != QMediaPlayer.Error.NoError:
            self.failed.emit(f"{self._path.name} cannot be played: {text.rstrip('.') or error.name}.")
