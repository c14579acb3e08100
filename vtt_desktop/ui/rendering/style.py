"""The computed style of a part of a cue (WebVTT 8.2.1, CSS 2.2), and what elements inside take over.

Lengths are in the units of the reference picture, see `REFERENCE_HEIGHT`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from vtt_desktop.ui.rendering.colours import CLEAR, WHITE, Rgba

REFERENCE_HEIGHT = 720.0
"""Cues are laid out on a picture of this height and painted to scale: a small pane breaks lines as a large
screen does, and a `px` of a style sheet is one of a video 720 pixels high."""
FONT_SIZE = 0.05 * REFERENCE_HEIGHT
"""WebVTT 7.4: 5vh."""

COMBINE_ALL = -1
"""`text-combine-upright: all`; a positive number combines that many digits at the most, 0 none."""


class Shadow(NamedTuple):
    """One `text-shadow`; no colour means that of the text."""

    x: float
    y: float
    blur: float
    colour: Rgba | None


class Decoration(NamedTuple):
    """A line along words as the element that asked for it has it: its colour and size, whatever is inside
    (CSS Text Decoration 3, 2). No thickness means that of the font."""

    line: str
    colour: Rgba
    size: float
    shape: str = "solid"
    thickness: float | None = None


class Outline(NamedTuple):
    """The outline of an element; no colour means that of the text (CSS UI 4, 3)."""

    shape: str = "none"
    width: float = 3.0
    colour: Rgba | None = None
    offset: float = 0.0


NO_OUTLINE = Outline()


@dataclass(frozen=True, slots=True)
class Style:
    """What a run of text looks like. `background`, `outline`, `opacity` and what begins with `line_` are of
    the element alone, all else is inherited."""

    colour: Rgba = WHITE
    background: Rgba = CLEAR
    families: tuple[str, ...] = ("sans-serif",)
    size: float = FONT_SIZE
    weight: int = 400
    italic: bool = False
    stretch: int = 100
    """Percent of the font's own width."""
    small_caps: bool = False
    leading: float | None = None
    """`line-height` as a multiple of the size; None is `normal`, or what `leading_fixed` says."""
    leading_fixed: float | None = None
    """`line-height` as a length, which elements inside take over as it is."""
    line_names: frozenset[str] = frozenset()
    """What `text-decoration-line` asks for."""
    line_colour: Rgba | None = None
    line_shape: str = "solid"
    line_thickness: float | None = None
    around: tuple[Decoration, ...] = ()
    """The lines of the elements around: no element can take theirs away."""
    shadows: tuple[Shadow, ...] = ()
    outline: Outline = NO_OUTLINE
    opacity: float = 1.0
    veils: tuple[float, ...] = ()
    """The opacities of the translucent elements around, outermost first."""
    visible: bool = True
    white_space: str = "pre-line"
    ruby_under: bool = False
    combine: int = 0
    """How letters stand together across a vertical line: `COMBINE_ALL`, or so many digits."""

    @property
    def decorations(self) -> tuple[Decoration, ...]:
        """All lines along its words, those of the elements around first."""
        ink = self.line_colour or self.colour
        own = (
            Decoration(name, ink, self.size, self.line_shape, self.line_thickness)
            for name in ("underline", "overline", "line-through")
            if name in self.line_names
        )
        return (*self.around, *own)

    @property
    def path(self) -> tuple[float, ...]:
        """Its place among what is translucent: what has the same path is painted as one."""
        return (*self.veils, self.opacity) if self.opacity < 1 else self.veils

    @property
    def line_height(self) -> float | None:
        """The height of a line of it; None where the font says."""
        return self.leading_fixed if self.leading is None else self.leading * self.size

    def child(self) -> Style:
        """What an element inside starts with."""
        if (
            self.background is CLEAR
            and self.outline is NO_OUTLINE
            and self.opacity == 1
            and not self.line_names
        ):
            return self
        return replace(
            self,
            background=CLEAR,
            outline=NO_OUTLINE,
            opacity=1.0,
            veils=self.path,
            line_names=frozenset(),
            line_colour=None,
            line_shape="solid",
            line_thickness=None,
            around=self.decorations,
        )

    def inked(self, ink: Rgba) -> Style:
        """With words and their lines all in one colour: a shadow."""
        lines = tuple(line._replace(colour=ink) for line in self.decorations)
        return replace(self, colour=ink, around=lines, line_names=frozenset(), shadows=())

    def unseen(self) -> Style:
        """Taking its room without a mark."""
        clear = self.colour.faded(0)
        return replace(self, colour=clear, around=(), line_names=frozenset(), shadows=())
