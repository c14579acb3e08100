"""The main job on a real server, a real film and real processes: to be played with, or as a checked story."""

from vtt_desktop.app.demo.show import run_demo

__all__ = ["run_demo"]
