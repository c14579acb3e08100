"""The sound of the open film for the timeline: measured in a worker, kept on disk, shown as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from vtt_desktop.app import lazy
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.errors import UserError


class Sound:
    """Measures one film at a time. `show` gets the peaks as far as they go, None between two films."""

    def __init__(self, tasks: Tasks, show: Callable[[Any], object], tell: Callable[[str], object]) -> None:
        self._tasks = tasks
        self._show = show
        self._tell = tell
        self._media: Path | None = None
        self._cancelled = Event()

    def set_media(self, media: Path | None) -> None:
        """Another film, or none: what was being measured is dropped."""
        if media == self._media:
            return
        self._media = media
        self._cancelled.set()
        self._show(None)
        if media is not None:
            self._cancelled = Event()
            self._tasks.spawn(self._measure(media, self._cancelled), f"the sound of {media.name}")

    async def _measure(self, media: Path, cancelled: Event) -> None:
        loop = asyncio.get_running_loop()

        def show(peaks: Any) -> None:
            if not cancelled.is_set():
                self._show(peaks)

        def report(peaks: Any) -> None:
            loop.call_soon_threadsafe(show, peaks)

        try:
            show(await asyncio.to_thread(_measured, media, cancelled, report))
        except UserError as error:
            if not cancelled.is_set():
                self._tell(str(error))


def _measured(media: Path, cancelled: Event, report: Callable[[Any], None]) -> Any:
    cache, measure = lazy.peaks()
    return cache.PeakCache(cache.cache_directory()).load_or_measure(
        media,
        lambda film, track: measure.measure_peaks(film, track, cancelled=cancelled.is_set, report=report),
    )
