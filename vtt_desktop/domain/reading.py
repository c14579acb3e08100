"""What of a cue's text is read, and how fast: characters and characters a second (CPS)."""

from __future__ import annotations

import html
import re
import unicodedata

OVERRIDE = re.compile(r"\{\\[^{}]*\}")
"""A styling override of SubRip and ASS, such as `{\\pos(1,2)}`. WebVTT has none: a player shows it as it is,
and nobody reads it."""
_TAG = re.compile(r"<[^>]*>")


def without_overrides(text: str) -> str:
    """The text without styling overrides, as a format must have it that would show them."""
    return OVERRIDE.sub("", text) if "{\\" in text else text


def spoken_text(text: str) -> str:
    """The text as read: tags and overrides out, character references decoded, line ends kept."""
    text = without_overrides(text)
    return html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text


def count_characters(text: str) -> int:
    """Characters that are read: no tags, overrides and line ends; a combining mark belongs to its letter."""
    shown = spoken_text(text)
    if shown.isascii():
        return len(shown) - shown.count("\n") - shown.count("\r")
    return sum(1 for c in shown if c not in "\r\n" and unicodedata.category(c) not in ("Mn", "Me", "Cf"))


def characters_per_second(text: str, duration_ms: int) -> float:
    """CPS of a cue's text over its duration; infinite where the duration is nought or less."""
    count = count_characters(text)
    if duration_ms <= 0:
        return float("inf") if count else 0.0
    return count * 1000 / duration_ms
