"""What is drawn on the picture besides the cues."""

from __future__ import annotations

from vtt_desktop.ui.commands import Command
from vtt_desktop.ui.player.video_pane import VideoPane


def picture_commands(video: VideoPane) -> list[Command]:
    return [
        Command(
            "safe-areas",
            "Safe areas",
            video.toggle_safe_areas,
            ("View",),
            checked=lambda: video.safe_areas,
            section=2,
            tip="Frames on the picture for action and graphics",
        )
    ]
