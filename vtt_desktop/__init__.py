"""VTT Desktop: a subtitle editor that works offline and never silently overwrites a colleague."""

__version__ = "0.1.0"
