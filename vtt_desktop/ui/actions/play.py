"""Playing, stepping, and what the timeline shows."""

from __future__ import annotations

from collections.abc import Callable

from vtt_desktop.ui.actions.reasons import needs_cue
from vtt_desktop.ui.commands import Command
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

_MENU = ("Play",)


class PlayActions:
    """Without a film a clock plays, so that all of this works on text alone."""

    def __init__(self, current: Callable[[], Session], selection: Selection, player: Player) -> None:
        self._current, self._selection, self._player = current, selection, player

    def commands(self) -> list[Command]:
        one = needs_cue(self._current, self._selection)
        step = self._player.step
        return [
            Command(
                "play", "Play or pause", self._player.toggle, _MENU, ("Ctrl+Space",), ("Space",), icon="play"
            ),
            Command(
                "play-cue",
                "Play the current cue",
                self.play_current,
                _MENU,
                ("F5",),
                icon="play-cue",
                disabled_reason=one,
            ),
            Command(
                "seek-cue",
                "Go to the start of the cue",
                self.seek_current,
                _MENU,
                ("Shift+F5",),
                disabled_reason=one,
            ),
            Command(
                "frame-back",
                "One frame back",
                lambda: step(-1),
                _MENU,
                (),
                (",",),
                icon="frame-back",
                section=1,
            ),
            Command(
                "frame-forward",
                "One frame forward",
                lambda: step(1),
                _MENU,
                (),
                (".",),
                icon="frame-forward",
                section=1,
            ),
        ]

    def play_current(self) -> None:
        self.play_cue(self._selection.current or 0)

    def play_cue(self, cue_id: int) -> None:
        """From its in-time to its out-time."""
        cue = self._current().document.snapshot.cues.get(cue_id)
        if cue is not None:
            self._player.play_range(cue.start, cue.end)

    def seek_current(self) -> None:
        cue = self._current().document.snapshot.cues.get(self._selection.current or 0)
        if cue is not None:
            self._player.seek(cue.start)
