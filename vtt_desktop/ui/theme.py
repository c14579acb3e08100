"""What everything looks like: two sets of colours, one accent, one unit of spacing, one style sheet."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette

from vtt_desktop.resources import resource
from vtt_desktop.sync.phase import Phase

UNIT: Final = 4
"""Spacing is a multiple of this many pixels."""
TOOL_SIDE: Final = 20
"""px of the icons on the toolbar."""

FONT_PX: Final = 13
FAMILIES: Final = ("Noto Sans", "Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans")


class Theme(NamedTuple):  # not a dataclass: that takes the start 4 ms for so many fields
    """Colours by what they are for. Text on `window`, `base` and `raised` meets WCAG AA (4.5 : 1)."""

    name: str
    dark: bool
    window: QColor
    base: QColor
    raised: QColor
    text: QColor
    muted: QColor
    border: QColor
    hover: QColor
    selection: QColor
    selection_text: QColor
    accent: QColor
    accent_text: QColor
    ok: QColor
    warn: QColor
    bad: QColor
    info: QColor
    wave: QColor
    wave_selected: QColor
    cue_block: QColor
    cue_block_selected: QColor
    cue_text: QColor
    playhead: QColor
    shot: QColor


_DARK: Final = {
    "window": "#1d2125",
    "base": "#16191c",
    "raised": "#262b30",
    "text": "#e4e8eb",
    "muted": "#9ba6af",
    "border": "#363d44",
    "hover": "#2f363c",
    "selection": "#1e4b57",
    "selection_text": "#f2fbfd",
    "accent": "#4fb8c9",
    "accent_text": "#08191c",
    "ok": "#6fc48b",
    "warn": "#e6b65a",
    "bad": "#f4877f",
    "info": "#82b4f0",
    "wave": "#47606a",
    "wave_selected": "#5cb6c6",
    "cue_block": "#2b424b",
    "cue_block_selected": "#1f6472",
    "cue_text": "#e9f2f4",
    "playhead": "#ff7a66",
    "shot": "#b797e6",
}
_LIGHT: Final = {
    "window": "#f2f4f5",
    "base": "#ffffff",
    "raised": "#fafbfb",
    "text": "#1c2429",
    "muted": "#56626b",
    "border": "#d0d7db",
    "hover": "#e3e9ec",
    "selection": "#cbe7ec",
    "selection_text": "#0b2a30",
    "accent": "#0b7285",
    "accent_text": "#ffffff",
    "ok": "#1c7439",
    "warn": "#865700",
    "bad": "#b3261e",
    "info": "#1d5cab",
    "wave": "#9db4bd",
    "wave_selected": "#2d93a6",
    "cue_block": "#d9e7eb",
    "cue_block_selected": "#a5d8e1",
    "cue_text": "#12272d",
    "playhead": "#c8321f",
    "shot": "#7a4fc0",
}


def theme(dark: bool) -> Theme:
    """The dark or the light set of colours."""
    colours = {name: QColor(value) for name, value in (_DARK if dark else _LIGHT).items()}
    return Theme(name="dark" if dark else "light", dark=dark, **colours)


def font() -> QFont:
    """The interface's font: 13 px of the first family that the machine has."""
    found = QFont()
    found.setFamilies(list(FAMILIES))
    found.setPixelSize(FONT_PX)
    return found


def digits_font(size_px: int = FONT_PX) -> QFont:
    """For times and counts: digits of one width, so that a column does not dance."""
    found = font()
    found.setPixelSize(size_px)
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


def phase_color(t: Theme, phase: Phase) -> QColor:
    """The colour of a sync badge. Its shape says the same, so that nobody depends on the colour."""
    return {
        Phase.LOCAL: t.muted,
        Phase.SYNCED: t.muted,
        Phase.DIRTY: t.accent,
        Phase.SENDING: t.accent,
        Phase.UNKNOWN: t.warn,
        Phase.CONFLICT: t.warn,
        Phase.GONE: t.bad,
        Phase.REFUSED: t.bad,
        Phase.READ_ONLY: t.warn,
    }[phase]


def palette(t: Theme) -> QPalette:
    """For the Fusion style: what the style sheet does not say."""
    p = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, t.window),
        (role.WindowText, t.text),
        (role.Base, t.base),
        (role.AlternateBase, t.raised),
        (role.Text, t.text),
        (role.Button, t.raised),
        (role.ButtonText, t.text),
        (role.BrightText, t.bad),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.PlaceholderText, t.muted),
        (role.Highlight, t.selection),
        (role.HighlightedText, t.selection_text),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.Light, t.hover),
        (role.Midlight, t.raised),
        (role.Mid, t.border),
        (role.Dark, t.border),
        (role.Shadow, t.border),
        (role.Accent, t.accent),
    ):
        p.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        p.setColor(QPalette.ColorGroup.Disabled, which, mixed(t.muted, t.window, 0.6))
    return p


def mixed(a: QColor, b: QColor, share: float) -> QColor:
    """`share` of `a` over the rest of `b`."""
    return QColor.fromRgbF(
        a.redF() * share + b.redF() * (1 - share),
        a.greenF() * share + b.greenF() * (1 - share),
        a.blueF() * share + b.blueF() * (1 - share),
    )


def contrast(a: QColor, b: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 … 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def stylesheet(t: Theme) -> str:
    """The one style sheet, for the application; widgets set object names and properties, never sheets."""
    names = {name: getattr(t, name).name() for name in _DARK}
    names["disabled"] = mixed(t.muted, t.window, 0.6).name()
    names["bad_tint"] = mixed(t.bad, t.window, 0.16).name()
    names["warn_tint"] = mixed(t.warn, t.window, 0.16).name()
    names["accent_hover"] = mixed(t.accent, t.text, 0.85).name()
    for drawn in ("check", "down", "up"):
        names[drawn] = resource("style", f"{drawn}-{t.name}.svg").as_posix()
    sheet = resource("style", "window.qss").read_text("utf-8")
    return re.sub(r"@(\w+)", lambda found: names[found[1]], sheet)
